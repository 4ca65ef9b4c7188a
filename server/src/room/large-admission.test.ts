import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { encodeSketch, hostileSketch, type UpdateSketch } from '../../../tests/support/room/hostile-update.ts'
import {
  deletedBy,
  deletedOf,
  deleteEverything,
  load,
  NOTHING,
  uncovered,
  vectorOf,
} from '../../../tests/support/room/loaded.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import type { Admission } from './admission.ts'
import type { Inspection } from './large-admission.ts'
import { readUpdate } from './read-update.ts'
import { RoomContent } from './room-content.ts'
import type { UpdateLayout } from './update-layout.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

const WORLD = [1, 7, 300, 70_000, 4_000_000_000]
/** As many turns as there can be. */
const SMALLEST = { sections: 1, structs: 1, ranges: 1 }

/** Admits an update in the smallest slices; `between` runs after each but the last. */
function admitSlowly(content: RoomContent, update: Uint8Array, between: (turn: number) => void): Admission {
  const result = readUpdate(update, Infinity)
  if (result.kind !== 'read') return { kind: 'refused', reason: result.kind }
  const steps = content.admitInSlices(result.layout, SMALLEST)
  for (let turn = 0; ; turn++) {
    const step = steps.next()
    if (step.done === true) return step.value
    // who needs the room alone is given it
    if (step.value === 'more') between(turn)
  }
}

function lookSlowly(content: RoomContent, layout: UpdateLayout): Inspection {
  const steps = content.inspectInSlices(layout, SMALLEST)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

function sketchFor(content: RoomContent, random: Random): UpdateSketch {
  return hostileSketch(random, WORLD, (client) => content.clock(client), true)
}

/** A cold joiner loads the room's bytes, holds exactly S, at least D, and can delete all of it. */
function expectSound(content: RoomContent, context: string): void {
  const answer = content.answer(NOTHING) ?? NOTHING
  const doc = load(answer)
  expect(vectorOf(doc), context).toEqual(
    [...Y.decodeStateVector(content.encodeStateVector())].sort((a, b) => a[0] - b[0]),
  )
  expect(uncovered(deletedBy(answer), deletedOf(doc)), context).toEqual([])
  deleteEverything(doc)
}

test('slices make of any update what one turn makes of it', async () => {
  const outcomes = new Map<string, number>()
  for (const seed of seeds(15)) {
    const random = new Random(seed)
    const [whole, sliced] = [await RoomContent.open(undefined), await RoomContent.open(undefined)]
    for (let round = 0; round < 12; round++) {
      const update = encodeSketch(sketchFor(whole, random))
      const expected = whole.admit(update)
      const context = `seed ${seed}, round ${round}`
      const admission = admitSlowly(sliced, update, () => undefined)
      // which malformation is found first is the scan's business
      expect(admission.kind === 'refused' ? { kind: 'refused' } : admission, context).toEqual(
        expected.kind === 'refused' ? { kind: 'refused' } : expected,
      )
      expect(sliced.answer(NOTHING), context).toEqual(whole.answer(NOTHING))
      outcomes.set(expected.kind, (outcomes.get(expected.kind) ?? 0) + 1)
    }
  }
  for (const kind of ['append', 'known', 'refused']) expect(outcomes.get(kind)).toBeGreaterThan(1)
})

test('looking at any update in slices says what looking at once says, and changes nothing', async () => {
  const outcomes = new Map<string, number>()
  for (const seed of seeds(15)) {
    const random = new Random(seed)
    const content = await RoomContent.open(undefined)
    for (let round = 0; round < 12; round++) {
      const update = encodeSketch(sketchFor(content, random))
      const context = `seed ${seed}, round ${round}`
      const before = [content.answer(NOTHING), content.encodeStateVector()]
      const result = readUpdate(update, Infinity)
      const seen = result.kind === 'read' ? lookSlowly(content, result.layout) : { kind: 'refused' }
      const isRefused = content.refusalOf(update) !== undefined
      expect(seen.kind, context).toBe(isRefused ? 'refused' : content.knows(update) ? 'known' : 'new')
      expect([content.answer(NOTHING), content.encodeStateVector()], context).toEqual(before)
      outcomes.set(seen.kind, (outcomes.get(seen.kind) ?? 0) + 1)
      // sometimes twice: there has to be something known
      content.admit(update)
      const again = readUpdate(update, Infinity)
      if (again.kind === 'read' && content.knows(update)) {
        expect(lookSlowly(content, again.layout).kind, context).toBe('known')
        outcomes.set('known', (outcomes.get('known') ?? 0) + 1)
      }
    }
  }
  for (const kind of ['new', 'known', 'refused']) expect(outcomes.get(kind)).toBeGreaterThan(1)
})

test('[I3] whatever is admitted between two slices, the room holds what it claims and nothing that freezes it', async () => {
  let moved = 0
  for (const seed of seeds(50)) {
    const random = new Random(seed)
    const content = await RoomContent.open(undefined)
    for (let round = 0; round < 8; round++) {
      const update = encodeSketch(sketchFor(content, random))
      const before = content.version
      admitSlowly(content, update, () => {
        if (random.chance(0.3)) content.admit(encodeSketch(sketchFor(content, random)))
      })
      if (content.version > before + 1) moved++
    }
    expectSound(content, `seed ${seed}`)
  }
  expect(moved).toBeGreaterThan(4)
})

test('[I3] a unit that somebody else writes first between two slices decides the class of what was built on it', async () => {
  const content = await RoomContent.open(undefined)
  // in this update unit 0 of client 9 is no map entry, so two units behind it are harmless
  const harmless = encodeSketch({
    sections: [
      { client: 9, clock: 0, structs: [{ kind: 'any', length: 1 }] },
      { client: 5, clock: 0, structs: [{ kind: 'any', length: 2, origin: [9, 0] }] },
    ],
  })
  const card = encodeSketch({
    sections: [{ client: 9, clock: 0, structs: [{ kind: 'any', length: 1, parent: 'cards', key: 'k' }] }],
  })
  let isFirst = true
  const admission = admitSlowly(content, harmless, (turn) => {
    if (turn < 3 || !isFirst) return
    isFirst = false
    expect(content.admit(card).kind).toBe('append')
  })
  expect(isFirst).toBe(false)
  expect(admission).toEqual({
    kind: 'refused',
    reason: 'a map entry longer than one unit',
    isClash: true,
    overlaps: [{ client: 9, from: 0, to: 1 }],
  })
})

test('an update whose base moves at every turn asks for the room alone, and ends', async () => {
  const content = await RoomContent.open(undefined)
  const structs = Array.from({ length: 40 }, () => ({ kind: 'any', length: 1 }) as const)
  const update = encodeSketch({ sections: [{ client: 9, clock: 0, structs }] })
  const reading = readUpdate(update, Infinity)
  if (reading.kind !== 'read') throw new Error('well-formed')
  const steps = content.admitInSlices(reading.layout, SMALLEST)
  const needs: string[] = []
  for (let clock = 0; ; clock++) {
    const step = steps.next()
    if (step.done === true) {
      expect(step.value.kind).toBe('append')
      break
    }
    needs.push(step.value)
    // somebody relays the same units one by one
    const relayed = { client: 9, clock: Math.min(clock, 39), structs: [{ kind: 'any', length: 1 }] as const }
    if (step.value === 'more' && clock < 39) content.admit(encodeSketch({ sections: [relayed] }))
  }
  expect(content.clock(9)).toBe(40)
  expectSound(content, 'relayed')
})

test.each([
  ['clients', { clients: 2, structs: Infinity, deleteRanges: Infinity }],
  ['structs', { clients: Infinity, structs: 3, deleteRanges: Infinity }],
  ['deleteRanges', { clients: Infinity, structs: Infinity, deleteRanges: 1 }],
] as const)(
  '[I6] a document over its %s takes no more, at once or in slices, and nothing changes',
  async (excess, bounds) => {
    const content = await RoomContent.open(undefined, undefined, bounds)
    const one = { kind: 'any', length: 1 } as const
    content.admit(
      encodeSketch({
        sections: [
          { client: 7, clock: 0, structs: [{ kind: 'any', length: 5 }] },
          { client: 2, clock: 0, structs: [one] },
        ],
        deletes: [[7, [[0, 1]]]],
      }),
    )
    const before = content.answer(NOTHING)
    const update = encodeSketch({
      sections: [{ client: 1, clock: 0, structs: [one, one] }],
      deletes: [[7, [[2, 1]]]],
    })
    expect(content.admit(update)).toEqual({ kind: 'full', excess })
    expect(admitSlowly(content, update, () => undefined)).toEqual({ kind: 'full', excess })
    expect(content.answer(NOTHING)).toEqual(before)
    // what is stored is read whatever the bounds say by now
    expect(content.admitStored(update).kind).toBe('append')
  },
)

test('two large updates of one unknown client at once: the room has it once, whichever ends first', async () => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  doc.getText('note').insert(0, 'first ')
  doc.getMap('cards').set('a', 1)
  const [first, second] = updates as [Uint8Array, Uint8Array]
  const both = Y.mergeUpdates(updates)
  for (const pair of [
    [first, both],
    [both, first],
    [second, both],
    [second, first],
  ] as const) {
    const content = await RoomContent.open(undefined)
    const running = pair.map((update) => {
      const result = readUpdate(update, Infinity)
      if (result.kind !== 'read') throw new Error(result.kind)
      return content.admitInSlices(result.layout, SMALLEST)
    })
    for (let turn = 0; running.length > 0; turn++) {
      expect(turn).toBeLessThan(1_000)
      for (const steps of running.slice())
        if (steps.next().done === true) running.splice(running.indexOf(steps), 1)
    }
    content.admit(both)
    expect([...content.encodeStateVector()]).toEqual([...Y.encodeStateVector(doc)])
    expectSound(content, 'both')
  }
})
