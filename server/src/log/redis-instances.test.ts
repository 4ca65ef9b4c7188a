import { expect, test } from 'vitest'
import { nextTurn } from '../../../tests/support/wait.ts'
import { SimClock } from '../../../tests/support/simulator/sim-clock.ts'
import type { RedisReply } from './redis-commands.ts'
import { RedisInstances } from './redis-instances.ts'

const LEASE_MS = 15_000
const BEAT_MS = LEASE_MS / 3

/** Leases of this instance and one other, on a Redis that answers as it is told. */
async function instances(): Promise<{
  /** The next renewal is answered so. */
  beat(reply: RedisReply): Promise<void>
  readonly told: string[]
}> {
  const clock = new SimClock()
  const told: string[] = []
  const redis: { reply: RedisReply } = { reply: ['-1', 'other', '0'] }
  const leases = new RedisInstances({
    connection: { reaches: () => true, run: () => Promise.resolve([redis.reply]) },
    clock,
    key: 'instances',
    self: 'self',
    leaseMs: LEASE_MS,
    gone: (instance) => told.push(`gone ${instance}`),
    returned: () => told.push('returned'),
    refused: () => told.push('refused'),
    refresh: () => undefined,
  })
  leases.start()
  await nextTurn()
  const beat = async (reply: RedisReply): Promise<void> => {
    redis.reply = reply
    clock.advance(BEAT_MS)
    await nextTurn()
  }
  return { beat, told }
}

test('[I4] who shows no sign of life for a lease is gone', async () => {
  const { beat, told } = await instances()
  await beat(['5000', 'other', '5000'])
  await beat(['5000', 'other', '10000'])
  expect(told).toEqual([])
  await beat(['5000', 'other', '15000'])
  expect(told).toEqual([])
  await beat(['5000', 'other', '20000'])
  expect(told).toEqual(['gone other'])
})

test('[I4] [I10] after a Redis that refused everybody nobody is gone: all have a lease’s length to say so', async () => {
  const { beat, told } = await instances()
  await beat(['5000', 'other', '0'])
  for (let refusal = 0; refusal < 5; refusal += 1) await beat(new Error('OOM command not allowed'))
  told.length = 0
  // this one is the first to be heard: the other could not say anything either
  await beat(['30000', 'other', '30000'])
  expect(told).toEqual(['returned'])
  await beat(['5000', 'other', '1000'])
  expect(told).toEqual(['returned'])
  // and who says nothing now is gone as ever
  await beat(['5000', 'other', '6000'])
  await beat(['5000', 'other', '11000'])
  await beat(['5000', 'other', '16000'])
  expect(told).toEqual(['returned', 'gone other'])
})
