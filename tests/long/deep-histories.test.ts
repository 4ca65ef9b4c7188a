import { expect, test } from 'vitest'
import { openRealRoom, openSlicingRoom } from '../support/simulator/real-room.ts'
import { DEEP_STEPS, MAX_STEPS } from '../support/simulator/recorded.ts'
import { runSeeds } from '../support/simulator/seeds.ts'

// In a file of its own: a core for these, a core for the many of room-simulator.test.ts.

const FILE = 'tests/integration/room-simulator.test.ts'
const REAL = { openRoom: openRealRoom }
const SLICING = { openRoom: openSlicingRoom }
const SLICING_SEEDS = 100
const DEEP_SEEDS = 60
const FRESH_SEEDS = 120
/** Fresh seeds start behind the fixed ones and differ from day to day; a failure names its seed. */
const FRESH_FROM = 1_000_000 + (Math.floor(Date.now() / 86_400_000) % 100_000) * FRESH_SEEDS

test(`[I1] [I2] [I3] where most updates are read elsewhere and admitted in slices, ${SLICING_SEEDS} histories keep every rule`, async () => {
  const result = await runSeeds(SLICING, { from: 0, to: SLICING_SEEDS, maxSteps: MAX_STEPS, file: FILE })
  expect(result.failure).toBeUndefined()
  expect(result.acknowledgements).toBeGreaterThan(0)
})

test(`[I1] [I2] [I4] deep histories of up to ${DEEP_STEPS} steps keep every rule of the room log`, async () => {
  const deep = { from: 0, to: DEEP_SEEDS, maxSteps: DEEP_STEPS, file: FILE }
  expect((await runSeeds(REAL, deep)).failure).toBeUndefined()
})

test(`[I1] [I2] [I4] histories nobody has run before keep every rule, from seed ${FRESH_FROM}`, async () => {
  const result = await runSeeds(REAL, {
    from: FRESH_FROM,
    to: FRESH_FROM + FRESH_SEEDS,
    maxSteps: MAX_STEPS,
    file: FILE,
  })
  expect(result.failure).toBeUndefined()
})
