import { describe, expect, test, vi } from 'vitest'
import { MAX_STEPS } from '../support/simulator/recorded.ts'
import { openRealRoom, openSlicingRoom } from '../support/simulator/real-room.ts'
import { runSeeds } from '../support/simulator/seeds.ts'

const FILE = 'tests/integration/instances-simulator.test.ts'
const SEEDS = 12
/** Seconds on a free machine; a failing seed is shrunk for a minute. */
const TIMEOUT_MS = 300_000

vi.setConfig({ testTimeout: TIMEOUT_MS })

const only = process.env['ROOMFUL_SEED']
const onlySteps = Number(process.env['ROOMFUL_STEPS'] || MAX_STEPS)

describe('simulated histories of several instances', () => {
  for (const instances of [2, 3, 4]) {
    const [from, to] =
      only === undefined || only === ''
        ? [instances * SEEDS, (instances + 1) * SEEDS]
        : [Number(only), Number(only) + 1]
    test(`[I1] [I2] [I4] ${instances} instances, seeds ${from}-${to - 1}: all keep every rule of the room log`, async () => {
      const result = await runSeeds(
        { openRoom: instances === 3 ? openSlicingRoom : openRealRoom, instances },
        { from, to, maxSteps: onlySteps, file: FILE },
      )
      expect(result.failure).toBeUndefined()
      expect(result.acknowledgements).toBeGreaterThan(0)
    })
  }
})
