import { expect, test } from 'vitest'
import { RedisHealth } from './redis-health.ts'

test('a socket that opened does not make a Redis well that refused something: what it takes does', () => {
  const told: boolean[] = []
  const health = new RedisHealth<{ isReachable: boolean }>((isHealthy) => told.push(isHealthy))
  const room = { isReachable: true }
  for (let round = 0; round < 3; round += 1) {
    health.failed(room, new Error("READONLY You can't write against a read only replica."))
    health.returned(true)
  }
  expect(told).toEqual([false])
  expect(health.answered(room, true)).toBe(true)
  expect(told).toEqual([false, true])
})

test('a server that was lost and is there again is well', () => {
  const told: boolean[] = []
  const health = new RedisHealth((isHealthy) => told.push(isHealthy))
  health.lost(new Error('gone'))
  health.returned(false)
  expect(told).toEqual([false])
  health.returned(true)
  expect(told).toEqual([false, true])
})
