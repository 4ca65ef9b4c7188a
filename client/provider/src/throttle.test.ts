import { describe, expect, test } from 'vitest'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { Throttle } from './throttle.ts'

function create(intervalMs = 80): { clock: ManualClientClock; sent: number[]; throttle: Throttle<number> } {
  const clock = new ManualClientClock()
  const sent: number[] = []
  return {
    clock,
    sent,
    throttle: new Throttle(
      () => intervalMs,
      clock,
      (value) => sent.push(value),
    ),
  }
}

describe('throttle', () => {
  test('the first value goes at once, the last is never lost, what lies between is', () => {
    const { clock, sent, throttle } = create()
    for (const value of [1, 2, 3, 4]) throttle.push(value)
    expect(sent).toEqual([1])
    clock.advance(79)
    expect(sent).toEqual([1])
    clock.advance(1)
    expect(sent).toEqual([1, 4])
    clock.advance(1_000)
    expect(sent).toEqual([1, 4])
  })

  test('a steady stream of values gives one per interval', () => {
    const { clock, sent, throttle } = create()
    for (let step = 0; step < 100; step++) {
      throttle.push(step)
      clock.advance(8)
    }
    // 800 ms: the first, and one at the end of each of ten intervals
    expect(sent.length).toBe(11)
  })

  test('a value after a quiet interval goes at once', () => {
    const { clock, sent, throttle } = create()
    throttle.push(1)
    clock.advance(80)
    throttle.push(2)
    expect(sent).toEqual([1, 2])
  })

  test('flush sends what waits, cancel forgets it', () => {
    const { clock, sent, throttle } = create()
    throttle.push(1)
    throttle.push(2)
    throttle.flush()
    throttle.flush()
    throttle.push(3)
    throttle.cancel()
    clock.advance(1_000)
    expect(sent).toEqual([1, 2])
    expect(clock.waiting).toBe(0)
  })

  test('a device clock set back holds nothing longer than one interval', () => {
    const sent: number[] = []
    let now = 10_000_000
    const clock = new ManualClientClock()
    const throttle = new Throttle(
      () => 80,
      { now: () => now, after: (ms, run) => clock.after(ms, run) },
      (value: number) => sent.push(value),
    )
    throttle.push(1)
    now -= 3_600_000
    throttle.push(2)
    clock.advance(80)
    expect(sent).toEqual([1, 2])
  })
})
