import { beforeEach, describe, test } from 'vitest'
import { SHORT_FAULTS } from '../support/redis-faults/faults.ts'
import { weather } from '../support/redis-faults/weather.ts'
import { findRedis, REDIS_MISSING } from '../support/redis-server.ts'

const SEED = Number(process.env['ROOMFUL_SEED'] ?? Date.now() % 1_000_000)
/** Ten seconds, and all faults, in tests/long. */
const HOLD_MS = 100

beforeEach(({ skip }) => skip(findRedis() === undefined, REDIS_MISSING))

// each in a house of its own: they mostly wait
describe.concurrent('two instances on one Redis', () => {
  for (const fault of SHORT_FAULTS)
    test(`[I1] [I2] [I4] [I9] ${fault.name}`, () => weather(fault, { seed: SEED, holdMs: HOLD_MS }))
})
