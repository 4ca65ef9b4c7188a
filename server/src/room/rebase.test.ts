import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { encodeSketch } from '../../../tests/support/room/hostile-update.ts'
import { deletedBy, deletedOf, load, NOTHING, stateOf } from '../../../tests/support/room/loaded.ts'
import { writeTogether } from '../../../tests/support/room/random-document.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { type FrozenContent, RoomContent } from './room-content.ts'
import { SnapshotError } from './snapshot-loader.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

/** What the compaction worker makes of frozen content. */
function compacted(frozen: FrozenContent): Uint8Array {
  return Y.encodeStateAsUpdate(load(frozen.update))
}

test('[I8] what is admitted while a snapshot is made and taken over is neither lost nor doubled', async () => {
  for (const seed of seeds(12)) {
    const random = new Random(seed)
    const { updates } = writeTogether(random, { edits: 80 })
    const rebased = await RoomContent.open(undefined)
    const plain = await RoomContent.open(undefined)
    const admit = (): void => {
      const update = updates.shift()
      if (update === undefined) return
      plain.admit(update)
      rebased.admit(update)
    }
    const lacked: Uint8Array[] = []
    while (updates.length > 0) {
      for (let i = random.int(25); i > 0; i--) admit()
      const frozen = rebased.freeze()
      const count = random.int(8)
      for (let i = 0; i < count; i++) admit()
      // the room goes on in every turn the snapshot is read in
      const deletes = await rebased.rebase(compacted(frozen), frozen, () => Promise.resolve(admit()))
      if (deletes !== undefined) lacked.push(deletes)
      expect(rebased.encodeStateVector(), `seed ${seed}`).toEqual(plain.encodeStateVector())
    }
    const cold = load(rebased.answer(NOTHING) ?? NOTHING)
    expect(stateOf(cold), `seed ${seed}`).toEqual(stateOf(load(plain.answer(NOTHING) ?? NOTHING)))
    // a member that saw every update and the delete-only ones holds the same
    const member = load(plain.answer(NOTHING) ?? NOTHING)
    for (const update of lacked) Y.applyUpdate(member, update)
    expect(stateOf(member), `seed ${seed}`).toEqual(stateOf(cold))
    expect(deletedOf(cold), `seed ${seed}`).toEqual(expect.arrayContaining(deletedOf(member)))
  }
})

test('admissions between two turns of reading the snapshot stay as tail', async () => {
  const doc = new Y.Doc()
  const content = await RoomContent.open(undefined)
  doc.on('update', (update: Uint8Array) => content.admit(update))
  // many small structs: reading them takes several turns
  doc.transact(() => {
    for (let i = 0; i < 60_000; i++) doc.getArray('chat').insert(0, [i])
  })
  const frozen = content.freeze()
  let turns = 0
  await content.rebase(compacted(frozen), frozen, async () => {
    turns++
    doc.getText('note').insert(0, 'x')
  })
  expect(turns).toBeGreaterThan(2)
  expect(content.tailCount).toBe(turns)
  expect(load(content.answer(NOTHING) ?? NOTHING).getText('note').length).toBe(turns)
})

test('deletes that only the snapshot knows come back for the members, once', async () => {
  const content = await RoomContent.open(undefined)
  // two writers set one key at the same time: each replica deletes the loser by itself
  for (const client of [1, 2]) {
    const doc = new Y.Doc()
    doc.clientID = client
    doc.getMap('cards').set('k', client)
    content.admit(Y.encodeStateAsUpdate(doc))
  }
  expect(deletedBy(content.answer(NOTHING) ?? NOTHING)).toEqual([])
  const frozen = content.freeze()
  const lacked = await content.rebase(compacted(frozen), frozen)
  expect(deletedBy(lacked ?? NOTHING)).toEqual([[1, 0, 1]])
  expect(Y.decodeUpdate(lacked ?? NOTHING).structs).toEqual([])
  expect(content.admit(lacked ?? NOTHING).kind).toBe('known')
  expect(content.tailCount).toBe(0)
  const again = content.freeze()
  expect(await content.rebase(compacted(again), again)).toBeUndefined()
})

test('the base, the tail and their sizes are told', async () => {
  const doc = new Y.Doc()
  const content = await RoomContent.open(undefined)
  const sizes: number[] = []
  doc.on('update', (update: Uint8Array) => {
    sizes.push(update.length)
    content.admit(update)
  })
  for (let i = 0; i < 20; i++) doc.getText('note').insert(i, 'x')
  doc.getText('note').delete(0, 3)
  const frozen = content.freeze()
  doc.getText('note').insert(0, 'after')
  expect(frozen.tailCount).toBe(21)
  expect(content.tailCount).toBe(22)
  expect(content.tailBytes).toBe(sizes.reduce((sum, size) => sum + size))
  const snapshot = compacted(frozen)
  await content.rebase(snapshot, frozen)
  expect(content.baseBytes).toBe(snapshot.length)
  expect(content.tailCount).toBe(1)
  expect(content.tailBytes).toBe(sizes.at(-1))
})

/** A room with one writer, and its frozen content. */
async function room(): Promise<{ content: RoomContent; frozen: FrozenContent; doc: Y.Doc }> {
  const doc = new Y.Doc()
  doc.clientID = 5
  const content = await RoomContent.open(undefined)
  doc.on('update', (update: Uint8Array) => content.admit(update))
  doc.getText('note').insert(0, 'hello')
  doc.getText('note').delete(0, 1)
  return { content, frozen: content.freeze(), doc }
}

test.each<[string, (doc: Y.Doc) => Uint8Array]>([
  [
    'holds more',
    (doc) => {
      doc.getText('note').insert(0, 'more')
      return Y.encodeStateAsUpdate(doc)
    },
  ],
  ['holds less', () => Uint8Array.of(0, 0)],
  ['is cut off', (doc) => Y.encodeStateAsUpdate(doc).subarray(0, -1)],
  ['is empty', () => new Uint8Array()],
  [
    'has gaps',
    () =>
      encodeSketch({
        sections: [
          {
            client: 5,
            clock: 0,
            structs: [
              { kind: 'string', length: 3 },
              { kind: 'skip', length: 2 },
            ],
          },
        ],
      }),
  ],
  [
    'refers to what it lacks',
    () =>
      encodeSketch({
        sections: [{ client: 5, clock: 0, structs: [{ kind: 'string', length: 5, origin: [7, 0] }] }],
      }),
  ],
  [
    'does not begin at 0',
    () => encodeSketch({ sections: [{ client: 5, clock: 2, structs: [{ kind: 'string', length: 3 }] }] }),
  ],
  [
    'deletes what it lacks',
    () =>
      encodeSketch({
        sections: [{ client: 5, clock: 0, structs: [{ kind: 'string', length: 5 }] }],
        deletes: [[5, [[4, 2]]]],
      }),
  ],
  [
    'deletes of a client it lacks',
    () =>
      encodeSketch({
        sections: [{ client: 5, clock: 0, structs: [{ kind: 'string', length: 5 }] }],
        deletes: [[6, [[0, 1]]]],
      }),
  ],
])('[I8] a snapshot that %s is rejected and changes nothing', async (_, snapshotOf) => {
  const { content, frozen, doc } = await room()
  const snapshot = snapshotOf(doc)
  const before = { answer: content.answer(NOTHING), version: content.version, tailCount: content.tailCount }
  await expect(content.rebase(snapshot, frozen)).rejects.toBeInstanceOf(SnapshotError)
  expect({ answer: content.answer(NOTHING), version: content.version, tailCount: content.tailCount }).toEqual(
    before,
  )
})

test('[I8] of two compactions from the same base only the first is taken', async () => {
  const { content, frozen } = await room()
  const snapshot = compacted(frozen)
  const both = [content.rebase(snapshot, frozen), content.rebase(snapshot, frozen)]
  const results = await Promise.allSettled(both)
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(content.tailCount).toBe(0)
})

test('[I3] any bytes are a snapshot or rejected, and a mutated one opens only where it loads', async () => {
  let opened = 0
  for (const seed of seeds(60)) {
    const random = new Random(seed)
    const { docs } = writeTogether(random, { edits: 20 })
    for (const doc of docs) {
      const bytes = Y.encodeStateAsUpdate(doc)
      for (let i = random.int(4); i > 0; i--) bytes[random.int(bytes.length)] = random.int(256)
      let content: RoomContent
      try {
        content = await RoomContent.open(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(SnapshotError)
        continue
      }
      opened++
      expect(Y.encodeStateVector(load(bytes)), `seed ${seed}`).toEqual(content.encodeStateVector())
    }
    const noise = Uint8Array.from({ length: random.int(40) }, () => random.int(256))
    await RoomContent.open(noise).catch((error: unknown) => expect(error).toBeInstanceOf(SnapshotError))
  }
  expect(opened).toBeGreaterThan(20)
})
