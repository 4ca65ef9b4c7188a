import { describe, expect, test } from 'vitest'
import { MUTANTS } from '../support/simulator/mutants.ts'
import { openRealRoom } from '../support/simulator/real-room.ts'
import { MAX_STEPS } from '../support/simulator/recorded.ts'
import { runSeeds } from '../support/simulator/seeds.ts'

/** Measured: each is caught within a third of it. */
const WITHIN_SEEDS = 60

describe('the room simulator', () => {
  test.each(MUTANTS)('notices when $name', async ({ worldOptions }) => {
    const result = await runSeeds(worldOptions({ openRoom: openRealRoom }), {
      from: 0,
      to: WITHIN_SEEDS,
      maxSteps: MAX_STEPS,
      file: 'tests/integration/simulator-mutants.test.ts',
      shrink: { runs: 0, ms: 0 },
    })
    expect(result.failure).toBeDefined()
  })
})
