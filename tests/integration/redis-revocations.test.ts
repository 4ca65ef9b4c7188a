import { createJwtAuthorizer, createRedisLog, type CollabServerOptions } from '@roomful/server'
import { CONTRACT_REVOCATIONS, runRevocationLogTests } from '@roomful/server/testing'
import { describe, expect, test } from 'vitest'
import { FaultProxy } from '../support/fault-proxy.ts'
import { openRaw, type RawSocket } from '../support/raw-socket.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { createToken, SECRET } from '../support/tokens.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite({ shared: true })
let prefixes = 0

runRevocationLogTests(
  'redis',
  async () => {
    prefixes += 1
    const options = {
      url: suite.redis.url,
      prefix: `revoked${prefixes}:`,
      maxRevocations: CONTRACT_REVOCATIONS,
    }
    const first = await createRedisLog(options)
    const backends = [first]
    const beside = async () => {
      const next = await createRedisLog(options)
      backends.push(next)
      return next
    }
    return {
      backend: first,
      reopen: async () => {
        await backends.at(-1)?.close()
        return beside()
      },
      beside,
      dispose: async () => {
        await Promise.all(backends.map((backend) => backend.close()))
      },
    }
  },
  { describe, test },
)

/** An instance, and what stands between it and Redis. */
interface Instance {
  readonly local: LocalServer
  readonly proxy: FaultProxy
}

async function serve(redis: RedisServer, options: Partial<CollabServerOptions> = {}): Promise<Instance> {
  const proxy = await FaultProxy.start(redis.port)
  suite.after(() => proxy.close())
  const backend = await createRedisLog({ url: `redis://127.0.0.1:${proxy.port}` })
  const authorize = createJwtAuthorizer({ secret: SECRET })
  const local = await startServer({ backend, authorize, adminToken: 'secret', ...options })
  suite.after(() => local.close())
  return { local, proxy }
}

async function join({ local }: Instance, token: string): Promise<RawSocket> {
  const socket = await openRaw(`${local.wsUrl}/lobby?token=${token}`)
  suite.after(() => socket.ws.terminate())
  return socket
}

async function enter(instance: Instance, token: string): Promise<RawSocket> {
  const socket = await join(instance, token)
  await socket.next('sync-step1')
  return socket
}

async function revoke({ local }: Instance, userId: string): Promise<[status: number, answer: unknown]> {
  const response = await fetch(`${local.url}/api/v1/revoke`, {
    method: 'POST',
    headers: { authorization: 'Bearer secret' },
    body: JSON.stringify({ userId }),
  })
  return [response.status, await response.json()]
}

describe('[W34] [I7] taking access back where several instances share Redis', () => {
  test('reaches the sockets of every instance, and one that starts later refuses the token too', async () => {
    const redis = await suite.start()
    const [first, second] = [await serve(redis), await serve(redis)]
    const token = await createToken({ sub: 'ada' })
    const sockets = [await enter(first, token), await enter(second, token)]
    const bob = await enter(second, await createToken({ sub: 'bob' }))
    const [status, answer] = await revoke(first, 'ada')
    expect([status, answer]).toEqual([200, { asked: 1, closed: 1, changed: 0, kept: 'stored' }])
    for (const socket of sockets) expect(await socket.closing()).toMatchObject({ code: 4401 })
    for (const instance of [first, second, await serve(redis)])
      expect((await (await join(instance, token)).closing()).code).toBe(4401)
    expect(bob.closed).toBeUndefined()
  })

  test('reaches an instance that was cut off from Redis, once it is back', async () => {
    const redis = await suite.start()
    const [first, second] = [await serve(redis), await serve(redis)]
    const token = await createToken({ sub: 'ada' })
    const ada = await enter(second, token)
    second.proxy.cut()
    second.proxy.refuse(true)
    await revoke(first, 'ada')
    expect(ada.closed).toBeUndefined()
    second.proxy.refuse(false)
    expect(await ada.closing()).toMatchObject({ code: 4401 })
  })

  test('is said again once Redis is back, where it was away or has lost everything', async () => {
    const redis = await suite.start()
    const [first, second] = [await serve(redis), await serve(redis)]
    const token = await createToken({ sub: 'ada' })
    const sockets = [await enter(first, token), await enter(second, token)]
    first.proxy.cut()
    first.proxy.refuse(true)
    const [status, answer] = await revoke(first, 'ada')
    expect([status, answer]).toEqual([
      503,
      { error: expect.objectContaining({ code: 'unavailable' }) as unknown },
    ])
    // here it holds at once
    expect(await sockets[0]?.closing()).toMatchObject({ code: 4401 })
    first.proxy.refuse(false)
    expect(await sockets[1]?.closing()).toMatchObject({ code: 4401 })
    await redis.admin.flushall()
    await waitFor('the set', async () => (await redis.admin.zcard('{roomful:revocations}')) === 1)
    expect((await (await join(await serve(redis), token)).closing()).code).toBe(4401)
  })
})

test('an instance that has missed one revocation reads that one, and not all', async () => {
  const redis = await suite.start()
  // the lease is read with the same command: once, at the start
  const log = await createRedisLog({ url: redis.url, presenceLeaseMs: 3_600_000 })
  suite.after(() => log.close())
  const known: (string | undefined)[] = []
  await log.revocations?.open((fresh) => void known.push(...fresh.map(({ userId }) => userId)))
  for (const name of ['ada', 'bob', 'eve'])
    await log.revocations?.add({ room: undefined, userId: name, at: 0 })
  const reads = async (command: string): Promise<number> => {
    const [, calls] =
      new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await redis.admin.info('commandstats')) ?? []
    return Number(calls ?? 0)
  }
  const before = await reads('zrange')
  await redis.admin.zadd('{roomful:revocations}', 2 * Date.now(), '/mallory')
  await waitFor('the poll to find it', () => known.includes('mallory'))
  expect(known).toEqual(['ada', 'bob', 'eve', 'mallory'])
  expect(await reads('zrangebyscore')).toBe(1)
  expect(await reads('zrange')).toBe(before)
})
