import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import {
  encodeSketch,
  hostileSketch,
  type Id,
  type StructSketch,
  withoutKnown,
} from '../../../tests/support/room/hostile-update.ts'
import {
  deletedBy,
  deletedOf,
  deleteEverything,
  load,
  NOTHING,
  uncovered,
  vectorOf,
} from '../../../tests/support/room/loaded.ts'
import { writeTogether } from '../../../tests/support/room/random-document.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

const WORLD = [1, 7, 300, 70_000, 4_000_000_000]

/** The clocks of a replica after an update; `undefined` where the update makes Yjs throw. */
function clocksAfter(stored: Uint8Array, update: Uint8Array): Map<number, number> | undefined {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, stored)
  try {
    Y.applyUpdate(doc, update)
  } catch {
    // the attack that slicing disarms: compared by the other tests
    return undefined
  }
  return Y.decodeStateVector(Y.encodeStateVector(doc))
}

/** A cold joiner loads the room's bytes, holds exactly S, at least D, and its own encoding loads again. */
function expectSound(content: RoomContent, context: string): void {
  const answer = content.answer(NOTHING) ?? NOTHING
  const doc = load(answer)
  expect(vectorOf(doc), context).toEqual(
    [...Y.decodeStateVector(content.encodeStateVector())].sort((a, b) => a[0] - b[0]),
  )
  expect(uncovered(deletedBy(answer), deletedOf(doc)), context).toEqual([])
  load(Y.encodeStateAsUpdate(doc))
}

test('what is integrated of any well-formed update is what Yjs integrates', async () => {
  let partial = 0
  let thrown = 0
  let refused = 0
  for (const seed of seeds(60)) {
    const random = new Random(seed)
    const content = await RoomContent.open(undefined)
    for (let round = 0; round < 12; round++) {
      const sketch = hostileSketch(random, WORLD, (client) => content.clock(client))
      const update = encodeSketch(sketch)
      const stored = content.answer(NOTHING) ?? NOTHING
      const expected = clocksAfter(
        stored,
        encodeSketch(withoutKnown(sketch, (client) => content.clock(client))),
      )
      const admission = content.admit(update)
      if (admission.kind === 'refused') {
        refused++
        continue
      }
      if (expected === undefined) {
        thrown++
        continue
      }
      if (admission.missing !== undefined) partial++
      for (const client of WORLD) {
        if (content.clock(client) === (expected.get(client) ?? 0)) continue
        expect.fail(
          `seed ${seed}, round ${round}: ${client} at ${content.clock(client)}, Yjs at ${expected.get(client)}`,
        )
      }
    }
    expectSound(content, `seed ${seed}`)
  }
  expect(Math.min(partial, thrown, refused)).toBeGreaterThan(5)
})

test('per-client maxima take structs that refer to each other in a circle, the simulation does not', async () => {
  const circle = encodeSketch({
    sections: [
      { client: 9, clock: 0, structs: [{ kind: 'string', length: 1, origin: [5, 0] }] },
      { client: 5, clock: 0, structs: [{ kind: 'string', length: 1, origin: [9, 0] }] },
    ],
  })
  // the naive test: every reference lies below what the update reaches
  const { to } = Y.parseUpdateMeta(circle)
  const naive = Y.decodeUpdate(circle).structs.every(
    (struct) =>
      !(struct instanceof Y.Item) ||
      struct.origin === null ||
      struct.origin.clock < (to.get(struct.origin.client) ?? 0),
  )
  expect(naive).toBe(true)
  expect(() => load(circle)).toThrow('pending')
  const content = await RoomContent.open(undefined)
  expect(content.admit(circle)).toEqual({
    kind: 'known',
    missing: new Map([
      [5, 0],
      [9, 0],
    ]),
  })
})

test('a struct that overlaps collected units is sliced: unsliced it throws on every replica', async () => {
  const doc = new Y.Doc()
  doc.clientID = 9
  const inner = new Y.Text('abcdef')
  doc.getMap('cards').set('card', inner)
  doc.getMap('cards').delete('card')
  const content = await RoomContent.open(undefined)
  content.admit(Y.encodeStateAsUpdate(doc))
  const clock = content.clock(9)
  // stands over the last collected units and goes on, beside what is live
  const overlap = encodeSketch({
    sections: [{ client: 9, clock: clock - 2, structs: [{ kind: 'string', length: 4, parent: 'note' }] }],
  })
  expect(() => Y.applyUpdate(doc, overlap)).toThrow()
  const admission = content.admit(overlap)
  if (admission.kind !== 'append') expect.fail(admission.kind)
  const joiner = new Y.Doc()
  Y.applyUpdate(joiner, content.answer(NOTHING) ?? NOTHING)
  const member = load(Y.encodeStateAsUpdate(joiner))
  Y.applyUpdate(member, admission.update)
  expect(content.clock(9)).toBe(clock + 2)
})

test('bytes that are wholly new are appended as they came', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => {
    const admission = content.admit(update)
    expect(admission.kind === 'append' && admission.update === update).toBe(true)
  })
  doc.getText('note').insert(0, 'hello')
  doc.getText('note').delete(1, 3)
  doc.transact(() => {
    doc.getText('note').insert(0, 'abc')
    doc.getText('note').delete(1, 1)
  })
})

test('what is known already is neither stored nor counted again', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  doc.getText('note').insert(0, 'hello')
  doc.getText('note').delete(1, 3)
  const update = Y.encodeStateAsUpdate(doc)
  content.admit(update)
  const { version, tailCount, tailBytes } = content
  expect(content.admit(update)).toMatchObject({ kind: 'known', missing: undefined })
  expect([content.version, content.tailCount, content.tailBytes]).toEqual([version, tailCount, tailBytes])
})

test('of an update that overlaps, only what is new is stored and sent on', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  doc.getText('note').insert(0, 'hello')
  doc.getText('note').delete(0, 2)
  content.admit(Y.encodeStateAsUpdate(doc))
  const before = Y.encodeStateVector(doc)
  doc.getText('note').insert(3, ' world')
  doc.getText('note').delete(0, 1)
  const admission = content.admit(Y.encodeStateAsUpdate(doc))
  if (admission.kind !== 'append') expect.fail(admission.kind)
  const { structs, ds } = Y.decodeUpdate(admission.update)
  expect(structs.map(({ id, length }) => [id.clock, length])).toEqual([[5, 6]])
  expect([...ds.clients.values()]).toEqual([[{ clock: 2, len: 1 }]])
  expect([...admission.update]).toEqual([...Y.diffUpdate(admission.update, before)])
})

test('what is missing is named by client and clock, structs and deletes alike', async () => {
  const content = await RoomContent.open(undefined)
  const update = encodeSketch({
    sections: [
      { client: 9, clock: 3, structs: [{ kind: 'string', length: 1 }] },
      {
        client: 5,
        clock: 0,
        structs: [
          { kind: 'string', length: 2 },
          { kind: 'string', length: 1, origin: [7, 4] },
        ],
      },
    ],
    deletes: [
      [5, [[1, 3]]],
      [8, [[6, 1]]],
    ],
  })
  const admission = content.admit(update)
  if (admission.kind !== 'append') expect.fail(admission.kind)
  expect(admission.missing).toEqual(
    new Map([
      [9, 2],
      [7, 4],
      [5, 2],
      [8, 6],
    ]),
  )
  expect(content.clock(5)).toBe(2)
  expect(deletedBy(admission.update)).toEqual([[5, 1, 2]])
})

test('a gap holds nothing, and what stands behind it is missing', async () => {
  const content = await RoomContent.open(undefined)
  const update = encodeSketch({
    sections: [
      {
        client: 5,
        clock: 0,
        structs: [
          { kind: 'string', length: 2 },
          { kind: 'skip', length: 3 },
          { kind: 'string', length: 1 },
        ],
      },
    ],
  })
  const admission = content.admit(update)
  if (admission.kind !== 'append') expect.fail(admission.kind)
  expect(content.clock(5)).toBe(2)
  expect(admission.missing).toEqual(new Map([[5, 4]]))
  // the naive state vector counts the gap and what stands behind it: the room would claim what it does not hold
  expect(Y.parseUpdateMeta(update).to.get(5)).toBe(6)
  expectSound(content, 'behind a gap')
})

test('1,000 clients in lock-step are all taken in one update', async () => {
  const content = await RoomContent.open(undefined)
  const rounds = 40
  // each struct stands on the next client's of the same round: every section waits at every step
  const originOf = (client: number, round: number): Id | undefined => {
    if (client < 1_000) return [client + 1, round]
    return round === 0 ? undefined : [1, round - 1]
  }
  const sections = Array.from({ length: 1_000 }, (_, i) => ({
    client: 1_000 - i,
    clock: 0,
    structs: Array.from({ length: rounds }, (_none, round): StructSketch => {
      return { kind: 'string', length: 1, origin: originOf(1_000 - i, round) }
    }),
  }))
  const update = encodeSketch({ sections })
  const admission = content.admit(update)
  expect(admission.kind === 'append' && admission.update === update && admission.missing === undefined).toBe(
    true,
  )
  expect(content.clock(1)).toBe(rounds)
})

test('[I3] mutated bytes are refused, or leave a room that loads and compacts', async () => {
  let refused = 0
  let taken = 0
  for (const seed of seeds(80)) {
    const random = new Random(seed)
    const { docs, updates } = writeTogether(random, { edits: 25 })
    const content = await RoomContent.open(undefined)
    for (const doc of docs) updates.push(Y.encodeStateAsUpdate(doc))
    for (const update of updates) {
      if (random.chance(0.3)) content.admit(update)
      for (let i = 0; i < 6; i++) {
        const admission = content.admit(mutated(random, update))
        if (admission.kind === 'refused') refused++
        else if (admission.kind === 'append') taken++
      }
    }
    expectSound(content, `seed ${seed}`)
    const compacted = Y.encodeStateAsUpdate(load(content.answer(NOTHING) ?? NOTHING))
    const reopened = await RoomContent.open(compacted)
    expect(reopened.encodeStateVector(), `seed ${seed}`).toEqual(content.encodeStateVector())
    deleteEverything(load(compacted))
  }
  expect(Math.min(refused, taken)).toBeGreaterThan(300)
})

/** A few bytes changed, inserted, dropped or repeated. */
function mutated(random: Random, update: Uint8Array): Uint8Array {
  const bytes = [...update]
  for (let i = random.between(1, 3); i > 0; i--) {
    const at = random.int(bytes.length)
    const what = random.weighted({ change: 4, nudge: 4, insert: 1, drop: 1, repeat: 1 })
    if (what === 'change') bytes[at] = random.int(256)
    else if (what === 'nudge') bytes[at] = ((bytes[at] ?? 0) + (random.chance(0.5) ? 1 : 255)) % 256
    else if (what === 'insert') bytes.splice(at, 0, random.int(256))
    else if (what === 'drop') bytes.splice(at, random.between(1, 3))
    else bytes.splice(at, 0, ...bytes.slice(at, at + random.between(1, 8)))
  }
  return Uint8Array.from(bytes)
}
