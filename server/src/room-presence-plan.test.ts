import { expect, test } from 'vitest'
import { Random } from '../../tests/support/random.ts'
import { FAR_MS, planPresence, type PresenceDemand, type Viewers } from './room-presence-plan.ts'

const ENTRY = 93
const BUDGET = 1024 ** 3

/** A room where everybody moves 12.5 times a second. */
function roomOf(people: number): PresenceDemand {
  const round = people * ENTRY
  return { budget: BUDGET, perSecond: round * 12.5, round }
}

/** So many who see this part of all others. */
const seeing = (view: number, members: number, part: number, people: number): Viewers => ({
  view,
  members,
  round: part * people * ENTRY,
})

test('who sees a tenth of 1,000 is told of it at once', () => {
  expect(planPresence(roomOf(1_000), [seeing(1, 1_000, 0.1, 1_000)])).toEqual({
    wide: new Set(),
    wideMs: undefined,
  })
})

test.each([
  { people: 1_000, ms: 96 },
  { people: 1_200, ms: 145 },
  { people: 2_000, ms: 563 },
  { people: 3_500, ms: 6_000 },
])(
  '$people who all see everybody would be told of each every $ms ms: once a second at the slowest',
  ({ people, ms }) => {
    const { wide, wideMs } = planPresence(roomOf(people), [seeing(-1, people, 1, people)])
    expect(wide).toEqual(new Set([-1]))
    expect(wideMs).toBeCloseTo(Math.min(ms, FAR_MS), -1)
  },
)

test('who sees little loses nothing to who sees everything, and leaves the rest to them', () => {
  const half = planPresence(roomOf(1_600), [seeing(1, 800, 0.05, 1_600), seeing(-1, 800, 1, 1_600)])
  expect(half.wide).toEqual(new Set([-1]))
  const all = planPresence(roomOf(1_600), [seeing(-1, 1_600, 1, 1_600)])
  expect(half.wideMs).toBeLessThan((all.wideMs ?? 0) * 0.6)
})

test('nobody moves: nobody waits', () => {
  expect(planPresence({ budget: 1, perSecond: 0, round: 0 }, [seeing(1, 5, 0, 5)]).wide.size).toBe(0)
})

test('a plan keeps within the budget, once what everybody hears each second is within it', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = new Random(seed)
    const people = random.between(2, 1_500)
    const demand = roomOf(people)
    const viewers = Array.from({ length: random.between(1, 30) }, (_none, view) =>
      seeing(view, random.between(1, 50), random.int(1_000) / 1_000, people),
    )
    const members = viewers.reduce((sum, group) => sum + group.members, 0)
    const least = (members * demand.round * 1_000) / FAR_MS
    const budget = least * (1 + random.int(2_000) / 1_000)
    const { wide, wideMs = FAR_MS } = planPresence({ ...demand, budget }, viewers)
    const told = viewers.reduce((sum, { view, members: heads, round }) => {
      const perSecond = wide.has(view) ? 1_000 / wideMs : 12.5
      return sum + round * heads * perSecond
    }, 0)
    const isSlowest = wideMs === FAR_MS
    if (!isSlowest) expect(least + told, `seed ${seed}`).toBeLessThanOrEqual(budget * 1.001)
  }
})
