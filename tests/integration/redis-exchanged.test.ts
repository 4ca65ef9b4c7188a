import { createRedisLog, systemClock, type Clock, type RedisLog } from '@roomful/server'
import { parseRoomName, type RoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import { LogReader } from '../support/log-reader.ts'
import { copyOf, exchange } from '../support/redis-copy.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { idleFor, waitFor } from '../support/wait.ts'

const suite = redisSuite()

/** The slow poll, which would find everything some time later, never comes. */
const WITHOUT_POLL: Clock = {
  ...systemClock,
  after: (ms, run) => (ms === 3_000 ? () => undefined : systemClock.after(ms, run)),
}
/** Nothing was written for so long that no room is looked at for it any more. */
const SILENT_MS = 2_500

async function open(url: string): Promise<RedisLog> {
  const log = await createRedisLog({ url, clock: WITHOUT_POLL })
  suite.after(() => log.close())
  return log
}

const roomNamed = (name: string): RoomName => parseRoomName(name) ?? expect.unreachable()

/** How often they have run a command, those of scripts included. */
async function callsOf({ admin }: RedisServer, command: string): Promise<number> {
  const [, calls] =
    new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(await admin.info('commandstats')) ?? []
  return Number(calls ?? 0)
}

test('[I2] an older copy under open connections is noticed though it is a moment old only', async () => {
  const redis = await suite.start()
  const log = await open(redis.url)
  const reader = await LogReader.open(log, roomNamed('lobby'))
  await reader.append('first')
  for (let round = 1; round <= 3; round += 1) {
    const copy = await copyOf(redis)
    await reader.append(`lost ${round}`)
    await exchange(redis, copy)
    await waitFor('that to be noticed', () => reader.probe.rewinds.length === round)
  }
})

test('[I2] an older copy is noticed in rooms in which nobody has written for long', async () => {
  const redis = await suite.start()
  const log = await open(redis.url)
  const [lobby, garden] = [
    await LogReader.open(log, roomNamed('lobby')),
    await LogReader.open(log, roomNamed('garden')),
  ]
  await garden.append('before')
  await lobby.append('before')
  const copy = await copyOf(redis)
  await lobby.append('lost')
  await idleFor(SILENT_MS)
  await exchange(redis, copy)
  await waitFor('that to be noticed', () => lobby.probe.rewinds.length === 1)
  // it has lost nothing
  expect(garden.probe.rewinds).toEqual([])
})

test('[I2] who only reads notices too, although the writer is gone', async () => {
  const redis = await suite.start()
  const [left, right] = [await open(redis.url), await open(redis.url)]
  const reader = await LogReader.open(right, roomNamed('lobby'))
  const copy = await copyOf(redis)
  const writer = await LogReader.open(left, roomNamed('lobby'))
  await writer.append('lost')
  await waitFor('the reader to have it', () => reader.texts.length === 1)
  await left.close()
  await idleFor(SILENT_MS)
  await exchange(redis, copy)
  await waitFor('that to be noticed', () => reader.probe.rewinds.length === 1)
})

test('[I2] what is deleted in Redis is noticed, and many silent rooms cost nothing until then', async () => {
  const redis = await suite.start()
  const log = await open(redis.url)
  const readers: LogReader[] = []
  for (let index = 0; index < 20; index += 1)
    readers.push(await LogReader.open(log, roomNamed(`room-${index}`)))
  for (const reader of readers) await reader.append('here')
  await idleFor(SILENT_MS)

  const [before, startedAt] = [await callsOf(redis, 'evalsha'), performance.now()]
  await idleFor(SILENT_MS)
  const scripts = (await callsOf(redis, 'evalsha')) - before
  // only leases are renewed, each five seconds
  expect(scripts).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 5_000)

  await redis.admin.flushall()
  await waitFor('that to be noticed in all rooms', () =>
    readers.every(({ probe }) => probe.rewinds.length === 1),
  )
})

test('[I2] of a cluster, the rooms of the server are looked at whose data was exchanged', async () => {
  const nodes = await suite.startCluster()
  const log = await open(nodes.url)
  const readers = new Map<RedisServer, LogReader>()
  for (let index = 0; readers.size < nodes.masters.length; index += 1) {
    const holder = await nodes.holderOf(`roomful:room-${index}:updates`)
    if (readers.has(holder)) continue
    const reader = await LogReader.open(log, roomNamed(`room-${index}`))
    await reader.append('here')
    readers.set(holder, reader)
  }
  await idleFor(SILENT_MS)
  let lost = 0
  for (const [server, reader] of readers) {
    await server.admin.flushall()
    await waitFor('that to be noticed', () => reader.probe.rewinds.length === 1)
    lost += 1
    const rewinds = [...readers.values()].map(({ probe }) => probe.rewinds.length)
    expect(rewinds.reduce((sum, count) => sum + count, 0)).toBe(lost)
  }
})
