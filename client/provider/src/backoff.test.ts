import { CLOSE } from '@roomful/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Backoff, backoffMs, FIRST_RETRY_MS, MAX_BACKOFF_MS } from './backoff.ts'

describe('backoff', () => {
  test('[U27] the first retry comes within a second, whatever the jitter', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
        const delay = backoffMs(0, MAX_BACKOFF_MS, random)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(FIRST_RETRY_MS)
      }),
    )
  })

  test('[U33] waits double to 30 s and no further, with full jitter', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 2_000].map((failures) => backoffMs(failures, MAX_BACKOFF_MS, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ])
    expect(backoffMs(5, MAX_BACKOFF_MS, 0)).toBe(0)
    expect(backoffMs(5, MAX_BACKOFF_MS, 0.5)).toBe(15_000)
  })

  test('each failure counts until a connection did useful work', () => {
    const backoff = new Backoff(() => 1)
    expect([backoff.next(undefined, 30_000), backoff.next(1006, 30_000)]).toEqual([1_000, 2_000])
    backoff.reset()
    expect(backoff.next(undefined, 30_000)).toBe(1_000)
  })

  test('an overloaded server is not asked again within the first second only', () => {
    expect(new Backoff(() => 1).next(CLOSE.overload.code, 30_000)).toBe(4_000)
    expect(new Backoff(() => 1).next(CLOSE.rate.code, 30_000)).toBe(4_000)
  })

  test('[U33] the hint of a draining server is taken once', () => {
    const backoff = new Backoff(() => 1)
    backoff.hint(123)
    expect(backoff.next(CLOSE.restart.code, 30_000)).toBe(123)
    expect(backoff.next(CLOSE.restart.code, 30_000)).toBe(2_000)
  })
})
