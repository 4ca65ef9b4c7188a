import { bindRoom, type RoomBinding } from '@roomful/server'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { docSnippet, runDocProgram } from '../support/doc-program.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { waitFor } from '../support/wait.ts'
import { isSameDoc, say, wordsOf, YRedisHouse } from '../support/y-redis-house.ts'

const suite = redisSuite({ shared: true })

interface Bound {
  readonly doc: Y.Doc
  readonly binding: RoomBinding
  readonly errors: Error[]
}

async function bind(house: YRedisHouse, port = suite.redis.port, doc = new Y.Doc()): Promise<Bound> {
  const errors: Error[] = []
  const binding = bindRoom('lobby', doc, {
    url: `redis://127.0.0.1:${port}`,
    prefix: house.prefix,
    onError: (error) => errors.push(error),
  })
  suite.after(() => binding.destroy())
  await binding.synced
  return { doc, binding, errors }
}

test('a process edits a room with bindRoom, and browsers see it; its own undo takes back nothing of theirs', async () => {
  const house = new YRedisHouse(suite)
  const server = await house.serve()
  const ada = await house.join(server)
  say(ada.doc, 'ada')
  const { doc, binding } = await bind(house)
  await waitFor('the process to hold what was there', () => wordsOf(doc).length === 1)
  const undo = new Y.UndoManager(doc.getArray('words'), { captureTimeout: 0 })
  const origins: unknown[] = []
  doc.on('afterTransaction', ({ origin, local }: Y.Transaction) => origins.push(local ? 'local' : origin))
  say(ada.doc, 'hers')
  await waitFor('the process to hear it', () => wordsOf(doc).length === 2)
  expect(new Set(origins)).toEqual(new Set([binding]))
  expect(undo.undoStack).toHaveLength(0)
  say(doc, 'its own')
  await waitFor('ada to hear it', () => wordsOf(ada.doc).length === 3)
  undo.undo()
  await waitFor('all to be as before', () => wordsOf(ada.doc).join() === 'ada,hers')
})

test('what observers write while something comes in is sent', async () => {
  const house = new YRedisHouse(suite)
  const ada = await house.join(await house.serve())
  const { doc } = await bind(house)
  doc.getArray('words').observe(({ transaction }) => {
    if (!transaction.local) doc.getMap('answers').set(String(doc.getArray('words').length), 'heard')
  })
  say(ada.doc, 'ada')
  await waitFor('ada to get the answer', () => ada.doc.getMap('answers').get('1') === 'heard')
  say(doc, 'and on')
  await waitFor('what builds on it to come too', () => isSameDoc(doc, ada.doc))
})

test('a document that was written before it was bound is sent, and a farewell waits for the last word', async () => {
  const house = new YRedisHouse(suite)
  const ada = await house.join(await house.serve())
  const doc = new Y.Doc()
  say(doc, 'early')
  const { binding } = await bind(house, suite.redis.port, doc)
  say(doc, 'the last word')
  await binding.destroy()
  expect(await house.listed()).toBeGreaterThanOrEqual(2)
  await waitFor('ada to hold it', () => wordsOf(ada.doc).length === 2)
  say(doc, 'said to nobody')
  await binding.destroy()
  expect(wordsOf(ada.doc)).toEqual(['early', 'the last word'])
})

test('a lost connection is made good on its return, also where the list is another by then', async () => {
  const house = new YRedisHouse(suite)
  const proxy = await FaultProxy.start(suite.redis.port)
  suite.after(() => proxy.close())
  const here = await bind(house, proxy.port)
  const there = await bind(house)
  say(here.doc, 'one')
  await waitFor('the other to hear it', () => wordsOf(there.doc).length === 1)
  proxy.refuse(true)
  proxy.cut()
  say(here.doc, 'while it was away')
  // Redis has lost everything: what was pushed long ago has to be pushed again
  await suite.redis.admin.del(house.list)
  proxy.refuse(false)
  await here.binding.settled()
  await waitFor('the list to hold it all', () => house.listGives(here.doc))
  await waitFor('the other to hear it', () => isSameDoc(here.doc, there.doc))
})

test('an entry that Yjs cannot apply ends nothing', async () => {
  const house = new YRedisHouse(suite)
  await suite.redis.admin.rpush(house.list, Buffer.from([1, 1, 7, 0, 99, 1, 2]))
  const { doc, errors } = await bind(house)
  expect(errors).toHaveLength(1)
  const stranger = new Y.Doc()
  say(stranger, 'on')
  const length = await suite.redis.admin.rpush(house.list, Buffer.from(Y.encodeStateAsUpdate(stranger)))
  await suite.redis.admin.publish(house.name, String(length))
  await waitFor('it to go on', () => wordsOf(doc).includes('on'))
})

test('the process of the README edits a room, word for word', async () => {
  const house = new YRedisHouse(suite, 'roomful:')
  await suite.redis.admin.flushall()
  const ada = await house.join(await house.serve())
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const program = runDocProgram(
    docSnippet(readme, 'bindRoom').replace('redis://127.0.0.1:6379', suite.redis.url),
  )
  suite.after(() => program.stop())
  await waitFor(`its words; it printed: ${program.output()}`, () =>
    ada.doc.getText('note').toJSON().includes('Hello from a process. '),
  )
})

test('what is no room name is refused', () => {
  expect(() => bindRoom('a/b', new Y.Doc())).toThrow(RangeError)
})
