import { expect, test } from 'vitest'
import { SimClock } from '../../tests/support/simulator/sim-clock.ts'
import { CALM_LOOK_MS, LOOK_MS, watchLoopDelay } from './loop-delay.ts'

const STEP_MS = 10

/** A loop under watch that has been late and active as the test says. */
function watched(): {
  readonly clock: SimClock
  readonly delays: number[]
  readonly loop: { lateMs: number; activeMs: number }
  readonly stop: () => void
} {
  const clock = new SimClock()
  const delays: number[] = []
  const loop = { lateMs: 0, activeMs: 0 }
  const meters = { now: () => clock.now() + loop.lateMs, activeMs: () => loop.activeMs }
  return { clock, delays, loop, stop: watchLoopDelay(clock, meters, (ms) => delays.push(ms)) }
}

test('what runs late is told by how much, until it is stopped', () => {
  const { clock, delays, loop, stop } = watched()
  clock.advance(LOOK_MS)
  loop.lateMs += 70
  clock.advance(LOOK_MS)
  clock.advance(LOOK_MS)
  expect(delays).toEqual([0, 70, 0])
  stop()
  expect(clock.nextIn).toBeUndefined()
})

test('a loop that does next to nothing is looked at four times a second, one that may have been blocked fifty times', () => {
  const { clock, delays, loop } = watched()
  const looks = (ms: number): number => {
    const before = delays.length
    for (let passed = 0; passed < ms; passed += STEP_MS) clock.advance(STEP_MS)
    return delays.length - before
  }
  looks(CALM_LOOK_MS + LOOK_MS)
  expect(looks(4 * CALM_LOOK_MS)).toBe(4)
  loop.activeMs += LOOK_MS - 1
  looks(CALM_LOOK_MS)
  expect(looks(4 * CALM_LOOK_MS)).toBe(4)
  loop.activeMs += LOOK_MS
  looks(CALM_LOOK_MS)
  expect(looks(10 * LOOK_MS)).toBe(10)
  looks(CALM_LOOK_MS)
  expect(looks(4 * CALM_LOOK_MS)).toBe(4)
})
