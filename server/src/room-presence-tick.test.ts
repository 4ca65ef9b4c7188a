import { expect, test } from 'vitest'
import { MAX_TICK_MS, MIN_TICK_MS, PresenceTick } from './room-presence-tick.ts'

/** The tick of a room where everybody moves so often, after two seconds of it. */
function tickOf(members: number, perSecond: number): number {
  const tick = new PresenceTick()
  const total = members * perSecond * 2
  for (let i = 0; i < total; i += 1) tick.count((i * 2_000) / total)
  return tick.lengthMs(2_000, members)
}

test.each([
  { members: 2, perSecond: 20, least: 0, most: 0 },
  { members: 9, perSecond: 20, least: 0, most: 0 },
  { members: 25, perSecond: 12.5, least: 0, most: 0 },
  { members: 50, perSecond: 12.5, least: MIN_TICK_MS, most: 15 },
  { members: 200, perSecond: 12.5, least: 20, most: 25 },
  { members: 600, perSecond: 12.5, least: 25, most: 30 },
  { members: 2_000, perSecond: 20, least: MAX_TICK_MS, most: MAX_TICK_MS },
])(
  '$members members with $perSecond moves a second: $least-$most ms',
  ({ members, perSecond, least, most }) => {
    expect(tickOf(members, perSecond)).toBeGreaterThanOrEqual(least)
    expect(tickOf(members, perSecond)).toBeLessThanOrEqual(most)
  },
)

test('a second after the rush nothing is collected any more', () => {
  const tick = new PresenceTick()
  for (let i = 0; i < 1_000; i += 1) tick.count(i / 2)
  expect(tick.lengthMs(500, 100)).toBeGreaterThan(MIN_TICK_MS)
  expect(tick.lengthMs(1_600, 100)).toBe(0)
})
