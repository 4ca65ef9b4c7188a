import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

test('[W24] a burst passes, then each token has its wait', () => {
  const bucket = new TokenBucket(100, 5, 0)
  expect([1, 1, 1, 1, 1].map((tokens) => bucket.take(tokens, 0))).toEqual([0, 0, 0, 0, 0])
  expect(bucket.take(1, 0)).toBe(10)
  expect(bucket.take(1, 0)).toBe(20)
  expect(bucket.take(1, 40)).toBe(0)
})

test('[W24] whoever waits as told is never above the rate by more than the burst', () => {
  const step = fc.record({
    tokens: fc.integer({ min: 1, max: 50 }),
    restMs: fc.integer({ min: 0, max: 200 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bucket = new TokenBucket(100, 20, 0)
      let now = 0
      let taken = 0
      for (const { tokens, restMs } of steps) {
        taken += tokens
        now += bucket.take(tokens, now)
        expect(taken).toBeLessThanOrEqual(20 + now * 0.1 + 1e-6)
        now += restMs
      }
    }),
  )
})

test('[W24] a clock that steps back neither punishes nor refills', () => {
  const bucket = new TokenBucket(1_000, 1, 10_000)
  expect(bucket.take(1, 10_000)).toBe(0)
  expect(bucket.take(1, 1)).toBe(1)
  expect(bucket.take(0, 3)).toBe(0)
})
