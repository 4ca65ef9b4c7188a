import { describe, expect, test, vi } from 'vitest'
import { decodeOperations } from '../support/simulator/operations.ts'
import { openRealRoom, openSlicingRoom } from '../support/simulator/real-room.ts'
import { openReferenceRoom } from '../support/simulator/reference-room.ts'
import { runRecorded, runSeeds } from '../support/simulator/seeds.ts'
import { MAX_STEPS, RECORDED } from '../support/simulator/recorded.ts'

const FILE = 'tests/integration/room-simulator.test.ts'
const REAL = { openRoom: openRealRoom }
const SLICING = { openRoom: openSlicingRoom }
const SLICING_SEEDS = 12
/** The classic server's presence is wrong after a remount, which is why Roomful's is not its; nor does it ask. */
const REFERENCE = { openRoom: openReferenceRoom, checksPresence: false, passesOnPending: true }
const SEEDS = 100
const SEEDS_PER_TEST = 50
const REFERENCE_SEEDS = 40

const only = process.env['ROOMFUL_SEED']
const onlySteps = Number(process.env['ROOMFUL_STEPS'] ?? MAX_STEPS)

/** Seconds on a free machine; a failing seed is shrunk for a minute. */
const TIMEOUT_MS = 300_000

vi.setConfig({ testTimeout: TIMEOUT_MS })

const describeSeed = (): void => {
  test(`[I1] [I2] [I4] the history of seed ${only} keeps every rule of the room log`, async () => {
    const from = Number(only)
    const { failure } = await runSeeds(REAL, { from, to: from + 1, maxSteps: onlySteps, file: FILE })
    expect(failure).toBeUndefined()
  })
}

const describeAll = (): void => {
  test('simulated stock tabs agree with each other through a classic room made of a Y.Doc', async () => {
    const result = await runSeeds(REFERENCE, {
      from: 0,
      to: REFERENCE_SEEDS,
      maxSteps: MAX_STEPS,
      file: FILE,
    })
    expect(result.failure).toBeUndefined()
    // a simulator in which nothing happens would also agree
    expect(result.acknowledgements).toBeGreaterThan(0)
    expect(result.crashes).toBeGreaterThan(0)
  })

  test.each(RECORDED)('$name', async ({ operations }) => {
    expect(await runRecorded(REAL, decodeOperations(operations))).toBeUndefined()
  })

  test(`[I1] [I2] [I3] where most updates are read elsewhere and admitted in slices, ${SLICING_SEEDS} histories keep every rule`, async () => {
    const result = await runSeeds(SLICING, { from: 0, to: SLICING_SEEDS, maxSteps: MAX_STEPS, file: FILE })
    expect(result.failure).toBeUndefined()
    expect(result.acknowledgements).toBeGreaterThan(0)
  })

  for (let from = 0; from < SEEDS; from += SEEDS_PER_TEST) {
    const to = from + SEEDS_PER_TEST
    test(`[I1] [I2] [I4] histories of seeds ${from}-${to - 1} keep every rule of the room log`, async () => {
      const result = await runSeeds(REAL, { from, to, maxSteps: MAX_STEPS, file: FILE })
      expect(result.failure).toBeUndefined()
      expect(result.acknowledgements).toBeGreaterThan(0)
    })
  }
}

// not skipped but absent: a skip is counted, and the whole run permits none
describe('simulated histories', only === undefined || only === '' ? describeAll : describeSeed)
