import { parseRoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { acknowledged } from '../support/acknowledged.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { waitFor } from '../support/wait.ts'
import { isSameDoc, say, wordsOf, YRedisHouse } from '../support/y-redis-house.ts'

const suite = redisSuite({ shared: true })

const POISON = Buffer.from([1, 1, 7, 0, 99, 1, 2])

test('what a process wrote while no server ran is there before the first newcomer is answered', async () => {
  const house = new YRedisHouse(suite)
  const before = await house.serve()
  const ada = await house.join(before)
  say(ada.doc, 'ada')
  await acknowledged(ada)
  ada.destroy()
  await before.close()
  const process = await house.bind()
  // too large to be published whole: who has taken it over has to read it as well
  for (let index = 0; index < 100; index += 1) say(process.doc, `${index} ${'x'.repeat(2_000)}`)
  await waitFor('all of it to be pushed', async () => (await house.listed()) === 101)
  const server = await house.serve()
  const name = parseRoomName('lobby')
  if (name === undefined) throw new Error('it is a room name')
  const room = await server.server.registry.acquire(name)
  // in the turn in which somebody could join it
  const held = new Y.Doc()
  Y.applyUpdate(held, room.encodeDocument())
  expect(wordsOf(held)).toHaveLength(101)
  const bob = await house.join(server)
  expect(wordsOf(bob.doc)).toHaveLength(101)
  expect(await house.logged()).toBe(101)
})

test('a list from before the servers is taken over whole, by one of two', async () => {
  const house = new YRedisHouse(suite)
  const process = await house.bind()
  for (let index = 0; index < 100; index += 1) say(process.doc, `${index}`)
  await waitFor('all of it to be pushed', async () => (await house.listed()) === 100)
  const [left, right] = await Promise.all([house.serve(), house.serve()])
  const [ada, bob] = await Promise.all([house.join(left), house.join(right)])
  expect(wordsOf(ada.doc)).toHaveLength(100)
  expect(isSameDoc(ada.doc, bob.doc)).toBe(true)
  // read by y-redis itself: one entry with everything
  expect(await house.logged()).toBe(1)
  say(bob.doc, 'bob')
  await waitFor('the process to be live', () => wordsOf(process.doc).length === 101)
})

test('a list from before the servers that y-redis itself cannot read is taken over without its poison', async () => {
  const house = new YRedisHouse(suite)
  const process = await house.bind()
  say(process.doc, 'one')
  await waitFor('it to be pushed', async () => (await house.listed()) === 1)
  await process.destroy()
  await suite.redis.admin.rpush(house.list, POISON)
  const second = new Y.Doc()
  say(second, 'two')
  await suite.redis.admin.rpush(house.list, Buffer.from(Y.encodeStateAsUpdate(second)))
  const server = await house.serve()
  const ada = await house.join(server)
  expect(wordsOf(ada.doc).sort()).toEqual(['one', 'two'])
  expect(await server.metric('roomful_storage_events_total{what="yredis-quarantined"}')).toBe(1)
  expect(await server.metric('roomful_storage_events_total{what="yredis-failed"}')).toBeGreaterThan(0)
  const later = await house.bind()
  expect(isSameDoc(later.doc, ada.doc)).toBe(true)
})

test('`off` frees the list, and keeps one that holds what the log lacks', async () => {
  const house = new YRedisHouse(suite)
  const live = await house.serve('live')
  const ada = await house.join(live)
  say(ada.doc, 'ada')
  await acknowledged(ada)
  ada.destroy()
  await live.close()
  const process = await house.bind()
  say(process.doc, 'process')
  await waitFor('it to be pushed', async () => (await house.listed()) === 2)
  const off = await house.serve('off')
  const bob = await house.join(off)
  expect(await house.listed()).toBe(2)
  bob.destroy()
  await off.close()
  const again = await house.serve('live')
  const eve = await house.join(again)
  expect(wordsOf(eve.doc)).toEqual(['ada', 'process'])
  eve.destroy()
  await again.close()
  const last = await house.join(await house.serve('off'))
  expect(await house.listed()).toBe(0)
  say(last.doc, 'on')
  await acknowledged(last)
  expect(await house.listed()).toBe(0)
  expect(wordsOf(last.doc)).toEqual(['ada', 'process', 'on'])
})

test('`auto` mirrors only while a process listens, and brings it all', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve('auto')
  const ada = await house.join(server)
  for (let index = 0; index < 10; index += 1) say(ada.doc, `${index}`)
  await acknowledged(ada)
  expect(await house.listed()).toBe(0)
  const process = await house.bind()
  await waitFor('the process to be brought everything', () => isSameDoc(process.doc, ada.doc))
  say(ada.doc, 'live')
  await waitFor('it to be live', () => wordsOf(process.doc).includes('live'))
  await process.destroy()
  await waitFor('nobody to listen', async () => {
    const [, held] = await suite.redis.admin.pubsub('NUMSUB', house.name)
    return held === 1
  })
  const length = await house.listed()
  say(ada.doc, 'alone')
  await acknowledged(ada)
  expect(await house.listed()).toBe(length)
  const next = await house.bind()
  await waitFor('the next to be brought everything', () => isSameDoc(next.doc, ada.doc))
})
