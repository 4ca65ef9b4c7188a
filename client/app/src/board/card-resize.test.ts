import { BOARD } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { HANDLES, resizedBox } from './card-resize.ts'
import { MAX_CARD, MIN_CARD } from './card-size.ts'

const box = { pos: [1_000, 800], size: [300, 200] } as const

describe('[U51] a handle', () => {
  test.each([
    ['e', [1_000, 800], [350, 200]],
    ['w', [1_050, 800], [250, 200]],
    ['s', [1_000, 800], [300, 230]],
    ['n', [1_000, 830], [300, 170]],
    ['se', [1_000, 800], [350, 230]],
    ['nw', [1_050, 830], [250, 170]],
    ['ne', [1_000, 830], [350, 170]],
    ['sw', [1_050, 800], [250, 230]],
  ] as const)('%s moves its sides and leaves the others', (handle, pos, size) => {
    expect(resizedBox(box, handle, { x: 50, y: 30 })).toEqual({ pos, size })
  })

  test('keeps between the smallest and the largest size, with the opposite side in its place', () => {
    for (const handle of HANDLES) {
      for (const by of [-10_000, 10_000]) {
        const { pos, size } = resizedBox(box, handle, { x: by, y: by })
        expect(size[0]).toBeGreaterThanOrEqual(MIN_CARD.width)
        expect(size[1]).toBeGreaterThanOrEqual(MIN_CARD.height)
        expect(size[0]).toBeLessThanOrEqual(MAX_CARD.width)
        expect(size[1]).toBeLessThanOrEqual(MAX_CARD.height)
        if (!handle.includes('w')) expect(pos[0]).toBe(1_000)
        else expect(pos[0] + size[0]).toBe(1_300)
        if (!handle.includes('n')) expect(pos[1]).toBe(800)
        else expect(pos[1] + size[1]).toBe(1_000)
      }
    }
  })

  test('does not lead out of the world', () => {
    const corner = { pos: [BOARD.width - 200, BOARD.height - 100], size: [180, 90] } as const
    expect(resizedBox(corner, 'se', { x: 500, y: 500 }).size).toEqual([200, 100])
    const origin = { pos: [20, 10], size: [180, 90] } as const
    expect(resizedBox(origin, 'nw', { x: -500, y: -500 })).toEqual({ pos: [0, 0], size: [200, 100] })
  })
})
