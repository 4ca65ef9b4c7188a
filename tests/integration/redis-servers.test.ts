import { createServer } from 'node:net'
import { createRedisLog, type LogError } from '@roomful/server'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { runServer, startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()
const startRedis = suite.start

async function serve(redis: RedisServer, env: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess({ env: { REDIS_URL: redis.url, ...env } })
  suite.after(() => server.kill('SIGKILL'))
  return server
}

async function join(server: ServerProcess): Promise<StockClient> {
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  return client
}

const words = (client: StockClient): string[] => client.doc.getArray<string>('words').toArray()

const isSame = (a: StockClient, b: StockClient): boolean =>
  Buffer.from(Y.encodeStateAsUpdate(a.doc)).equals(Buffer.from(Y.encodeStateAsUpdate(b.doc)))

describe('two servers on one Redis', () => {
  test('[I1] [I2] clients of either converge, and kill -9 of one loses nothing acknowledged', async () => {
    const redis = await startRedis({ appendfsync: 'everysec' })
    const [left, right] = await Promise.all([serve(redis), serve(redis)])
    expect(await (await fetch(`${left.url}/readyz`)).json()).toMatchObject({
      ready: true,
      storage: { kind: 'redis', state: 'ok' },
      redis: 'on',
      durability: 'redis-everysec',
    })
    const [ada, bob] = await Promise.all([join(left), join(right)])
    for (let index = 0; index < 50; index += 1) {
      ada.doc.getArray('words').push([`ada ${index}`])
      bob.doc.getArray('words').insert(0, [`bob ${index}`])
    }
    await Promise.all([acknowledged(ada), acknowledged(bob)])
    await waitFor('both to hold both', () => words(ada).length === 100 && words(bob).length === 100)
    expect(isSame(ada, bob)).toBe(true)

    ada.doc.getArray('words').push(['the last word'])
    await acknowledged(ada)
    await left.kill('SIGKILL')
    // the only copy that counts is the one in Redis
    ada.destroy()
    bob.destroy()
    const newcomer = await join(right)
    expect(words(newcomer)).toContain('the last word')
    expect(words(newcomer)).toHaveLength(101)
    const stranger = await join(await serve(redis))
    expect(words(stranger)).toEqual(words(newcomer))
  })
})

test('[I2] two servers that were given one INSTANCE_ID hear each other all the same', async () => {
  const redis = await startRedis()
  const same = { INSTANCE_ID: 'web-1' }
  const [left, right] = await Promise.all([serve(redis, same), serve(redis, same)])
  const [ada, bob] = await Promise.all([join(left), join(right)])
  ada.doc.getArray('words').push(['ada'])
  bob.doc.getArray('words').push(['bob'])
  await waitFor('both to hold both', () => words(ada).length === 2 && isSame(ada, bob))
})

describe('a start that cannot be', () => {
  const endOf = async (redis: RedisServer, url = redis.url): Promise<string> => {
    const ended = await runServer({ env: { REDIS_URL: url } })
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe('')
    const line = ended.stderr
      .split('\n')
      .filter((text) => text !== '' && !text.startsWith('{'))
      .join('\n')
    expect(line).not.toContain('\n')
    expect(line).not.toContain('secret')
    return line
  }

  test('a wrong password says so in one line, without the password', async () => {
    const redis = await startRedis({ args: ['--requirepass', 'right'] })
    expect(await endOf(redis, redis.url.replace('//', '//:secret@'))).toMatch(
      /^Cannot start: Redis at 127\.0\.0\.1:\d+ does not let us in \(WRONGPASS.*correct user and password in REDIS_URL/,
    )
  })

  test('a Redis in protected mode says so in one line, and what to do', async () => {
    // whoever asks from this machine is let in: this is what it tells everybody else, and hangs up
    const denied = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(
        '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to Redis you may adopt one of the following solutions: …\r\n',
      )
    })
    await new Promise<void>((resolve) => denied.listen(0, '127.0.0.1', resolve))
    const address = denied.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const ended = await runServer({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } })
    denied.close()
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(
      /^Cannot start: Redis at 127\.0\.0\.1:\d+ is in protected mode and lets nobody in from another machine: give it a password \(requirepass\) and put that into REDIS_URL, or start it with --protected-mode no/m,
    )
  })

  test('a Redis that throws keys away is refused in one line', async () => {
    const redis = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] })
    expect(await endOf(redis)).toMatch(
      /^Cannot start: .*maxmemory-policy allkeys-lru.*noeviction, or REDIS_ALLOW_EVICTION=yes$/,
    )
    const log = await createRedisLog({ url: redis.url, allowEviction: true })
    await log.close()
  })

  test('a node of a cluster is refused in one line', async () => {
    const redis = await startRedis({ args: ['--cluster-enabled', 'yes'] })
    expect(await endOf(redis)).toMatch(
      /^Cannot start: Redis at 127\.0\.0\.1:\d+ is a node of a cluster: give REDIS_URL as redis\+cluster:\/\/host:port \(TLS: rediss\+cluster:\/\/\)$/,
    )
  })

  test('a Sentinel is refused in one line', async () => {
    const sentinel = await startRedis({ sentinel: [] })
    expect(await endOf(sentinel)).toMatch(
      /^Cannot start: Redis at 127\.0\.0\.1:\d+ is a Sentinel: give REDIS_URL as redis\+sentinel:\/\/host:port,host:port\/name$/,
    )
  })

  test('a newer format is refused in one line', async () => {
    const redis = await startRedis()
    await redis.admin.set('roomful:format', '2')
    expect(await endOf(redis)).toMatch(/^Cannot start: .*format 2, this version knows up to 1/)
  })

  test('a Redis that is away is waited for, then named', async () => {
    const redis = await startRedis()
    await redis.kill()
    let hasWarned = false
    const opened = createRedisLog({ url: redis.url, startMs: 500, onWaiting: () => (hasWarned = true) })
    await expect(opened).rejects.toMatchObject({
      code: 'unavailable' satisfies LogError['code'],
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is not there \(.*REFUSED.*REDIS_URL$/),
    })
    expect(hasWarned).toBe(true)
  })
})

describe('what an acknowledgement means', () => {
  test.each([
    { options: { appendfsync: 'always' }, durability: 'redis-always' },
    { options: { appendfsync: 'everysec' }, durability: 'redis-everysec' },
    { options: {}, durability: 'redis-none' },
  ] as const)('$durability', async ({ options, durability }) => {
    const redis = await startRedis(options)
    const log = await createRedisLog({ url: redis.url })
    expect(log.durability).toBe(durability)
    await log.close()
  })

  test('where CONFIG is refused it is unknown, and no error', async () => {
    const redis = await startRedis({ appendfsync: 'always' })
    await redis.admin.acl('SETUSER', 'default', '-config')
    const log = await createRedisLog({ url: redis.url })
    expect(log.durability).toBe('redis-unknown')
    await log.close()
  })
})
