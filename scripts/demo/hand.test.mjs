import { BOARD } from '@roomful/shared'
import { expect, test } from 'vitest'
import { Hand } from './hand.mjs'
import { Pace } from './pace.mjs'
import { freePlace } from './place.mjs'
import { seededRandom } from './random.mjs'
import { DESK } from './story.mjs'

/** @param {number} seed */
function handWithTrail(seed) {
  /** @type {({ x: number, y: number } | null)[]} */
  const trail = []
  const presence = { setPointer: (/** @type {{ x: number, y: number } | null} */ point) => trail.push(point) }
  // the only method a hand uses
  const store = /** @type {import('@roomful/provider').PresenceStore} */ (/** @type {unknown} */ (presence))
  return { hand: new Hand(store, new Pace(1_000), seededRandom(seed)), trail }
}

test('a hand ends exactly where it was sent, slow at both ends and without jumps', async () => {
  const { hand, trail } = handWithTrail(3)
  await hand.moveTo({ x: 100, y: 100 })
  trail.length = 0
  await hand.moveTo({ x: 3_500, y: 2_000 })
  expect(hand.at).toEqual({ x: 3_500, y: 2_000 })
  const steps = trail.map((point, index) => {
    const before = trail[index - 1] ?? { x: 100 / BOARD.width, y: 100 / BOARD.height }
    return point === null
      ? 0
      : Math.hypot((point.x - before.x) * BOARD.width, (point.y - before.y) * BOARD.height)
  })
  const longest = Math.max(...steps)
  expect(steps.length).toBeGreaterThan(10)
  expect(longest).toBeLessThan(Math.hypot(3_400, 1_900) / 4)
  expect(steps[0]).toBeLessThan(longest / 3)
  expect(steps.at(-1)).toBeLessThan(longest / 3)
})

test('a hand never leaves the board', async () => {
  const { hand, trail } = handWithTrail(4)
  await hand.moveTo({ x: 9_000, y: -500 })
  for (const point of trail) {
    expect(point?.x).toBeLessThanOrEqual(1)
    expect(point?.y).toBeGreaterThanOrEqual(0)
  }
  expect(hand.at).toEqual({ x: BOARD.width, y: 0 })
})

test('the end of the demo wakes everybody and lets nothing begin', async () => {
  const pace = new Pace()
  const waiting = pace.pause(60_000)
  pace.end()
  await expect(waiting).rejects.toThrow()
  await expect(pace.pause(0)).rejects.toThrow()
})

test('a card is laid where nothing is, while there is room', () => {
  const size = /** @type {const} */ ([240, 160])
  /** @type {{ pos: [number, number], size: readonly [number, number] }[]} */
  const cards = []
  for (let index = 0; index < 4; index++) {
    const { x, y } = freePlace(size, cards, seededRandom(index))
    for (const { pos } of cards) expect(Math.abs(pos[0] - x) < 240 && Math.abs(pos[1] - y) < 160).toBe(false)
    expect(x).toBeGreaterThanOrEqual(DESK.left)
    expect(x + size[0]).toBeLessThanOrEqual(DESK.left + DESK.width)
    cards.push({ pos: [x, y], size })
  }
})

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (/** @type {number} */ seed) => Array.from({ length: 5 }, seededRandom(seed))
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
  for (const value of draw(9)) expect(value >= 0 && value < 1).toBe(true)
})
