import { afterEach, beforeEach, expect, test } from 'vitest'
import { acknowledged } from '../support/acknowledged.ts'
import { Random } from '../support/random.ts'
import { Person } from '../support/redis-faults/person.ts'
import { findRedis, REDIS_MISSING, RedisServer } from '../support/redis-server.ts'
import { startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { idleFor, waitFor } from '../support/wait.ts'

const SEED = Number(process.env['ROOMFUL_SEED'] ?? Date.now() % 1_000_000)
const KILLS = 6
/** A room is compacted once its tail has grown by 256 KiB: so many pages are more. */
const PAGES = 40
const PAGE_BYTES = 10_000
/** A compaction of this room takes a few dozen milliseconds. */
const KILL_WITHIN_MS = 120
/** Redis thinks that this has passed where a test says so. */
const MINUTE_S = 61

const cleanups: (() => unknown)[] = []
beforeEach(({ skip }) => skip(findRedis() === undefined, REDIS_MISSING))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startRedis(): Promise<RedisServer> {
  const redis = await RedisServer.start({ appendfsync: 'everysec' })
  cleanups.push(() => redis.stop())
  return redis
}

async function serve(redis: RedisServer): Promise<ServerProcess> {
  const server = await startServerProcess({ env: { REDIS_URL: redis.url } })
  // one that is stopped hears nothing else
  cleanups.push(() => server.kill('SIGKILL'))
  return server
}

async function enter(server: ServerProcess, name: string): Promise<Person> {
  const person = await Person.enter(server.wsUrl, 'lobby', name)
  cleanups.push(() => person.leave())
  return person
}

const key = (part: string): string => `{roomful:lobby:updates}:${part}`

async function snapshotOf(redis: RedisServer): Promise<number> {
  return Number(await redis.admin.hget(key('meta'), 'u'))
}

/** Fills a page anew again and again: much to store, little that stays. */
function fillPages(person: Person, random: Random, onStored: (word: string) => void): void {
  const page = person.doc.getText('page')
  for (let count = 0; count < PAGES; count += 1) {
    person.doc.transact(() => {
      page.delete(0, page.length)
      page.insert(0, String(random.int(10)).repeat(PAGE_BYTES))
    })
    person.write(random)
    const word = person.typed.at(-1) ?? ''
    acknowledged(person).then(
      () => onStored(word),
      // its instance died first: nothing was promised
      () => undefined,
    )
  }
}

test(`[I1] [I2] [I8] kill -9 of an instance at ${KILLS} moments at which two of them compact loses nothing acknowledged`, async () => {
  process.stderr.write(`killed compactions: seed ${SEED}\n`)
  const random = new Random(SEED)
  const redis = await startRedis()
  const bob = await enter(await serve(redis), 'bob')
  const stored = new Set<string>()
  const snapshots = new Set<number>()
  for (let round = 0; round < KILLS; round += 1) {
    const victim = await serve(redis)
    const ada = await enter(victim, `ada${round}`)
    await waitFor('a newcomer to hold everything', () => ada.content === bob.content)
    fillPages(ada, random, (word) => stored.add(word))
    // it has all of it and begins to compact, as the other one does
    await waitFor('some of it to be stored', () => stored.size > round * PAGES)
    await idleFor(random.int(KILL_WITHIN_MS))
    await victim.kill('SIGKILL')
    const owed = [...stored]
    await waitFor('what was acknowledged to be there', () => {
      const found = new Set(bob.words)
      return owed.every((word) => found.has(word))
    })
    ada.leave()
    snapshots.add(await snapshotOf(redis))
  }
  const newcomer = await enter(await serve(redis), 'newcomer')
  await waitFor('a newcomer to hold the same', () => newcomer.content === bob.content)
  expect(snapshots.size, 'snapshots seen').toBeGreaterThan(1)
})

test('[I2] [I4] an instance that was stopped behind a trim reads the snapshot and goes on, and its people are back', async () => {
  process.stderr.write(`stopped behind a trim: seed ${SEED}\n`)
  const random = new Random(SEED)
  const redis = await startRedis()
  const [left, right] = await Promise.all([serve(redis), serve(redis)])
  const [bob, ada] = [await enter(left, 'bob'), await enter(right, 'ada')]
  await waitFor('them to see each other', () => bob.others.length === 1 && ada.others.length === 1)
  ada.write(random)
  await waitFor('bob to hold it', () => bob.words.length === 1)

  const readByAda = Number(await redis.admin.hget(key('meta'), 'n'))
  right.signal('SIGSTOP')
  fillPages(bob, random, () => undefined)
  await acknowledged(bob)
  await waitFor('the compaction', async () => (await snapshotOf(redis)) > 1)
  await waitFor(
    'the trim',
    async () => {
      // nothing was heard of anybody for long, nor compacted since; who is alive says so again
      if ((await redis.admin.hexists(key('meta'), 'ct')) === 1)
        await redis.admin.hincrby(key('meta'), 'ct', -MINUTE_S)
      for (const reader of await redis.admin.hkeys(key('readers')))
        await redis.admin.hset(key('readers'), reader, `${await snapshotOf(redis)} 1`)
      await idleFor(500)
      const [first] = await redis.admin.xrange(key('log'), '-', '+', 'COUNT', 1)
      // what the stopped one has read is gone, and more
      return Number(first?.[0].split('-')[0]) > readByAda + 1
    },
    60_000,
  )
  await waitFor('ada to be seen no more', () => bob.others.length === 0, 60_000)
  right.signal('SIGCONT')
  await waitFor('ada to hold the same', () => ada.content === bob.content)
  await waitFor('them to see each other again', () => bob.others.length === 1 && ada.others.length === 1)
  const newcomer = await enter(right, 'newcomer')
  await waitFor('a newcomer there to hold the same', () => newcomer.content === bob.content)
  ada.write(random)
  await waitFor('bob to hold what is written there', () => ada.content === bob.content)
})
