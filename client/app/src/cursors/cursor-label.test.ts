import { describe, expect, test } from 'vitest'
import { clearOfTools, isInside, labelFlip, labelPlace, labelShift } from './cursor-label.ts'
import { dotGap } from '../board/draw-view.ts'

const VIEWPORT = { width: 1_000, height: 600 }
const LABEL = { width: 90, height: 24 }

describe('a cursor’s label', () => {
  test.each([
    ['in the middle hangs right and below', { x: 500, y: 300 }, { x: false, y: false }],
    ['at the right edge hangs left', { x: 990, y: 300 }, { x: true, y: false }],
    ['at the bottom hangs above', { x: 500, y: 590 }, { x: false, y: true }],
    ['in the corner does both', { x: 990, y: 594 }, { x: true, y: true }],
    ['flips exactly when it no longer fits', { x: 895, y: 300 }, { x: false, y: false }],
    ['and not a pixel later', { x: 896, y: 300 }, { x: true, y: false }],
  ])('[U9] %s', (_, tip, expected) => {
    expect(labelFlip(tip, LABEL, VIEWPORT)).toEqual(expected)
  })

  test('[U9] never flips out of the other side of a narrow board', () => {
    expect(labelFlip({ x: 40, y: 10 }, LABEL, { width: 100, height: 30 })).toEqual({ x: false, y: false })
  })
})

describe('[U13] what is said at the pointer', () => {
  const clear = clearOfTools(VIEWPORT)

  test('hangs right and below, and is not pushed, where there is room', () => {
    expect(labelPlace({ x: 500, y: 300 }, LABEL, VIEWPORT)).toEqual({ x: 515, y: 317 })
    expect(labelShift({ x: 500, y: 300 }, LABEL, { x: false, y: false }, clear)).toEqual({ x: 0, y: 0 })
  })

  test('is never behind the tools at the bottom, nor over an edge', () => {
    for (const label of [LABEL, { width: 240, height: 120 }]) {
      for (let x = 0; x <= VIEWPORT.width; x += 20) {
        for (let y = 0; y <= VIEWPORT.height; y += 10) {
          const at = labelPlace({ x, y }, label, VIEWPORT)
          expect(at.x).toBeGreaterThanOrEqual(0)
          expect(at.y).toBeGreaterThanOrEqual(0)
          expect(at.x + label.width).toBeLessThanOrEqual(VIEWPORT.width)
          expect(at.y + label.height).toBeLessThanOrEqual(clear.height)
        }
      }
    }
  })

  test('on a board too small for it begins at its edge', () => {
    expect(labelPlace({ x: 40, y: 20 }, LABEL, { width: 60, height: 90 })).toEqual({ x: 0, y: 0 })
  })
})

describe('the dots', () => {
  test('keep a calm distance at every zoom', () => {
    for (let zoom = 0.05; zoom <= 1; zoom *= 1.1) {
      expect(dotGap(zoom)).toBeGreaterThanOrEqual(15)
      expect(dotGap(zoom)).toBeLessThan(31)
    }
  })
})

test.each([
  [{ x: 0, y: 0 }, true],
  [{ x: 1_000, y: 600 }, true],
  [{ x: -1, y: 300 }, false],
  [{ x: 500, y: 601 }, false],
])('a tip at %j can be seen: %s', (tip, expected) => {
  expect(isInside(tip, VIEWPORT)).toBe(expected)
})
