import { createRedisLog, systemClock, type Clock, type RedisLog } from '@roomful/server'
import type { RoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import { acknowledged } from '../support/acknowledged.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const suite = redisSuite()
const HOUR_MS = 3_600_000
const POLL_MS = 3_000

interface Place {
  readonly url: string
  readonly retentionMs?: number
  readonly clock?: Clock
}

async function serve({ url, ...options }: Place): Promise<LocalServer> {
  const server = await startServer({ backend: await createRedisLog({ url, ...options }) })
  suite.after(() => server.close())
  return server
}

async function join(server: LocalServer): Promise<StockClient> {
  const client = connectStock(server.wsUrl, 'lobby')
  suite.after(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  return client
}

/** Somebody comes and writes, and the room is left. */
async function visit(place: Place): Promise<StockClient> {
  const server = await serve(place)
  const client = await join(server)
  client.doc.getArray('words').push(['words'])
  await acknowledged(client)
  client.provider.disconnect()
  await server.close()
  return client
}

/** A Redis, and what the keys of the room have left there. */
async function start(): Promise<{
  readonly url: string
  readonly admin: RedisServer['admin']
  /** Ms of each key, -1 = for ever. */
  left(): Promise<number[]>
  expectLeft(ms: number): Promise<void>
  /** As if time had passed. */
  setLeft(ms: number): Promise<void>
}> {
  const redis = await suite.start()
  const { admin, url } = redis
  const left = async (): Promise<number[]> => {
    const names = await admin.keys('*lobby:updates*')
    expect(names.length).toBeGreaterThanOrEqual(3)
    return Promise.all(names.map((name) => admin.pttl(name)))
  }
  const expectLeft = async (ms: number): Promise<void> => {
    const all = await left()
    for (const each of all) expect(each).toBeGreaterThan(ms * 0.9)
    // one moment for all of them
    expect(Math.max(...all) - Math.min(...all)).toBeLessThan(1_000)
  }
  const setLeft = async (ms: number): Promise<void> => {
    for (const name of await admin.keys('*lobby:updates*')) await admin.pexpire(name, ms)
  }
  return { url, admin, left, expectLeft, setLeft }
}

const names = async (log: RedisLog): Promise<string[]> => {
  const found: string[] = []
  for await (const { room } of log.rooms()) found.push(room)
  return found
}

test('without a retention nothing ends', async () => {
  const { url, left } = await start()
  await visit({ url })
  expect(new Set(await left())).toEqual(new Set([-1]))
})

test('a room that nobody has open ends, y-redis’s list with it; each visit puts that off', async () => {
  const { url, expectLeft, setLeft } = await start()
  await visit({ url, retentionMs: HOUR_MS })
  await expectLeft(HOUR_MS)
  await setLeft(1_000)
  await visit({ url, retentionMs: HOUR_MS })
  await expectLeft(HOUR_MS)
})

test('a room that is open does not end, however long', async () => {
  const { url, expectLeft, setLeft } = await start()
  const polls: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    after(ms, run) {
      if (ms !== POLL_MS) return systemClock.after(ms, run)
      polls.push(run)
      return () => undefined
    },
  }
  const client = await join(await serve({ url, retentionMs: HOUR_MS, clock }))
  client.doc.getArray('words').push(['words'])
  await acknowledged(client)
  await setLeft(10_000)
  await expect
    .poll(() => {
      polls.pop()?.()
      return expectLeft(HOUR_MS).then(() => true)
    })
    .toBe(true)
})

test('turned off again, a room that is opened is kept', async () => {
  const { url, left } = await start()
  await visit({ url, retentionMs: HOUR_MS })
  await visit({ url })
  expect(new Set(await left())).toEqual(new Set([-1]))
})

test('a room that has ended is not listed, begins empty, and comes back with whoever has a copy', async () => {
  const { url, admin, setLeft } = await start()
  const ada = await visit({ url, retentionMs: HOUR_MS })
  const log = await createRedisLog({ url, retentionMs: HOUR_MS })
  suite.after(() => log.close())
  expect(await names(log)).toEqual(['lobby'])
  await setLeft(1)
  await expect.poll(() => names(log)).toEqual([])
  expect(await admin.zcard('roomful:rooms')).toBe(0)

  const server = await serve({ url, retentionMs: HOUR_MS })
  const bob = await join(server)
  expect(bob.doc.getArray('words').toArray()).toEqual([])
  const again = connectStock(server.wsUrl, 'lobby', { doc: ada.doc })
  suite.after(() => again.destroy())
  await waitFor('the copy to come back', () => bob.doc.getArray('words').length === 1)
  await waitFor('it to be listed', () => names(log).then((found) => found.join() === 'lobby'))
})

test('a room that was deleted stays: its tombstone keeps out what old tabs still hold', async () => {
  const { url, admin } = await start()
  await visit({ url, retentionMs: HOUR_MS })
  const log = await createRedisLog({ url, retentionMs: HOUR_MS })
  suite.after(() => log.close())
  await log.delete('lobby' as RoomName, Uint8Array.of(0))
  expect(await admin.pttl('{roomful:lobby:updates}:meta')).toBe(-1)
  await visit({ url, retentionMs: HOUR_MS })
  expect(await admin.pttl('{roomful:lobby:updates}:meta')).toBe(-1)
})

test('a retention that polls could not put off is refused before anything connects', async () => {
  await expect(createRedisLog({ url: 'redis://127.0.0.1:1', retentionMs: 59_999 })).rejects.toThrow(
    'retentionMs must be at least 60000 (a minute), not 59999',
  )
})
