import { expect, test } from 'vitest'
import { SimClock } from '../../../tests/support/simulator/sim-clock.ts'
import { LOOK_MS, type Unfinished, UnfinishedWatch } from './unfinished.ts'

/** A socket that holds what a test says. */
class Held implements Unfinished {
  isHere = true
  unfinishedBytes: number

  constructor(bytes: number) {
    this.unfinishedBytes = bytes
  }

  endUnfinished(): void {
    this.isHere = false
  }
}

function watch(...bytes: number[]): { clock: SimClock; sockets: Held[]; watch: UnfinishedWatch } {
  const clock = new SimClock()
  const sockets = bytes.map((held) => new Held(held))
  return { clock, sockets, watch: new UnfinishedWatch(clock, 100, new Set(sockets)) }
}

const stay = (sockets: readonly Held[]): boolean[] => sockets.map(({ isHere }) => isHere)

test('[limit:unfinishedBytes] [I6] up to the bound nobody is closed', () => {
  const { clock, sockets, watch: watched } = watch(30, 60, 0, 10)
  clock.advance(4 * LOOK_MS)
  expect(stay(sockets)).toEqual([true, true, true, true])
  expect(watched.bytes).toBe(100)
})

test('[limit:unfinishedBytes] [I6] over it those that hold most are closed, and no more than it takes', () => {
  const { clock, sockets, watch: watched } = watch(30, 90, 1, 60, 40)
  clock.advance(LOOK_MS)
  expect(stay(sockets)).toEqual([true, false, true, false, true])
  expect(watched.bytes).toBe(71)
  const [first] = sockets
  if (first !== undefined) first.unfinishedBytes = 200
  clock.advance(LOOK_MS)
  expect(stay(sockets)).toEqual([false, false, true, false, true])
})

test('[limit:unfinishedBytes] a watch that was closed looks no more', () => {
  const { clock, sockets, watch: watched } = watch(500)
  watched.close()
  clock.advance(10 * LOOK_MS)
  expect(stay(sockets)).toEqual([true])
})
