import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { Random } from '../support/random.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { seeds } from '../support/seeds.ts'
import type { LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'
import { isSameDoc, say, wordsOf, YRedisHouse } from '../support/y-redis-house.ts'

const suite = redisSuite({ shared: true })

const POISON = Buffer.from([1, 1, 7, 0, 99, 1, 2])
const NO_OP = Buffer.from([0, 0])

async function compact(server: LocalServer): Promise<void> {
  for (const room of server.server.registry.rooms()) await room.compact()
}

test('what browsers write comes to a y-redis process, and what it writes to them, each once in the log', async () => {
  const house = new YRedisHouse(suite)
  const [left, right] = await Promise.all([house.serve(), house.serve()])
  const [ada, bob] = await Promise.all([house.join(left), house.join(right)])
  say(ada.doc, 'ada')
  const process = await house.bind()
  await waitFor('the process to read what was there', () => wordsOf(process.doc).length === 1)
  say(bob.doc, 'bob')
  await waitFor('it to hear what comes', () => wordsOf(process.doc).length === 2)
  for (let index = 0; index < 20; index += 1) say(process.doc, `process ${index}`)
  await waitFor('all to hold it', () => wordsOf(ada.doc).length === 22 && wordsOf(bob.doc).length === 22)
  // both servers have heard each push; one has taken it over, and nobody has mirrored it back
  expect(await house.logged()).toBe(22)
  expect(await house.listed()).toBe(22)
  expect(
    (
      await Promise.all(
        [left, right].map((server) => server.metric('roomful_storage_events_total{what="yredis-imported"}')),
      )
    ).reduce((sum, count) => sum + count, 0),
  ).toBe(20)
  await waitFor(
    'all to be the same',
    () => isSameDoc(ada.doc, process.doc) && isSameDoc(bob.doc, process.doc),
  )
  expect(await house.listGives(ada.doc)).toBe(true)
})

test.each(seeds(1))('two processes and two servers under random edits end equal (seed %i)', async (seed) => {
  const random = new Random(seed)
  const house = new YRedisHouse(suite)
  const servers = await Promise.all([house.serve(), house.serve()])
  const [ada, bob] = await Promise.all(servers.map((server) => house.join(server)))
  const [first, second] = await Promise.all([house.bind(), house.bind()])
  if (ada === undefined || bob === undefined) throw new Error('two clients are joined')
  const docs = [ada.doc, bob.doc, first.doc, second.doc]
  for (let step = 0; step < 200; step += 1) {
    const doc = random.pick(docs) ?? ada.doc
    const text = doc.getText('note')
    const words = doc.getArray<string>('words')
    const place = random.int(text.length + 1)
    if (random.chance(0.3) && text.length > 0) text.delete(random.int(text.length), 1)
    else text.insert(place, String(step))
    if (random.chance(0.4)) words.insert(random.int(words.length + 1), [`${step}`])
    if (random.chance(0.1) && words.length > 0) words.delete(random.int(words.length), 1)
    if (random.chance(0.2)) await new Promise((resolve) => setImmediate(resolve))
    if (random.chance(0.02)) await compact(servers[random.int(2)] ?? servers[0])
  }
  const notes = (): string[] => docs.map((doc) => doc.getText('note').toString())
  await waitFor('all four to be the same', () => docs.every((doc) => isSameDoc(doc, ada.doc)))
  expect(new Set(notes()).size).toBe(1)
  const newcomer = await house.join(servers[0])
  expect(isSameDoc(newcomer.doc, ada.doc)).toBe(true)
  await waitFor('a new process to read the same', () => house.listGives(ada.doc))
})

test('a process that joins a compacted room reads one entry and is live', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve()
  const ada = await house.join(server)
  for (let index = 0; index < 30; index += 1) say(ada.doc, `${index}`)
  await acknowledged(ada)
  expect(await house.listed()).toBeGreaterThan(1)
  await compact(server)
  expect(await house.listed()).toBe(1)
  const process = await house.bind()
  expect(isSameDoc(process.doc, ada.doc)).toBe(true)
  say(process.doc, 'from the process')
  say(ada.doc, 'from ada')
  await waitFor('both to hold both', () => wordsOf(ada.doc).length === 32 && isSameDoc(process.doc, ada.doc))
})

test('compaction while processes write moves no index, loses nothing, and leaves one snapshot and no-ops', async () => {
  const house = new YRedisHouse(suite)
  const [left, right] = await Promise.all([house.serve(), house.serve()])
  const [ada, bob] = await Promise.all([house.join(left), house.join(right)])
  const process = await house.bind()
  let before = 0
  for (let round = 0; round < 5; round += 1) {
    for (let index = 0; index < 10; index += 1) {
      say(process.doc, `process ${round} ${index}`)
      say(ada.doc, `ada ${round} ${index}`)
    }
    const compactions = [compact(left), compact(right)]
    say(process.doc, `while ${round}`)
    await Promise.all(compactions)
    const length = await house.listed()
    expect(length).toBeGreaterThanOrEqual(before)
    before = length
  }
  const total = 5 * 21
  await waitFor('all to hold all', () =>
    [ada, bob, process].every(({ doc }) => wordsOf(doc).length === total && isSameDoc(doc, ada.doc)),
  )
  await compact(left)
  const entries = await suite.redis.admin.lrangeBuffer(house.list, 0, -1)
  expect(entries.length).toBeGreaterThanOrEqual(before)
  expect(entries.filter((entry) => !entry.equals(NO_OP)).length).toBeLessThan(entries.length / 2)
  expect(await house.listGives(ada.doc)).toBe(true)
})

test('a list that was deleted under a process is filled up again, and the process is live', async () => {
  const house = new YRedisHouse(suite)
  const [left, right] = await Promise.all([house.serve(), house.serve()])
  const [ada, bob] = await Promise.all([house.join(left), house.join(right)])
  const process = await house.bind()
  for (let index = 0; index < 10; index += 1) say(ada.doc, `${index}`)
  await waitFor('the process to hold it', () => wordsOf(process.doc).length === 10)
  await suite.redis.admin.del(house.list)
  // without a server it would be deaf from here on: what it is told is less than what it has read
  say(process.doc, 'into the void')
  say(ada.doc, 'behind it')
  await waitFor('everybody to hold everything', () =>
    [ada, bob, process].every(({ doc }) => wordsOf(doc).length === 12 && isSameDoc(doc, ada.doc)),
  )
  say(bob.doc, 'and on')
  await waitFor('the process to go on', () => wordsOf(process.doc).length === 13)
  await waitFor('a new process to read the same', () => house.listGives(ada.doc))
})

test('poison that somebody pushed is emptied in its place, counted, and hurts nobody', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve()
  const ada = await house.join(server)
  say(ada.doc, 'before')
  await acknowledged(ada)
  const length = await suite.redis.admin.rpush(house.list, POISON)
  await suite.redis.admin.publish(house.name, String(length))
  await waitFor('it to be emptied', async () =>
    ((await suite.redis.admin.lindexBuffer(house.list, length - 1)) ?? POISON).equals(NO_OP),
  )
  expect(await server.metric('roomful_storage_events_total{what="yredis-quarantined"}')).toBe(1)
  const process = await house.bind()
  say(process.doc, 'after')
  await waitFor('ada to go on', () => wordsOf(ada.doc).join() === 'before,after')
  await compact(server)
  expect(await server.metric('roomful_storage_events_total{what="quarantined-compaction"}')).toBe(0)
  expect(await house.listGives(ada.doc)).toBe(true)
})

test('doorbells that were lost are made good in both directions', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve()
  const ada = await house.join(server)
  const process = await house.bind()
  // pushed without a word
  const silent = new Y.Doc()
  say(silent, 'silent')
  await suite.redis.admin.rpush(house.list, Buffer.from(Y.encodeStateAsUpdate(silent)))
  await waitFor('the poll to find it', () => wordsOf(ada.doc).includes('silent'))
  await waitFor('the process to be rung', () => wordsOf(process.doc).includes('silent'))
})

test('what was pushed without a word is told from what is mirrored behind it', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve('live', true)
  const ada = await house.join(server)
  const silent = new Y.Doc()
  say(silent, 'silent')
  await suite.redis.admin.rpush(house.list, Buffer.from(Y.encodeStateAsUpdate(silent)))
  say(ada.doc, 'ada')
  say(ada.doc, 'again')
  await waitFor('all to hold it', () => wordsOf(ada.doc).length === 3)
  await acknowledged(ada)
  expect(await house.logged()).toBe(3)
  expect(await house.listed()).toBe(3)
  expect(await house.listGives(ada.doc)).toBe(true)
})

test('a deleted room comes back to no process and through none', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve()
  const ada = await house.join(server)
  say(ada.doc, 'the past')
  await acknowledged(ada)
  const process = await house.bind()
  const past = Buffer.from(Y.encodeStateAsUpdate(process.doc))
  const name = [...server.server.registry.rooms()][0]?.name
  if (name === undefined) throw new Error('the room is open')
  await server.server.registry.delete(name)
  ada.destroy()
  const bob = await house.join(server)
  const length = await suite.redis.admin.rpush(house.list, past)
  await suite.redis.admin.publish(house.name, String(length))
  const stranger = new Y.Doc()
  say(stranger, 'the present')
  const next = await suite.redis.admin.rpush(house.list, Buffer.from(Y.encodeStateAsUpdate(stranger)))
  await suite.redis.admin.publish(house.name, String(next))
  await waitFor('the present to come', () => wordsOf(bob.doc).length > 0)
  expect(wordsOf(bob.doc)).toEqual(['the present'])
  // the process that was there all the time is live, whatever it still shows
  await waitFor('it to hear the present', () => wordsOf(process.doc).includes('the present'))
})

test('[I2] a Redis that came back empty is filled again with the list, and processes with y-redis are live', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve()
  const ada = await house.join(server)
  const process = await house.bind()
  for (let index = 0; index < 10; index += 1) say(ada.doc, `${index}`)
  await waitFor('the process to hold it', () => isSameDoc(process.doc, ada.doc))
  const admin = new Redis(suite.redis.url)
  suite.after(() => admin.disconnect())
  await admin.flushall()
  await waitFor('the list to be there again', () => house.listGives(ada.doc))
  say(ada.doc, 'after')
  await waitFor('the process to be live', () => wordsOf(process.doc).includes('after'))
  say(process.doc, 'and back')
  await waitFor('ada to hear it', () => isSameDoc(process.doc, ada.doc))
})
