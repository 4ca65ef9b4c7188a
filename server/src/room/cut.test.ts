import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { load, NOTHING, stateOf } from '../../../tests/support/room/loaded.ts'
import { merge, writeTogether } from '../../../tests/support/room/random-document.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

/** A room whose history stands partly in the base and partly in the tail, and an update of all of it. */
async function splitRoom(
  random: Random,
  isFlat: boolean,
): Promise<{ content: RoomContent; all: Uint8Array }> {
  const { updates } = writeTogether(random, { mayCutPairs: true, edits: random.between(5, 120), isFlat })
  const base = new Y.Doc({ gc: random.chance(0.7) })
  const split = random.int(updates.length + 1)
  // one transaction: the formatting clean-up must not write into the base
  base.transact(() => updates.slice(0, split).forEach((update) => Y.applyUpdate(base, update)))
  const snapshot = Y.encodeStateAsUpdate(base)
  if (base.store.pendingStructs !== null || base.store.pendingDs !== null)
    throw new Error('updates came in order')
  const content = await RoomContent.open(split === 0 ? undefined : snapshot)
  const stored = split === 0 ? [] : [snapshot]
  for (const update of updates.slice(split)) {
    const admission = content.admit(update)
    if (admission.kind === 'refused') throw new Error(admission.reason)
    if (admission.kind === 'append') stored.push(admission.update)
  }
  return { content, all: stored.length === 0 ? Uint8Array.of(0, 0) : Y.mergeUpdates(stored) }
}

/** A state vector between nothing and more than everything. */
function randomVector(random: Random, all: Uint8Array): Uint8Array {
  const vector = new Map<number, number>()
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVectorFromUpdate(all))) {
    const what = random.weighted({ none: 2, some: 5, all: 2, beyond: 1 })
    if (what === 'some') vector.set(client, random.int(clock))
    else if (what === 'all') vector.set(client, clock)
    else if (what === 'beyond') vector.set(client, clock + random.between(1, 5))
  }
  if (random.chance(0.3)) vector.set(random.uint32(), random.int(100))
  return Y.encodeStateVector(vector)
}

/** Yjs writes no key bit where the key is inherited, and joins neighbouring collected structs: neither changes meaning. */
function normal(update: Uint8Array): number[] {
  return [...Y.mergeUpdates([Y.diffUpdate(update, NOTHING), Uint8Array.of(0, 0)])]
}

test.each([
  ['without keys, byte for byte', true, (update: Uint8Array) => [...update]],
  ['of any kind, struct for struct', false, normal],
])(
  'an answer is what Yjs cuts out of base and tail at any vector, in documents %s',
  async (_, isFlat, form) => {
    for (const seed of seeds(15)) {
      const random = new Random(seed)
      const { content, all } = await splitRoom(random, isFlat)
      const vectors = [NOTHING, content.encodeStateVector()]
      for (let i = 0; i < 6; i++) vectors.push(randomVector(random, all))
      for (const vector of vectors) {
        const answer = content.answer(vector) ?? new Uint8Array()
        const expected = Y.diffUpdate(all, vector)
        if (Buffer.compare(answer, expected) !== 0)
          expect(form(answer), `seed ${seed}`).toEqual(form(expected))
      }
    }
  },
)

test('a cold joiner and one that was behind load an answer with nothing pending and end equal', async () => {
  for (const seed of seeds(30)) {
    const random = new Random(seed)
    const { docs, updates } = writeTogether(random)
    const content = await RoomContent.open(undefined)
    const behind = new Y.Doc()
    const known = random.int(updates.length + 1)
    for (const [i, update] of updates.entries()) {
      content.admit(update)
      if (i < known) Y.applyUpdate(behind, update)
    }
    const [doc = new Y.Doc()] = docs
    for (const other of docs) merge(doc, other)
    content.admit(Y.encodeStateAsUpdate(doc))
    Y.applyUpdate(behind, content.answer(Y.encodeStateVector(behind)) ?? NOTHING)
    const cold = load(content.answer(NOTHING) ?? NOTHING)
    expect(stateOf(cold), `seed ${seed}`).toEqual(stateOf(doc))
    expect(stateOf(behind), `seed ${seed}`).toEqual(stateOf(doc))
  }
})

test('whoever is up to date gets no structs and the whole delete set', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  doc.getText('note').insert(0, 'hello')
  doc.getText('note').delete(1, 2)
  content.admit(Y.encodeStateAsUpdate(doc))
  const answer = content.answer(content.encodeStateVector()) ?? NOTHING
  expect(Y.decodeUpdate(answer).structs).toEqual([])
  expect(Y.decodeUpdate(answer).ds.clients.get(doc.clientID)).toEqual([{ clock: 1, len: 2 }])
})

test('a malformed vector is not answered', async () => {
  const content = await RoomContent.open(undefined)
  expect(content.answer(Uint8Array.of(1))).toBeUndefined()
  expect(content.answer(new Uint8Array())).toBeUndefined()
})

test('a long section is cut at any unit, in base and in tail', async () => {
  const doc = new Y.Doc()
  const array = doc.getArray<number>('chat')
  // every other insertion goes to the front: no two structs merge
  for (let i = 0; i < 300; i++) array.insert(i % 2 === 0 ? 0 : array.length, [i, i])
  const update = Y.encodeStateAsUpdate(doc)
  const inTail = await RoomContent.open(undefined)
  inTail.admit(update)
  for (const content of [inTail, await RoomContent.open(update)]) {
    for (let clock = 0; clock <= 600; clock++) {
      const vector = Y.encodeStateVector(new Map([[doc.clientID, clock]]))
      const answer = content.answer(vector) ?? NOTHING
      if (Buffer.compare(answer, Y.diffUpdate(update, vector)) !== 0) expect.fail(`clock ${clock}`)
    }
  }
})

test('a section of long values is cut at any unit, in base and in tail', async () => {
  const doc = new Y.Doc()
  const array = doc.getArray<unknown>('chat')
  for (let i = 0; i < 24; i++)
    array.insert(i % 2 === 0 ? 0 : array.length, [i, { text: 'ä🙂'.repeat(i % 5 === 0 ? 20_000 : 3) }])
  const update = Y.encodeStateAsUpdate(doc)
  const inTail = await RoomContent.open(undefined)
  inTail.admit(update)
  for (const content of [inTail, await RoomContent.open(update)]) {
    for (let clock = 0; clock <= 48; clock++) {
      const vector = Y.encodeStateVector(new Map([[doc.clientID, clock]]))
      const answer = content.answer(vector) ?? NOTHING
      if (Buffer.compare(answer, Y.diffUpdate(update, vector)) !== 0) expect.fail(`clock ${clock}`)
    }
  }
})
