import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import {
  deletedBy,
  deletedOf,
  load,
  NOTHING,
  uncovered,
  vectorOf,
} from '../../../tests/support/room/loaded.ts'
import { mutateUpdate, mutations } from '../../../tests/support/room/mutated-update.ts'
import { writeTogether } from '../../../tests/support/room/random-document.ts'
import { SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { compact } from '../worker/compact.js'
import { RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

let quarantined = 0

/** What some wrote together, and what they wrote on top of it. */
function history(seed: number): { base: Uint8Array; more: Uint8Array } {
  const random = new Random(seed)
  const { docs, updates } = writeTogether(random, { authors: 2, edits: 24 })
  const doc = new Y.Doc()
  for (const update of updates.slice(0, 12)) Y.applyUpdate(doc, update)
  const base = Y.encodeStateAsUpdate(doc)
  for (const other of docs) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  return { base, more: Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(base)) }
}

/**
 * What a room holds: a newcomer loads it, it says the same of itself as the newcomer, and it can be compacted. Replicas of
 * content that means harm can differ by the order in which they took it in (room-log.md section 6): such a room is found out,
 * keeps its log as it is, and goes on.
 */
function expectSound(content: RoomContent): void {
  const answer = content.answer(NOTHING) ?? NOTHING
  const doc = load(answer)
  const vector = [...Y.decodeStateVector(content.encodeStateVector())].sort((a, b) => a[0] - b[0])
  expect(vectorOf(doc)).toEqual(vector)
  expect(uncovered(deletedBy(answer), deletedOf(doc))).toEqual([])
  try {
    expect(vectorOf(load(compact(answer).snapshot))).toEqual(vector)
  } catch (error) {
    expect(String(error)).toContain('the snapshot shows other content')
    quarantined++
  }
}

test('[I3] a valid update whose structure was changed leaves a room that everybody can load', async () => {
  const outcomes = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.nat(10_000), mutations, fc.boolean(), async (seed, changes, isFirst) => {
      const { base, more } = history(seed)
      const content = await RoomContent.open(undefined)
      if (!isFirst) content.admit(base)
      const { kind } = content.admit(mutateUpdate(more, changes))
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
      expectSound(content)
      // those it speaks for go on: refused only where they clash with what was said in their name (W37)
      for (const update of [base, more]) {
        const answer = content.admit(update)
        if (answer.kind === 'refused') expect(answer.isClash, answer.reason).toBe(true)
      }
      expectSound(content)
    }),
    { numRuns: 300 * SEEDS_FACTOR },
  )
  // one in a thousand
  expect(quarantined).toBeLessThan(10 * SEEDS_FACTOR)
  expect([...outcomes.keys()].sort()).toEqual(['append', 'known', 'refused'])
})
