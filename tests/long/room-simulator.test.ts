import { describe, expect, test } from 'vitest'
import { openRealRoom } from '../support/simulator/real-room.ts'
import { MAX_STEPS } from '../support/simulator/recorded.ts'
import { runSeeds } from '../support/simulator/seeds.ts'

const FILE = 'tests/integration/room-simulator.test.ts'
const REAL = { openRoom: openRealRoom }
/** Those before were run by `npm test`. */
const FIRST_SEED = 100
const LAST_SEED = 600
const SEEDS_PER_TEST = 250

describe('simulated histories', () => {
  for (let from = FIRST_SEED; from < LAST_SEED; from += SEEDS_PER_TEST) {
    const to = from + SEEDS_PER_TEST
    test(`[I1] [I2] [I4] histories of seeds ${from}-${to - 1} keep every rule of the room log`, async () => {
      const result = await runSeeds(REAL, { from, to, maxSteps: MAX_STEPS, file: FILE })
      expect(result.failure).toBeUndefined()
    })
  }
})
