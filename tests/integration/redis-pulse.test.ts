import { createRedisLog, type RedisLog, type RedisLogOptions } from '@roomful/server'
import { parseRoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import { FaultProxy } from '../support/fault-proxy.ts'
import { LogReader } from '../support/log-reader.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { idleFor, waitFor } from '../support/wait.ts'

const suite = redisSuite()

interface Watched {
  readonly log: RedisLog
  /** Why the log was not well, in turn. */
  readonly troubles: string[]
}

async function connect(port: number, options: Partial<RedisLogOptions> = {}): Promise<Watched> {
  const troubles: string[] = []
  const log = await createRedisLog({
    url: `redis://127.0.0.1:${port}`,
    onHealth: (isHealthy, error) => {
      if (!isHealthy) troubles.push(error?.message ?? '')
    },
    ...options,
  })
  suite.after(() => log.close())
  return { log, troubles }
}

test('[I2] a connection that is silent while another one is answered is replaced before its deadline', async () => {
  const redis = await suite.start()
  const proxy = await FaultProxy.start(redis.port)
  suite.after(() => proxy.close())
  const { log, troubles } = await connect(proxy.port)
  proxy.halfOpen()
  await waitFor('both connections to be new', () => log.stats.counts.reconnects === 2)
  await waitFor('the log to be well', () => log.isHealthy)
  expect(troubles).toEqual(['Redis answers others, and not this connection'])
})

test('a Redis that is slow for everybody is waited for: nobody reconnects', async () => {
  const redis = await suite.start()
  const { log } = await connect(redis.port)
  redis.signal('SIGSTOP')
  // later than the first look at whether others are answered, and less than the deadline
  await idleFor(2_000)
  redis.signal('SIGCONT')
  const reader = await LogReader.open(log, parseRoomName('lobby') ?? expect.unreachable())
  await reader.append('all is well')
  expect(log.stats.counts.reconnects).toBe(0)
})

test('[I2] a Redis that is demoted without a word is left, although nobody writes and no lease is due', async () => {
  const [redis, promoted] = [await suite.start(), await suite.start()]
  const proxy = await FaultProxy.start(redis.port)
  suite.after(() => proxy.close())
  const { log } = await connect(proxy.port, { presenceLeaseMs: 3_600_000 })
  const reader = await LogReader.open(log, parseRoomName('lobby') ?? expect.unreachable())
  proxy.retarget(promoted.port)
  await redis.admin.replicaof('127.0.0.1', promoted.port)
  await waitFor('both connections to be at the other', () => log.stats.counts.reconnects >= 2)
  await reader.append('here')
  expect(await promoted.admin.xlen('{roomful:lobby:updates}:log')).toBe(1)
})
