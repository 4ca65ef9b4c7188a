import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { encodeSketch, hostileSketch, withoutKnown } from '../../../tests/support/room/hostile-update.ts'
import {
  deletedBy,
  deletedOf,
  load,
  NOTHING,
  uncovered,
  vectorOf,
} from '../../../tests/support/room/loaded.ts'
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
  for (const seed of seeds(100)) {
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
