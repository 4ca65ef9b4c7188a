import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachRun, EVERYTHING, NOWHERE, placeOf, type TileView } from './room-presence-place.ts'

const place = (state: object): ReturnType<typeof placeOf> =>
  placeOf(new TextEncoder().encode(JSON.stringify(state)))

function tilesOf(view: TileView): Set<number> {
  const tiles = new Set<number>()
  eachRun(view, (first, last) => {
    for (let tile = first; tile <= last; tile += 1) tiles.add(tile)
  })
  return tiles
}

test('somebody is at their pointer, without one in the middle of what they see, else nowhere', () => {
  const view = { x: 0.5, y: 0.5, width: 0.25, height: 0.25 }
  expect(place({ pointer: { x: 0, y: 0 }, view }).tile).toBe(0)
  expect(place({ pointer: { x: 1, y: 1 }, view: null }).tile).toBe(255)
  expect(place({ pointer: null, view }).tile).toBe(10 * 16 + 10)
  expect(place({ user: { name: 'a stock editor' }, cursor: { anchor: 1 } })).toEqual({
    tile: NOWHERE,
    view: EVERYTHING,
  })
})

test('what is no pointer and no view is none', () => {
  const broken = [{ x: 2, y: 0 }, { x: '0', y: 0 }, 7, null, 'everywhere']
  for (const value of broken) expect(place({ pointer: value, view: value }).tile).toBe(NOWHERE)
})

test('who did not say what they see is told of everything, nowhere included; who sees the whole board not', () => {
  expect(tilesOf(EVERYTHING).size).toBe(257)
  const whole = tilesOf(place({ view: { x: -1, y: -1, width: 3, height: 3 } }).view)
  expect(whole.size).toBe(256)
  expect(whole.has(NOWHERE)).toBe(false)
})

test('every point in a view is on one of its tiles, and no tile is told twice', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  const extent = fc.double({ min: 0.001, max: 3, noNaN: true })
  fc.assert(
    fc.property(unit, unit, extent, extent, unit, unit, (x, y, width, height, u, v) => {
      const { view } = place({ view: { x, y, width, height } })
      const pointer = { x: Math.min(1, x + u * width), y: Math.min(1, y + v * height) }
      const seen: number[] = []
      eachRun(view, (first, last) => {
        for (let tile = first; tile <= last; tile += 1) seen.push(tile)
      })
      expect(seen).toContain(place({ pointer }).tile)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    }),
  )
})
