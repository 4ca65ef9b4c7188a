import { describe, expect, test } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Random } from '../../tests/support/random.ts'
import {
  advancePresenceClock,
  bindPresenceClock,
  createPresenceClock,
  type ClockVerdict,
  type PresenceClock,
} from './room-presence-clock.ts'
import { encodePresenceEntry, joinPresence } from './room-presence-wire.ts'

const state = (offset: number, lastReceived: number, lastIssued: number): PresenceClock => ({
  offset,
  lastReceived,
  lastIssued,
})

describe('a binding starts', () => {
  test.each([
    { what: 'for an id nobody heard of', lastIssued: -1, clock: 0, offset: 0 },
    { what: 'above what was issued', lastIssued: 7, clock: 8, offset: 0 },
    { what: 'at what was issued', lastIssued: 7, clock: 7, offset: 2 },
    { what: 'below it: a page made anew counts from 0', lastIssued: 7, clock: 0, offset: 9 },
  ])('$what: offset $offset', ({ lastIssued, clock, offset }) => {
    const clocks = state(5, 3, lastIssued)
    bindPresenceClock(clocks, clock)
    expect(clocks).toEqual({ offset, lastReceived: -1, lastIssued })
  })
})

describe('an entry of the holder', () => {
  const entry = { isRemoval: false, isLastIssued: false }
  const issue = (clock: number): ClockVerdict => ({ kind: 'issue', clock })
  test.each<{
    what: string
    from: PresenceClock
    clock: number
    entry?: Partial<typeof entry>
    verdict: ClockVerdict
    to: PresenceClock
  }>([
    { what: 'the first', from: state(0, -1, -1), clock: 0, verdict: issue(0), to: state(0, 0, 0) },
    { what: 'the next', from: state(0, 4, 4), clock: 5, verdict: issue(5), to: state(0, 5, 5) },
    {
      what: 'a later one, some were lost',
      from: state(0, 4, 4),
      clock: 9,
      verdict: issue(9),
      to: state(0, 9, 9),
    },
    {
      what: 'below the last',
      from: state(0, 4, 4),
      clock: 3,
      verdict: { kind: 'stale' },
      to: state(0, 4, 4),
    },
    { what: 'at the last', from: state(0, 4, 4), clock: 4, verdict: { kind: 'stale' }, to: state(0, 4, 4) },
    {
      what: 'a goodbye at the last clock, as stock clients send it',
      from: state(0, 4, 4),
      clock: 4,
      entry: { isRemoval: true },
      verdict: issue(4),
      to: state(0, 4, 4),
    },
    {
      what: 'a goodbye below it',
      from: state(0, 4, 4),
      clock: 3,
      entry: { isRemoval: true },
      verdict: { kind: 'stale' },
      to: state(0, 4, 4),
    },
    { what: 'lifted by the offset', from: state(9, 0, 9), clock: 1, verdict: issue(10), to: state(9, 1, 10) },
    {
      what: 'back through another tab: clock and bytes of what was issued',
      from: state(9, 0, 9),
      clock: 9,
      entry: { isLastIssued: true },
      verdict: { kind: 'echo' },
      to: state(0, 9, 9),
    },
    {
      what: 'with the issued clock and another state: no echo',
      from: state(9, 0, 9),
      clock: 9,
      verdict: issue(18),
      to: state(9, 9, 18),
    },
    {
      what: 'above what was issued: the client counts higher by itself',
      from: state(9, 0, 9),
      clock: 10,
      verdict: issue(10),
      to: state(0, 10, 10),
    },
  ])('$what', ({ from, clock, entry: given, verdict, to }) => {
    const clocks = { ...from }
    expect(advancePresenceClock(clocks, { ...entry, ...given, clock })).toEqual(verdict)
    expect(clocks).toEqual(to)
  })
})

/** One id, its owner's page made anew now and then, and two stock observers that hear some of what is issued. */
function playHistory(seed: number): string | undefined {
  const random = new Random(seed)
  const clocks = createPresenceClock()
  const observers = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())]
  const doc = new Y.Doc()
  doc.clientID = 4_711
  let owner = new Awareness(doc)
  let issued = ''
  let isBound = false
  const operations: string[] = []
  try {
    for (let step = 0; step < 40; step += 1) {
      const operation = random.int(10)
      operations.push(String(operation))
      if (operation === 0) {
        // the page is made anew around the same clientID
        owner.destroy()
        owner = new Awareness(doc)
        isBound = false
      } else if (operation === 1) {
        isBound = false
      } else if (operation === 2) {
        owner.setLocalState(null)
      } else if (operation === 3) {
        // what the others heard comes back through another tab
        applyAwarenessUpdate(
          owner,
          encodeAwarenessUpdate(observers[0] as Awareness, knownTo(observers[0])),
          'tab',
        )
      } else {
        owner.setLocalState({ step })
      }
      const clock = owner.meta.get(4_711)?.clock ?? 0
      const json = JSON.stringify(owner.getLocalState())
      if (!isBound && json === 'null') continue
      if (!isBound) bindPresenceClock(clocks, clock)
      isBound = true
      const before = clocks.lastIssued
      const verdict = advancePresenceClock(clocks, {
        clock,
        isRemoval: json === 'null',
        isLastIssued: json === issued,
      })
      if (verdict.kind === 'issue') {
        // equal is right for a removal only
        if (verdict.clock < before || (verdict.clock === before && json !== 'null'))
          return `step ${step}: the issued clock went back; ${operations.join('')}`
        issued = json
        for (const observer of observers) tell(observer, verdict.clock, json)
      }
      // stock clients overlook an id whose first clock is 0, on every server
      if (clocks.lastIssued === 0) continue
      for (const observer of observers) {
        const seen = JSON.stringify(observer.getStates().get(4_711) ?? null)
        if (seen !== json)
          return `step ${step}: an observer sees ${seen}, not ${json}; ${operations.join('')}`
      }
    }
    return undefined
  } finally {
    for (const awareness of [owner, ...observers]) awareness.destroy()
  }
}

function knownTo(awareness: Awareness | undefined): number[] {
  return awareness?.meta.has(4_711) === true && awareness.getStates().has(4_711) ? [4_711] : []
}

function tell(observer: Awareness, clock: number, json: string): void {
  const entry = encodePresenceEntry(4_711, clock, new TextEncoder().encode(json))
  applyAwarenessUpdate(observer, joinPresence([entry]), 'room')
}

test('[I4] whatever an owner does, stock observers see its latest state at once', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const failure = playHistory(seed)
    expect(failure === undefined ? undefined : `seed ${seed}: ${failure}`).toBeUndefined()
  }
})
