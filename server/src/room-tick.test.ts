import { expect, test } from 'vitest'
import { PRESENCE_PACE, Tick, UPDATE_PACE } from './room-tick.ts'

const { minMs, maxMs } = PRESENCE_PACE

/** The tick of a room where everybody moves so often, after two seconds of it. */
function tickOf(members: number, perSecond: number): number {
  const tick = new Tick(PRESENCE_PACE)
  const total = members * perSecond * 2
  for (let i = 0; i < total; i += 1) tick.count((i * 2_000) / total)
  return tick.lengthMs(2_000, members)
}

test.each([
  { members: 2, perSecond: 20, least: 0, most: 0 },
  { members: 9, perSecond: 20, least: 0, most: 0 },
  { members: 25, perSecond: 12.5, least: 0, most: 0 },
  { members: 50, perSecond: 12.5, least: minMs, most: 15 },
  { members: 200, perSecond: 12.5, least: 20, most: 25 },
  { members: 600, perSecond: 12.5, least: 25, most: 30 },
  { members: 2_000, perSecond: 20, least: maxMs, most: maxMs },
])(
  '$members members with $perSecond moves a second: $least-$most ms',
  ({ members, perSecond, least, most }) => {
    expect(tickOf(members, perSecond)).toBeGreaterThanOrEqual(least)
    expect(tickOf(members, perSecond)).toBeLessThanOrEqual(most)
  },
)

test('a second after the rush nothing is collected any more', () => {
  const tick = new Tick(PRESENCE_PACE)
  for (let i = 0; i < 1_000; i += 1) tick.count(i / 2)
  expect(tick.lengthMs(500, 100)).toBeGreaterThan(minMs)
  expect(tick.lengthMs(1_600, 100)).toBe(0)
})

test.each([
  { writers: 1, perSecond: 12, readers: 1_000, ms: 0 },
  { writers: 5, perSecond: 20, readers: 100, ms: 0 },
  { writers: 20, perSecond: 20, readers: 100, ms: 6 },
  { writers: 1_000, perSecond: 20, readers: 1_000, ms: UPDATE_PACE.maxMs },
])(
  '$writers who write $perSecond times a second for $readers: $ms ms',
  ({ writers, perSecond, readers, ms }) => {
    const tick = new Tick(UPDATE_PACE)
    const total = writers * perSecond
    for (let i = 0; i < total; i += 1) tick.count((i * 1_000) / total)
    expect(tick.lengthMs(1_000, readers)).toBe(ms)
  },
)
