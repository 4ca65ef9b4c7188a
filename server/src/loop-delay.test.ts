import { expect, test } from 'vitest'
import { SimClock } from '../../tests/support/simulator/sim-clock.ts'
import { LOOK_MS, watchLoopDelay } from './loop-delay.ts'

test('what runs late is told by how much, until it is stopped', () => {
  const clock = new SimClock()
  const delays: number[] = []
  let lateMs = 0
  const stop = watchLoopDelay(
    clock,
    () => clock.now() + lateMs,
    (delayMs) => delays.push(delayMs),
  )
  clock.advance(LOOK_MS)
  lateMs += 70
  clock.advance(LOOK_MS)
  clock.advance(LOOK_MS)
  expect(delays).toEqual([0, 70, 0])
  stop()
  expect(clock.nextIn).toBeUndefined()
})
