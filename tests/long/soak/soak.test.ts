import { expect, test } from 'vitest'
import { leastOf, slopePerMinute, type Sample } from '../../support/soak/held.ts'
import { soak } from '../../support/soak/run-soak.ts'

const MiB = 1_048_576
const MINUTE_MS = 60_000
/** `ROOMFUL_SOAK_MINUTES=120` for a night. */
const MINUTES = Number(process.env['ROOMFUL_SOAK_MINUTES'] || 20)
/**
 * So much of it is left out: caches fill, threads start, code is compiled, and small allocations find their places, which takes a
 * quarter of an hour of this load or four minutes of four times as much (docs/decisions/0090).
 */
const WARM_UP = 0.4
/** In ten minutes. */
const LIMIT_MIB = 1
const SEED = Number(process.env['ROOMFUL_SEED'] || Date.now() % 1_000_000)

test('[I6] twenty minutes of mixed load: RSS and the heap grow by less than 1 MiB in ten minutes, no handle, listener or timer is left', async () => {
  process.stderr.write(`soak of ${MINUTES} minutes: seed ${SEED}\n`)
  const { samples, heap, before, after, counts } = await soak({
    lengthMs: MINUTES * MINUTE_MS,
    warmUpMs: MINUTES * MINUTE_MS * WARM_UP,
    sampleMs: 4_000,
    seed: SEED,
  })
  const slopes = { rss: inTenMinutes(samples), heap: inTenMinutes(heap) }
  process.stderr.write(
    `soak: ${JSON.stringify({ slopes, counts, before, after })}\nRSS ${line(samples)}\nheap ${line(heap)}\n`,
  )
  expect(slopes.rss).toBeLessThan(LIMIT_MIB)
  expect(slopes.heap).toBeLessThan(LIMIT_MIB)
  expect(after.handles).toBeLessThanOrEqual(before.handles)
  expect(after.listeners).toBe(before.listeners)
  expect(after.timers).toBeLessThanOrEqual(before.timers)
})

/** MiB, of what is there at the quietest moment of each minute. */
function inTenMinutes(samples: readonly Sample[]): number {
  const perMinute = slopePerMinute(leastOf(samples, MINUTE_MS))
  return Number(((perMinute * 10) / MiB).toFixed(2))
}

function line(samples: readonly Sample[]): string {
  return samples.map(({ bytes }) => (bytes / MiB).toFixed(1)).join(' ')
}
