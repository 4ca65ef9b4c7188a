import { BOARD } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { containing, looksSame, towards, toPresenceView } from './shared-view.ts'

const WIDE = { width: 1_200, height: 600 }
const TALL = { width: 390, height: 700 }

describe('[U14] a view that is shared', () => {
  test('is the rectangle of the world in sight, normalised', () => {
    const view = { x: -100, y: 50, zoom: 0.5 }
    expect(toPresenceView(view, WIDE)).toEqual({
      x: 200 / BOARD.width,
      y: -100 / BOARD.height,
      width: 2_400 / BOARD.width,
      height: 1_200 / BOARD.height,
    })
  })

  test('comes back as it was in a window of the same size, at every zoom', () => {
    for (const zoom of [0.06, 0.5, 1, 3.9]) {
      const view = { x: -312.5, y: 44, zoom }
      expect(looksSame(containing(toPresenceView(view, WIDE), WIDE), view, WIDE)).toBe(true)
    }
  })

  test.each([
    ['taller', TALL],
    ['lower', { width: 2_000, height: 300 }],
  ])('is contained, its middle in the middle, in a %s window', (_, viewport) => {
    const shown = toPresenceView({ x: -800, y: -500, zoom: 1 }, WIDE)
    const mine = toPresenceView(containing(shown, viewport), viewport)
    expect(mine.x).toBeLessThanOrEqual(shown.x + 1e-9)
    expect(mine.y).toBeLessThanOrEqual(shown.y + 1e-9)
    expect(mine.x + mine.width / 2).toBeCloseTo(shown.x + shown.width / 2)
    expect(mine.y + mine.height / 2).toBeCloseTo(shown.y + shown.height / 2)
    const fill = Math.max(shown.width / mine.width, shown.height / mine.height)
    expect(fill).toBeCloseTo(1)
  })

  test('is reached by steps that end exactly where they should', () => {
    const from = { x: 0, y: 0, zoom: 0.25 }
    const to = { x: -2_000, y: -900, zoom: 2 }
    expect(looksSame(towards(from, to, WIDE, 0), from, WIDE)).toBe(true)
    expect(looksSame(towards(from, to, WIDE, 1), to, WIDE)).toBe(true)
    const half = towards(from, to, WIDE, 0.5)
    expect(half.zoom).toBeCloseTo(Math.sqrt(0.25 * 2))
    expect(looksSame(half, to, WIDE)).toBe(false)
  })
})
