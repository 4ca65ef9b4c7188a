import { createRedisLog, systemClock, type Clock, type RedisLog, type RedisLogOptions } from '@roomful/server'
import { parseRoomName, type RoomName } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { FaultProxy } from '../support/fault-proxy.ts'
import { LogReader } from '../support/log-reader.ts'
import { copyOf, exchange } from '../support/redis-copy.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite({ shared: true })
let prefixes = 0

/** A prefix that no other test uses. */
function newPrefix(): string {
  prefixes += 1
  return `delivery${prefixes}:`
}

async function connect(options: Partial<RedisLogOptions> = {}): Promise<RedisLog> {
  const log = await createRedisLog({ url: suite.redis.url, ...options })
  suite.after(() => log.close())
  return log
}

function roomNamed(name: string): RoomName {
  const room = parseRoomName(name)
  if (room === undefined) throw new Error(`not a room name: ${name}`)
  return room
}

/** No poll ever comes: what arrives was heard, or looked for at a reconnect. */
const WITHOUT_POLL: Clock = { ...systemClock, after: () => () => undefined }

/** What comes every few seconds comes every moment; nothing is measured by it. */
const HURRIED: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 30, run) }

const LOBBY = roomNamed('lobby')

/** Ids of the connections that are subscribed to something, or of the others that belong to a log. */
async function connections(kind: 'subscriber' | 'commands'): Promise<string[]> {
  const list = String(await suite.redis.admin.client('LIST'))
  return list
    .split('\n')
    .filter((line) => line.includes('name=roomful'))
    .filter((line) => / sub=[1-9]/.test(line) === (kind === 'subscriber'))
    .map((line) => /id=(\d+)/.exec(line)?.[1] ?? '')
}

async function kill(kind: 'subscriber' | 'commands'): Promise<void> {
  for (const id of await connections(kind)) await suite.redis.admin.client('KILL', 'ID', id)
}

function numbered(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

async function converge(left: LogReader, right: LogReader, count: number): Promise<void> {
  await waitFor(
    'both instances to hear everything',
    () => left.texts.length >= count && right.texts.length >= count,
  )
  expect(left.texts).toEqual(right.texts)
  expect(new Set(left.texts).size).toBe(count)
  expect(left.texts).toHaveLength(count)
}

describe('two instances on one Redis', () => {
  test('hear all entries of both, each once, in one order', async () => {
    const prefix = newPrefix()
    const logs = await Promise.all([connect({ prefix }), connect({ prefix })])
    const [left, right] = await Promise.all(logs.map((log) => LogReader.open(log, LOBBY)))
    if (left === undefined || right === undefined) throw new Error('two were opened')
    // in the same turn: both think that they are the first in an empty room
    await Promise.all([left.append(...numbered(200, 'l')), right.append(...numbered(200, 'r'))])
    await Promise.all([left.append(...numbered(200, 'm')), right.append(...numbered(200, 's'))])
    await converge(left, right, 800)
    expect(left.log.head.epoch).toBe(right.log.head.epoch)
    const own = left.texts.filter((text) => text.startsWith('l'))
    expect(own).toEqual(numbered(200, 'l'))
  })

  test('an update too large to be published arrives all the same, in its place', async () => {
    const prefix = newPrefix()
    const left = await LogReader.open(await connect({ prefix }), LOBBY)
    const right = await LogReader.open(await connect({ prefix, clock: WITHOUT_POLL }), LOBBY)
    const large = 'x'.repeat(300_000)
    await left.append('before', large, 'behind')
    await left.append('later')
    await waitFor('the large update', () => right.texts.length === 4)
    expect(right.texts).toEqual(['before', large, 'behind', 'later'])
  })

  test('[I2] a subscriber that is killed again and again misses nothing, with no further write', async () => {
    const prefix = newPrefix()
    const left = await LogReader.open(await connect({ prefix }), LOBBY)
    const right = await LogReader.open(await connect({ prefix, clock: WITHOUT_POLL }), LOBBY)
    for (let round = 0; round < 5; round += 1) {
      const written = left.append(...numbered(20, `${round}-`))
      await kill('subscriber')
      await written
    }
    await converge(left, right, 100)
  })

  test('[I1] appends whose connection is killed are stored once and in order', async () => {
    const prefix = newPrefix()
    const left = await LogReader.open(await connect({ prefix }), LOBBY)
    const right = await LogReader.open(await connect({ prefix }), LOBBY)
    const written: Promise<void>[] = []
    for (let round = 0; round < 10; round += 1) {
      written.push(left.append(...numbered(20, `${round}-`)))
      if (round % 3 === 1) await kill('commands')
    }
    await Promise.all(written)
    await converge(left, right, 200)
    expect(left.texts).toEqual(Array.from({ length: 10 }, (_, round) => numbered(20, `${round}-`)).flat())
  })

  test('[I1] an append whose answer is lost is not stored twice', async () => {
    const prefix = newPrefix()
    const proxy = await FaultProxy.start(suite.redis.port)
    suite.after(() => proxy.close())
    const left = await LogReader.open(
      await connect({ prefix, url: `redis://127.0.0.1:${proxy.port}` }),
      LOBBY,
    )
    const right = await LogReader.open(await connect({ prefix }), LOBBY)
    await left.append('first')
    proxy.stall('toClient', true)
    const second = left.append('second')
    await waitFor('Redis to have it', () => right.texts.length === 2)
    proxy.stall('toClient', false)
    proxy.cut()
    await second
    await left.append('third')
    await converge(left, right, 3)
    expect(await suite.redis.admin.xlen(`{${prefix}lobby:updates}:log`)).toBe(3)
  })

  test('[I2] half-open sockets are noticed, and what was missed is read', async () => {
    const prefix = newPrefix()
    const proxy = await FaultProxy.start(suite.redis.port)
    suite.after(() => proxy.close())
    const left = await LogReader.open(
      await connect({ prefix, url: `redis://127.0.0.1:${proxy.port}` }),
      LOBBY,
    )
    const right = await LogReader.open(await connect({ prefix }), LOBBY)
    await left.append('first')
    proxy.halfOpen()
    const second = left.append('second')
    await right.append('third')
    await second
    await converge(left, right, 3)
  })

  test('[I2] a doorbell that is lost is made up for by the slow poll', async () => {
    const prefix = newPrefix()
    const left = await LogReader.open(await connect({ prefix }), LOBBY)
    const log = await connect({ prefix })
    const right = await LogReader.open(log, LOBBY)
    await left.append('first')
    await waitFor('the first', () => right.texts.length === 1)
    const channel = `{${prefix}lobby:updates}:feed`
    // as the script stores it, at once, but without a word: half of it would be another log
    await suite.redis.admin
      .multi()
      .xadd(`{${prefix}lobby:updates}:log`, '2-0', ...fields('second'))
      .hset(`{${prefix}lobby:updates}:meta`, 'n', '2', 'k', 'elsewhere:1')
      .exec()
    expect((await suite.redis.admin.pubsub('NUMSUB', channel))[1]).toBe(2)
    await converge(left, right, 2)
    expect(log.stats.counts).toMatchObject({ healed: 1, holes: 1, rewinds: 0 })
  })
})

describe('a Redis that refuses', () => {
  const refusals: readonly {
    readonly what: string
    readonly begin: () => Promise<unknown>
    readonly end: () => Promise<unknown>
  }[] = [
    {
      what: 'for want of memory',
      begin: () => suite.redis.admin.config('SET', 'maxmemory', '1'),
      end: () => suite.redis.admin.config('SET', 'maxmemory', '0'),
    },
    {
      what: 'as a replica of somebody else',
      begin: () => suite.redis.admin.replicaof('127.0.0.1', 1),
      end: () => suite.redis.admin.replicaof('NO', 'ONE'),
    },
  ]

  test.each(refusals)(
    '[I9] $what: appends wait and are stored in order once it takes them',
    async ({ begin, end }) => {
      const prefix = newPrefix()
      const told: boolean[] = []
      const log = await connect({ prefix, onHealth: (isHealthy) => told.push(isHealthy) })
      const left = await LogReader.open(log, LOBBY)
      const right = await LogReader.open(await connect({ prefix }), LOBBY)
      await left.append('before')
      await begin()
      try {
        const written = left.append(...numbered(5, 'during '))
        await waitFor('the refusal to be told', () => told.at(-1) === false)
        await end()
        await written
      } finally {
        await end()
      }
      await converge(left, right, 6)
      expect(left.texts).toEqual(['before', ...numbered(5, 'during ')])
      expect(told.at(-1)).toBe(true)
    },
  )
})

test('a log of which nothing waits says that it is well again once Redis takes writes, with no further write', async () => {
  const log = await connect({ prefix: newPrefix(), clock: HURRIED })
  const reader = await LogReader.open(log, LOBBY)
  await reader.append('before')
  await suite.redis.admin.config('SET', 'maxmemory', '1')
  try {
    // it tells how far it has read, which is a write
    await waitFor('the refusal to be noticed', () => !log.isHealthy)
  } finally {
    await suite.redis.admin.config('SET', 'maxmemory', '0')
  }
  await waitFor('it to be well again', () => log.isHealthy)
})

test('[I2] a subscriber that is refused its channels asks again until it has them', async () => {
  const prefix = newPrefix()
  const left = await LogReader.open(await connect({ prefix }), LOBBY)
  const right = await LogReader.open(await connect({ prefix, clock: WITHOUT_POLL }), LOBBY)
  const subscribers = await connections('subscriber')
  await suite.redis.admin.acl('SETUSER', 'default', 'resetchannels')
  try {
    await waitFor('both to be refused', async () => {
      const refusals = String(await suite.redis.admin.acl('LOG'))
      await kill('subscriber')
      return refusals.includes('subscribe') && (await connections('subscriber')).length === 0
    })
  } finally {
    await suite.redis.admin.acl('SETUSER', 'default', 'allchannels')
  }
  await waitFor('both to subscribe', async () => {
    return (await connections('subscriber')).length === subscribers.length
  })
  await left.append('first', 'second')
  await converge(left, right, 2)
})

function fields(text: string): string[] {
  return ['u', text, 'o', 'elsewhere', 'w', '', 't', '1', 'b', '1', 'k', 'elsewhere:1']
}

describe('of two copies of a log that went different ways', () => {
  async function append(redis: RedisServer, prefix: string, ...texts: readonly string[]): Promise<void> {
    const log = await createRedisLog({ url: redis.url, prefix })
    const writer = await LogReader.open(log, LOBBY)
    await writer.append(...texts)
    await log.close()
  }

  test('[I2] the end of a batch is not taken for what follows in the other one', async () => {
    const [redis, other, prefix] = [await suite.start(), await suite.start(), newPrefix()]
    await append(redis, prefix, 'both')
    const reader = await LogReader.open(
      await connect({ url: redis.url, prefix, clock: WITHOUT_POLL, yredis: 'off' }),
      LOBBY,
    )
    await exchange(other, await copyOf(redis))
    await append(redis, prefix, ...numbered(3, 'here '))
    await waitFor('the reader to have what is here', () => reader.texts.length === 4)
    await append(other, prefix, ...numbered(2, 'there '))
    await exchange(redis, await copyOf(other))
    // numbers 4 to 7, of which the reader has read another 4
    await append(redis, prefix, ...numbered(4, 'behind '))
    await waitFor('the reader to see that its log is another one', () => reader.probe.rewinds.length === 1)
    expect(reader.texts).not.toContain('behind 3')
  })

  test('[I2] the same batch, stored in both behind something else, does not make them one', async () => {
    const [redis, other, prefix] = [await suite.start(), await suite.start(), newPrefix()]
    const [readers, writers] = [await FaultProxy.start(redis.port), await FaultProxy.start(redis.port)]
    suite.after(() => readers.close())
    suite.after(() => writers.close())
    const open = async (proxy: FaultProxy): Promise<LogReader> =>
      LogReader.open(await connect({ url: `redis://127.0.0.1:${proxy.port}`, prefix, yredis: 'off' }), LOBBY)
    await append(redis, prefix, 'both')
    const [reader, writer] = [await open(readers), await open(writers)]
    await exchange(other, await copyOf(redis))
    await append(other, prefix, 'there')
    // from here on the writer hears nothing: what it writes is stored, and never answered
    writers.stall('toClient', true)
    await append(redis, prefix, 'here')
    const appended = writer.append('again')
    await waitFor('the reader to have it', () => reader.texts.includes('again'))
    writers.retarget(other.port)
    writers.cut()
    writers.heal()
    await appended
    expect(writer.probe.rewinds).toEqual([])
    readers.retarget(other.port)
    readers.cut()
    await waitFor('the reader to see that its log is another one', () => reader.probe.rewinds.length === 1)
  })
})
