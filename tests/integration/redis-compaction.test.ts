import { createRedisLog, systemClock, type Clock, type Fence, type RedisLog } from '@roomful/server'
import { parseRoomName, type RoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import { FaultProxy } from '../support/fault-proxy.ts'
import { LogReader } from '../support/log-reader.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite({ shared: true })
let prefix = ''
let prefixes = 0

/** Polls that are minutes apart come every moment; nothing is measured by it. */
const HURRIED: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 30, run) }

const LOBBY = roomNamed('lobby')
const SNAPSHOT = { bytes: new TextEncoder().encode('merged') }

function roomNamed(name: string): RoomName {
  const room = parseRoomName(name)
  if (room === undefined) throw new Error(`not a room name: ${name}`)
  return room
}

async function connect(port = suite.redis.port): Promise<RedisLog> {
  const log = await createRedisLog({ url: `redis://127.0.0.1:${port}`, prefix, clock: HURRIED })
  suite.after(() => log.close())
  return log
}

/** Two instances in one room with ten entries. */
async function startTwo(secondPort?: number): Promise<[LogReader, LogReader]> {
  prefixes += 1
  prefix = `compaction${prefixes}:`
  const left = await LogReader.open(await connect(), LOBBY)
  const right = await LogReader.open(await connect(secondPort), LOBBY)
  await left.append(...Array.from({ length: 10 }, (_, index) => String(index)))
  await waitFor('the other to hear them', () => right.texts.length === 10)
  return [left, right]
}

function fenceOf({ log }: LogReader, upTo: number): Fence {
  const { epoch, generation, upTo: basedOn } = log.head
  return { epoch, generation, basedOn, upTo: String(upTo).padStart(16, '0') }
}

const key = (part: string): string => `{${prefix}lobby:updates}:${part}`

/** Sequence numbers in the stream. */
async function stored(): Promise<number[]> {
  return (await suite.redis.admin.xrange(key('log'), '-', '+')).map(([id]) => Number(id.split('-')[0]))
}

/** The last compaction is a minute old. */
async function letAMinutePass(): Promise<void> {
  await suite.redis.admin.hincrby(key('meta'), 'ct', -61)
}

test('[I8] of two instances that compact at once one wins, and the other knows where to start from', async () => {
  const [left, right] = await startTwo()
  const attempts = await Promise.allSettled([
    left.log.compact(SNAPSHOT, fenceOf(left, 4)),
    right.log.compact(SNAPSHOT, fenceOf(right, 6)),
  ])
  expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(right.log.head.upTo).toBe(left.log.head.upTo)
  await right.log.compact(SNAPSHOT, fenceOf(right, 8))
})

test('[I8] what a snapshot holds stays a minute, then goes, but never the last entry', async () => {
  const [left, right] = await startTwo()
  await left.log.compact(SNAPSHOT, fenceOf(left, 10))
  // both have told how far they are, by the clock of Redis
  await waitFor('both readers', async () => {
    const readers = await suite.redis.admin.hvals(key('readers'))
    return readers.length === 2 && readers.every((text) => text.startsWith('10 '))
  })
  expect(await stored()).toHaveLength(10)
  await letAMinutePass()
  await waitFor('the trim', async () => (await stored()).length < 10)
  expect(await stored()).toEqual([10])
  await left.append('more')
  await waitFor('the other to hear it', () => right.texts.length === 11)
  expect(right.probe.rewinds).toEqual([])
})

test('[I8] nothing is trimmed from under a reader that is behind, until it has shown no sign of life for a minute', async () => {
  const [left] = await startTwo()
  const now = Number((await suite.redis.admin.time())[0])
  await suite.redis.admin.hset(key('readers'), 'behind', `3 ${now}`)
  await left.log.compact(SNAPSHOT, fenceOf(left, 8))
  await letAMinutePass()
  await waitFor('the trim', async () => (await stored()).length < 10)
  expect(await stored()).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
  await suite.redis.admin.hset(key('readers'), 'behind', `3 ${now - 61}`)
  await waitFor('the next trim', async () => (await stored()).length === 2)
  expect(await suite.redis.admin.hexists(key('readers'), 'behind')).toBe(0)
})

test('[I2] an instance that was paused behind a trim reads the snapshot and goes on', async () => {
  const proxy = await FaultProxy.start(suite.redis.port)
  suite.after(() => proxy.close())
  const [left, right] = await startTwo(proxy.port)
  await waitFor('its registration', async () => (await suite.redis.admin.hlen(key('readers'))) === 2)
  proxy.refuse(true)
  proxy.cut()
  await left.append('10', '11', '12')
  await left.log.compact(SNAPSHOT, fenceOf(left, 12))
  await letAMinutePass()
  // nothing was heard of anybody for long; who is alive says so again
  for (const reader of await suite.redis.admin.hkeys(key('readers')))
    await suite.redis.admin.hset(key('readers'), reader, '10 1')
  await waitFor('the trim', async () => (await stored()).length === 1)
  const { epoch } = right.log.head
  proxy.refuse(false)
  await waitFor('it to find out', () => right.probe.rewinds.length === 1)
  const [head] = right.probe.rewinds
  expect(head?.epoch).toBe(epoch)
  expect(head?.snapshot?.bytes).toEqual(Buffer.from(SNAPSHOT.bytes))
  const texts: string[] = []
  for await (const { update } of right.log.read(head?.upTo ?? ''))
    texts.push(new TextDecoder().decode(update))
  expect(texts).toEqual(['12'])
})

test('a snapshot that is damaged is named, not served', async () => {
  const [left] = await startTwo()
  await left.log.compact(SNAPSHOT, fenceOf(left, 8))
  await suite.redis.admin.set(key('snapshot'), 'forged')
  const log = await connect()
  await expect(LogReader.open(log, LOBBY)).rejects.toMatchObject({ code: 'corrupt' })
})
