import { describe, expect, test } from 'vitest'
import { MAX_STEPS } from '../support/simulator/recorded.ts'
import { openRealRoom, openSlicingRoom } from '../support/simulator/real-room.ts'
import { runSeeds } from '../support/simulator/seeds.ts'

const FILE = 'tests/integration/instances-simulator.test.ts'
/** Those before were run by `npm test`. */
const FIRST_SEED = 1_000
const SEEDS = 120

describe('simulated histories of several instances', () => {
  for (const instances of [2, 3, 4]) {
    const [from, to] = [FIRST_SEED, FIRST_SEED + SEEDS]
    test(`[I1] [I2] [I4] ${instances} instances, seeds ${from}-${to - 1}: all keep every rule of the room log`, async () => {
      const result = await runSeeds(
        { openRoom: instances === 3 ? openSlicingRoom : openRealRoom, instances },
        { from, to, maxSteps: MAX_STEPS, file: FILE },
      )
      expect(result.failure).toBeUndefined()
      expect(result.crashes).toBeGreaterThan(0)
    })
  }
})
