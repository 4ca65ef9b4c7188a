import { beforeEach, describe, test } from 'vitest'
import { FAULTS } from '../support/redis-faults/faults.ts'
import { weather } from '../support/redis-faults/weather.ts'
import { findRedis, REDIS_MISSING } from '../support/redis-server.ts'

const SEED = Number(process.env['ROOMFUL_SEED'] ?? Date.now() % 1_000_000)
const HOLD_MS = 10_000
/** Where time adds nothing. */
const SHORT_HOLD_MS = 2_000

beforeEach(({ skip }) => skip(findRedis() === undefined, REDIS_MISSING))

// each in a house of its own: they mostly wait
describe.concurrent('two instances on one Redis', () => {
  for (const fault of FAULTS) {
    test(`[I1] [I2] [I4] [I9] ${fault.name}, while people write`, () =>
      weather(fault, { seed: SEED, holdMs: HOLD_MS }))

    test(`[I2] [I4] ${fault.name}, while nobody writes`, () =>
      weather(fault, { seed: SEED + 1, holdMs: SHORT_HOLD_MS, isQuiet: true }))

    test(`[I1] [I2] [I8] ${fault.name}, while both instances compact`, () =>
      weather(fault, { seed: SEED + 2, holdMs: SHORT_HOLD_MS, compacts: true }))
  }
})
