import { expect, test } from 'vitest'
import { leastOf, slopePerMinute } from '../../support/soak/held.ts'
import { soak } from '../../support/soak/run-soak.ts'

const MiB = 1_048_576
const plan = { lengthMs: 3_000, warmUpMs: 1_000, sampleMs: 250, seed: 1, patienceMs: 10_000 }
/** A thread that has nothing to do ends after a minute: the twenty minutes wait for it, the three seconds do not. */
const THREADS = 2

test('the slope is what the samples grow by, whatever the noise', () => {
  const line = Array.from({ length: 500 }, (_none, index) => ({
    atMs: index * 1_000,
    bytes: 1e8 + index * 500 + (index % 2 === 0 ? 1e5 : -1e5),
  }))
  expect(slopePerMinute(line)).toBeGreaterThan(29_000)
  expect(slopePerMinute(line)).toBeLessThan(31_000)
  expect(slopePerMinute(line.map((sample) => ({ ...sample, bytes: 7 })))).toBe(0)
})

test('what comes and goes within a minute is no slope, what stays is', () => {
  const samples = (perMinute: number) =>
    Array.from({ length: 72 }, (_none, index) => ({
      atMs: index * 10_000,
      bytes: 1e8 + (perMinute * index) / 6 + (index % 6 === 3 ? 0 : 2e6 * ((index * 7) % 5)),
    }))
  for (const perMinute of [0, 50_000, 1e6]) {
    const least = leastOf(samples(perMinute), 60_000)
    expect(least).toHaveLength(12)
    expect(slopePerMinute(least)).toBeCloseTo(perMinute, 0)
  }
})

test('memory that is given back for a moment is no slope, whenever that is', () => {
  for (const dip of [2, 19, 60, 85]) {
    const samples = Array.from({ length: 88 }, (_none, index) => ({
      atMs: index * 10_000,
      bytes: 1e6 * (160 + (index % 3) - (index >= dip && index < dip + 3 ? 26 : 0)),
    }))
    expect(Math.abs(slopePerMinute(samples))).toBeLessThan(10_000)
  }
})

test.concurrent('[I6] a short soak: everybody has had their turn, and no handle, listener or timer is left', async () => {
  const { before, after, counts, samples } = await soak(plan)
  expect(samples.length).toBeGreaterThan(1)
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0)
  expect(after.handles).toBeLessThanOrEqual(before.handles + THREADS)
  expect(after.listeners).toBe(before.listeners)
  expect(after.timers).toBeLessThanOrEqual(before.timers + THREADS)
})

test.concurrent('a leak that was planted is seen: memory, listeners and timers', async () => {
  const { before, after, samples } = await soak({ ...plan, leaks: true, patienceMs: 2_000 })
  expect(after.listeners).toBeGreaterThan(before.listeners + 10)
  expect(after.timers).toBeGreaterThan(before.timers + 10)
  // 2 MB a second
  expect(slopePerMinute(samples)).toBeGreaterThan(20 * MiB)
})
