import { expect, test } from 'vitest'
import { SimClock } from '../../tests/support/simulator/sim-clock.ts'
import type { Clock } from './clock.ts'
import { coalesced, MOMENT_MS } from './coalesced-clock.ts'

/** A clock that counts its wake-ups, and whose wall time can be set. */
class CountingClock implements Clock {
  readonly sim = new SimClock()
  wakes = 0
  planned = 0
  timers = 0
  /** Wall time minus the time that passed. */
  offMs = 0

  now(): number {
    return this.sim.now() + this.offMs
  }

  after(ms: number, run: () => void): () => void {
    this.planned += 1
    this.timers += 1
    const cancel = this.sim.after(ms, () => {
      this.planned -= 1
      this.wakes += 1
      run()
    })
    return () => {
      this.planned -= 1
      cancel()
    }
  }

  endOfTurn(run: () => void): void {
    this.sim.endOfTurn(run)
  }

  pass(ms: number): void {
    for (let left = ms; left > 0;) left = this.sim.advance(left)
  }
}

/** Runs every `ms` until it is stopped. */
function every(clock: Clock, ms: number): { readonly at: number[]; stop(): void } {
  const at: number[] = []
  const start = clock.now()
  let stop = (): void => undefined
  const plan = (): void => {
    stop = clock.after(ms, () => {
      at.push(clock.now() - start)
      plan()
    })
  }
  plan()
  return { at, stop: () => stop() }
}

test('what is asked for by many, at different moments, is one wake-up', () => {
  const clock = new CountingClock()
  const shared = coalesced(clock)
  expect(coalesced(clock)).toBe(shared)
  const chores = [every(shared, MOMENT_MS)]
  clock.pass(70)
  chores.push(every(shared, MOMENT_MS), every(shared, 2 * MOMENT_MS))
  clock.pass(33)
  chores.push(every(shared, MOMENT_MS - 5))
  clock.pass(10 * MOMENT_MS - 103)
  expect(clock.wakes).toBe(10)
  expect(clock.planned).toBe(1)
  expect(clock.timers).toBe(11)
  expect(chores.map(({ at }) => at.length)).toEqual([10, 10, 5, 10])
  for (const { stop } of chores) stop()
  expect(clock.planned).toBe(0)
})

test('nothing comes before half a moment, nor more than half a one from when it was asked for', () => {
  const clock = new CountingClock()
  const shared = coalesced(clock)
  every(shared, MOMENT_MS)
  for (const ms of [1, 60, 130, 250, 380, 1_000, 3_000]) {
    clock.pass(37)
    const delay = shared.delay(ms)
    const asked = clock.now()
    let ran: number | undefined
    shared.after(ms, () => (ran = clock.now()))
    clock.pass(4_000)
    expect(ran).toBe(asked + delay)
    expect(delay).toBeGreaterThanOrEqual(MOMENT_MS / 2)
    if (ms >= MOMENT_MS) expect(Math.abs(delay - ms)).toBeLessThanOrEqual(MOMENT_MS / 2)
  }
})

test('a wall clock that is set back or ahead delays nothing', () => {
  const clock = new CountingClock()
  const shared = coalesced(clock)
  let runs = 0
  const plan = (): void =>
    void shared.after(MOMENT_MS, () => {
      runs += 1
      plan()
    })
  plan()
  for (const offMs of [0, -3_600_000, 60_000, -1]) {
    clock.pass(100)
    clock.offMs = offMs
    let asked = 0
    shared.after(MOMENT_MS, () => (asked += 1))
    clock.pass(2 * MOMENT_MS)
    expect(asked).toBe(1)
    const before = runs
    clock.pass(20 * MOMENT_MS)
    expect(runs - before).toBeGreaterThanOrEqual(19)
    expect(runs - before).toBeLessThanOrEqual(20)
  }
})

test('one that throws leaves the others their turn, and what is cancelled by another of its moment does not run', () => {
  const clock = new CountingClock()
  const shared = coalesced(clock)
  const ran: string[] = []
  shared.after(MOMENT_MS, () => cancel())
  const cancel = shared.after(MOMENT_MS, () => ran.push('cancelled'))
  shared.after(MOMENT_MS, () => {
    throw new Error('on purpose')
  })
  shared.after(MOMENT_MS, () => ran.push('fourth'))
  shared.after(2 * MOMENT_MS, () => ran.push('later'))
  expect(() => clock.pass(MOMENT_MS)).toThrow('on purpose')
  clock.pass(1)
  expect(ran).toEqual(['fourth'])
  clock.pass(MOMENT_MS)
  expect(ran).toEqual(['fourth', 'later'])
  expect(clock.planned).toBe(0)
})
