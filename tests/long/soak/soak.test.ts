import { expect, test } from 'vitest'
import { slopePerMinute } from '../../support/soak/held.ts'
import { soak } from '../../support/soak/run-soak.ts'

const MiB = 1_048_576
const MINUTE_MS = 60_000
/** `ROOMFUL_SOAK_MINUTES=120` for a night. */
const MINUTES = Number(process.env['ROOMFUL_SOAK_MINUTES'] || 20)
const SEED = Number(process.env['ROOMFUL_SEED'] || Date.now() % 1_000_000)

test('[I6] twenty minutes of mixed load: RSS grows by less than 1 MiB in ten minutes, no handle, listener or timer is left', async () => {
  process.stderr.write(`soak of ${MINUTES} minutes: seed ${SEED}\n`)
  const { samples, before, after, counts } = await soak({
    lengthMs: MINUTES * MINUTE_MS,
    warmUpMs: (MINUTES * MINUTE_MS) / 4,
    sampleMs: 10_000,
    seed: SEED,
  })
  const slope = slopePerMinute(samples) * 10
  process.stderr.write(
    `soak: ${(slope / MiB).toFixed(2)} MiB in ten minutes over ${samples.length} samples, ` +
      `${samples.map(({ bytes }) => Math.round(bytes / MiB)).join(' ')} MiB; ${JSON.stringify({ counts, before, after })}\n`,
  )
  expect(slope).toBeLessThan(MiB)
  expect([after.handles, after.listeners]).toEqual([before.handles, before.listeners])
  expect(after.timers).toBeLessThanOrEqual(before.timers)
})
