import { expect, test } from 'vitest'
import { UPDATE_PACE } from './room-tick.ts'
import { Turn } from './room-turn.ts'

/** A turn whose time passes when the test says so. */
class HandDriven {
  now = 0
  members = 2
  spoken = 0
  readonly turns: (() => void)[] = []
  readonly timers: { readonly at: number; readonly run: () => void }[] = []
  readonly turn = new Turn({
    clock: {
      now: () => this.now,
      endOfTurn: (run) => void this.turns.push(run),
      after: (ms, run) => {
        this.timers.push({ at: this.now + ms, run })
        return () => undefined
      },
    },
    members: () => this.members,
    speak: () => void (this.spoken += 1),
  })

  /** The end of the turn, then time. */
  pass(ms: number): void {
    for (const run of this.turns.splice(0)) run()
    this.now += ms
    for (const timer of this.timers.splice(0)) {
      if (timer.at <= this.now) timer.run()
      else this.timers.push(timer)
    }
  }
}

test('what is to be said in one turn is said once, at its end', () => {
  const hand = new HandDriven()
  hand.turn.said()
  hand.turn.wake()
  hand.turn.said()
  expect(hand.spoken).toBe(0)
  hand.pass(0)
  expect(hand.spoken).toBe(1)
  hand.turn.said()
  hand.pass(0)
  expect(hand.spoken).toBe(2)
})

test('where many read much, updates are collected for some milliseconds, and the rest goes with them', () => {
  const hand = new HandDriven()
  hand.members = 100
  for (let i = 0; i < 1_000; i += 1) {
    hand.turn.said()
    hand.pass(1)
  }
  // a thousand a second for a hundred: no more than one write in eight milliseconds
  const before = hand.spoken
  for (let i = 0; i < 1_000; i += 1) {
    hand.turn.said()
    hand.turn.wake()
    hand.pass(1)
  }
  expect(hand.spoken - before).toBeGreaterThan(1_000 / UPDATE_PACE.maxMs)
  expect(hand.spoken - before).toBeLessThan(1_000 / UPDATE_PACE.minMs)
  // the last one is never left behind
  hand.pass(UPDATE_PACE.maxMs)
  const all = hand.spoken
  hand.pass(1_000)
  expect(hand.spoken).toBe(all)
  hand.turn.said()
  hand.pass(0)
  expect(hand.spoken).toBe(all + 1)
})

test('a flush says at once what there is to say, and its timer nothing more', () => {
  const hand = new HandDriven()
  hand.turn.flush()
  expect(hand.spoken).toBe(0)
  hand.turn.said()
  hand.turn.flush()
  expect(hand.spoken).toBe(1)
  hand.pass(100)
  expect(hand.spoken).toBe(1)
})

test('a closed one says nothing more', () => {
  const hand = new HandDriven()
  hand.turn.said()
  hand.turn.close()
  hand.pass(100)
  hand.turn.wake()
  hand.pass(100)
  expect(hand.spoken).toBe(0)
})
