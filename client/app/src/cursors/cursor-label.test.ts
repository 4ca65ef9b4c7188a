import { describe, expect, test } from 'vitest'
import { isInside, labelFlip } from './cursor-label.ts'
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
