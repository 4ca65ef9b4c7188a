import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { runDocProgram } from '../support/doc-program.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { waitFor } from '../support/wait.ts'
import { say, wordsOf, YRedisHouse } from '../support/y-redis-house.ts'

// What y-redis 1.0.3 does where no Roomful server runs: docs/y-redis.md says so, and why the servers do what they do.
const suite = redisSuite({ shared: true })

test('alone, a shrunken list makes y-redis 1.0.3 deaf for good', async () => {
  const house = new YRedisHouse(suite)
  const [left, right] = [await house.bind(), await house.bind()]
  for (let index = 0; index < 5; index += 1) say(left.doc, `${index}`)
  await waitFor('the other to hear them', () => wordsOf(right.doc).length === 5)
  await suite.redis.admin.del(house.list)
  say(left.doc, 'unheard')
  await waitFor('it to be pushed', async () => (await house.listed()) === 1)
  const third = await house.bind()
  // a subscriber that came later has heard by now what the other one was told before
  say(left.doc, 'unheard too')
  await waitFor(
    'a newcomer to be told',
    async () => (await house.listed()) === 2 && third.doc.store.pendingStructs !== null,
  )
  expect(wordsOf(right.doc)).toHaveLength(5)
})

test('alone, what observers write while something comes in is never pushed, and what builds on it fits nowhere', async () => {
  const house = new YRedisHouse(suite)
  const [left, right] = [await house.bind(), await house.bind()]
  right.doc.getArray('words').observe(() => {
    if (!right.doc.getMap('seen').has('it')) right.doc.getMap('seen').set('it', true)
  })
  say(left.doc, 'said')
  await waitFor('the observer to have written', () => right.doc.getMap('seen').has('it'))
  say(right.doc, 'answer')
  await waitFor('the answer to have come', () => left.doc.store.pendingStructs !== null)
  expect(wordsOf(left.doc)).toEqual(['said'])
})

test('alone, what comes in has no origin and counts as local', async () => {
  const house = new YRedisHouse(suite)
  const [left, right] = [await house.bind(), await house.bind()]
  const undo = new Y.UndoManager(right.doc.getArray('words'))
  say(left.doc, 'theirs')
  await waitFor('it to come', () => wordsOf(right.doc).length === 1)
  undo.undo()
  // the words of another process are taken back
  await waitFor(
    'it to be gone everywhere',
    () => wordsOf(left.doc).length === 0 || undo.undoStack.length === 0,
  )
  expect(wordsOf(right.doc)).toEqual([])
})

test('alone, a message that was lost stays lost until the next', async () => {
  const house = new YRedisHouse(suite)
  const right = await house.bind()
  const stranger = new Y.Doc()
  say(stranger, 'silent')
  await suite.redis.admin.rpush(house.list, Buffer.from(Y.encodeStateAsUpdate(stranger)))
  const late = await house.bind()
  expect(wordsOf(late.doc)).toEqual(['silent'])
  expect(wordsOf(right.doc)).toEqual([])
})

test('alone, one entry that Yjs cannot apply ends the process', async () => {
  const house = new YRedisHouse(suite)
  await suite.redis.admin.rpush(house.list, Buffer.from([1, 1, 7, 0, 99, 1, 2]))
  const program = runDocProgram(`
    import { RedisPersistence } from 'y-redis'
    import * as Y from 'yjs'
    const persistence = new RedisPersistence({ redisOpts: { port: ${suite.redis.port} } })
    persistence.bindState('${house.name}', new Y.Doc())
    process.on('exit', (code) => console.log('ended with', code))
  `)
  suite.after(() => program.stop())
  await waitFor('the process to end', () => program.output().includes('ended with 1'))
})
