import { parsePointer, parseView } from '@roomful/shared'

/** The board is divided into so many tiles across and down: a view that shows a quarter of it each way is 4 or 5 of them. */
const SIDE = 16
export const BOARD_TILES: number = SIDE * SIDE
/** The tile of who is nowhere on the board: behind all others. */
export const NOWHERE: number = BOARD_TILES
export const ALL_TILES: number = BOARD_TILES + 1

/** A view in whole tiles, {@link EVERYTHING} or packed: left, right, top and bottom tile, four bits each. */
export type TileView = number
/** The view of who did not say what they see. */
export const EVERYTHING: TileView = -1

/** Where somebody is, and what they see. */
export interface Place {
  readonly tile: number
  readonly view: TileView
}

/** Of who has no state. */
export const UNKNOWN: Place = { tile: NOWHERE, view: EVERYTHING }
const utf8 = new TextDecoder()

/**
 * Reads where a state is from its JSON: at its pointer; without one in the middle of its view, for that is what those
 * who follow it look at.
 *
 * @param json a presence state that was validated
 * @example placeOf(utf8('{"pointer":{"x":0,"y":0}}')) // { tile: 0, view: EVERYTHING }
 */
export function placeOf(json: Uint8Array): Place {
  const state = JSON.parse(utf8.decode(json)) as Record<string, unknown>
  const pointer = parsePointer(state['pointer'])
  const view = parseView(state['view'])
  if (view === null)
    return pointer === null ? UNKNOWN : { tile: tileAt(pointer.x, pointer.y), view: EVERYTHING }
  const { x, y, width, height } = view
  const tile = pointer === null ? tileAt(x + width / 2, y + height / 2) : tileAt(pointer.x, pointer.y)
  return { tile, view: packView(column(x), column(x + width), column(y), column(y + height)) }
}

/** Calls `take` with the first and last tile of each run of tiles a view covers, in ascending order. */
export function eachRun(view: TileView, take: (first: number, last: number) => void): void {
  if (view === EVERYTHING) return take(0, NOWHERE)
  const left = view & 15
  const right = (view >> 4) & 15
  const top = (view >> 8) & 15
  const bottom = (view >> 12) & 15
  if (right - left === SIDE - 1) return take(top * SIDE, bottom * SIDE + right)
  for (let row = top; row <= bottom; row += 1) take(row * SIDE + left, row * SIDE + right)
}

function packView(left: number, right: number, top: number, bottom: number): TileView {
  return left | (right << 4) | (top << 8) | (bottom << 12)
}

function tileAt(x: number, y: number): number {
  return column(y) * SIDE + column(x)
}

/** What lies outside the board counts to its edge. */
function column(unit: number): number {
  return Math.min(SIDE - 1, Math.max(0, Math.floor(unit * SIDE)))
}
