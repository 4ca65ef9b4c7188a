import { BOARD } from '@roomful/shared'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  boundsOf,
  bringClose,
  clampToWorld,
  fitRect,
  fromNormalized,
  isWhole,
  MAX_ZOOM,
  MIN_ZOOM,
  panBy,
  toNormalized,
  toScreen,
  toWorld,
  type View,
  WORLD,
  zoomAt,
} from './view.ts'

const WIDE = { width: 1_096, height: 808 }
const PHONE = { width: 390, height: 400 }

const viewOf = fc.record({
  x: fc.double({ min: -3_000, max: 3_000, noNaN: true }),
  y: fc.double({ min: -3_000, max: 3_000, noNaN: true }),
  zoom: fc.double({ min: MIN_ZOOM, max: MAX_ZOOM, noNaN: true }),
})
const pointOf = fc.record({
  x: fc.double({ min: 0, max: BOARD.width, noNaN: true }),
  y: fc.double({ min: 0, max: BOARD.height, noNaN: true }),
})

describe('the view', () => {
  test('holds a card whole, or does not', () => {
    const view = { x: 0, y: 0, zoom: 1 }
    const card = { x: 0, y: 0, width: 288, height: 176 }
    expect(isWhole(view, card, WIDE)).toBe(true)
    expect(isWhole(view, { ...card, x: WIDE.width - 288 }, WIDE)).toBe(true)
    expect(isWhole(view, { ...card, x: WIDE.width - 287 }, WIDE)).toBe(false)
    expect(isWhole(view, { ...card, y: WIDE.height }, WIDE)).toBe(false)
    expect(isWhole({ ...view, y: -1 }, card, WIDE)).toBe(false)
    expect(isWhole({ ...view, zoom: 100 }, card, WIDE)).toBe(false)
  })

  test('[U6] a point of the world is the same point in every view, through the normalised wire', () => {
    fc.assert(
      fc.property(viewOf, viewOf, pointOf, (mine, theirs, point) => {
        const sent = toNormalized(toWorld(mine, toScreen(mine, point)))
        const seen = toWorld(theirs, toScreen(theirs, fromNormalized(sent)))
        expect(seen.x).toBeCloseTo(point.x, 4)
        expect(seen.y).toBeCloseTo(point.y, 4)
      }),
    )
  })

  test('what lies outside the world goes over the wire as its edge', () => {
    expect(toNormalized({ x: -50, y: BOARD.height * 2 })).toEqual({ x: 0, y: 1 })
  })

  test('[U53] zooming keeps the board point under the pointer', () => {
    fc.assert(
      fc.property(fc.double({ min: MIN_ZOOM, max: MAX_ZOOM, noNaN: true }), pointOf, (zoom, point) => {
        const view = fitRect(WORLD, WIDE, 0)
        const anchor = toScreen(view, point)
        const after = toWorld(zoomAt(view, anchor, zoom, WIDE), anchor)
        // at the smallest zooms the world may not leave the window: there the anchor may slip
        if (zoom < view.zoom) return
        expect(after.x).toBeCloseTo(point.x, 4)
        expect(after.y).toBeCloseTo(point.y, 4)
      }),
    )
  })

  test('zoom stays within its bounds', () => {
    const view: View = { x: 0, y: 0, zoom: 1 }
    expect(zoomAt(view, { x: 0, y: 0 }, 100, WIDE).zoom).toBe(MAX_ZOOM)
    expect(zoomAt(view, { x: 0, y: 0 }, 0, WIDE).zoom).toBe(MIN_ZOOM)
  })

  test('however far one pans, a part of the world stays in sight', () => {
    for (const [dx, dy] of [
      [9e6, 0],
      [-9e6, 0],
      [0, 9e6],
      [0, -9e6],
    ] as const) {
      const view = panBy({ x: 0, y: 0, zoom: 0.5 }, dx, dy, WIDE)
      const end = toScreen(view, { x: BOARD.width, y: BOARD.height })
      expect(view.x).toBeLessThan(WIDE.width)
      expect(view.y).toBeLessThan(WIDE.height)
      expect(end.x).toBeGreaterThan(0)
      expect(end.y).toBeGreaterThan(0)
    }
  })

  test.each([WIDE, PHONE])('the whole world fits into %o', (viewport) => {
    const view = fitRect(WORLD, viewport, 0)
    const end = toScreen(view, { x: BOARD.width, y: BOARD.height })
    expect(view.x).toBeGreaterThanOrEqual(-1e-9)
    expect(view.y).toBeGreaterThanOrEqual(-1e-9)
    expect(end.x).toBeLessThanOrEqual(viewport.width + 1e-9)
    expect(end.y).toBeLessThanOrEqual(viewport.height + 1e-9)
  })

  test('a small rectangle is centred, not magnified', () => {
    const view = fitRect({ x: 100, y: 100, width: 50, height: 50 }, WIDE, 40)
    expect(view.zoom).toBe(1)
    expect(toScreen(view, { x: 125, y: 125 })).toEqual({ x: WIDE.width / 2, y: WIDE.height / 2 })
  })

  test('bounds enclose all, and there are none of nothing', () => {
    expect(boundsOf([])).toBeUndefined()
    expect(
      boundsOf([
        { x: 10, y: 20, width: 5, height: 5 },
        { x: 0, y: 22, width: 2, height: 30 },
      ]),
    ).toEqual({ x: 0, y: 20, width: 15, height: 32 })
  })

  test('bringing a card close makes it readable and puts it inside, and then does nothing more', () => {
    const card = { x: 3_700, y: 20, width: 288, height: 176 }
    const close = bringClose(fitRect(WORLD, WIDE, 0), card, 0.72, WIDE, 64)
    const from = toScreen(close, card)
    const to = toScreen(close, { x: card.x + card.width, y: card.y + card.height })
    expect(close.zoom).toBe(0.72)
    expect(from.y).toBeGreaterThanOrEqual(64)
    expect(to.x).toBeLessThanOrEqual(WIDE.width - 64 + 1e-9)
    expect(bringClose(close, card, 0.72, WIDE, 64)).toBe(close)
  })

  test('a card cannot leave the world and lies on whole units', () => {
    const size = { width: 288, height: 176 }
    expect(clampToWorld({ x: -9, y: 9_999 }, size)).toEqual({ x: 0, y: BOARD.height - 176 })
    expect(clampToWorld({ x: 10.4, y: 20.6 }, size)).toEqual({ x: 10, y: 21 })
  })
})
