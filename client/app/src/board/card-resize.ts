import { BOARD, type Card } from '@roomful/shared'
import type { BoardController } from './board-state.ts'
import { MAX_CARD, MIN_CARD } from './card-size.ts'
import type { Drag } from './drag.ts'
import { DragWriter } from './drag-writer.ts'
import { placeCard } from './place-card.ts'
import { clamp, type Point } from './view.ts'

/** The handles of a card, by the compass. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof HANDLES)[number]

/** A card's place and size. */
export type Box = Pick<Card, 'pos' | 'size'>

/**
 * A box with one handle moved: the opposite side stays where it is, sizes stay between the smallest and the largest, and
 * nothing leaves the world.
 *
 * @example resizedBox(card, 'se', { x: 20, y: 0 }) // 20 units wider
 */
export function resizedBox({ pos, size }: Box, handle: Handle, by: Point): Box {
  const [x, width] = stretched(pos[0], size[0], sideOf(handle, 'w', 'e'), by.x, {
    min: MIN_CARD.width,
    max: MAX_CARD.width,
    world: BOARD.width,
  })
  const [y, height] = stretched(pos[1], size[1], sideOf(handle, 'n', 's'), by.y, {
    min: MIN_CARD.height,
    max: MAX_CARD.height,
    world: BOARD.height,
  })
  return { pos: [x, y], size: [width, height] }
}

/** One drag of a card's handle. Writes place and size together, at most every 50 ms and on release. */
export class CardResize implements Drag {
  readonly #board: BoardController
  readonly #card: Card
  readonly #handle: Handle
  readonly #grip: Point
  readonly #writer: DragWriter<Box>
  #hasMoved = false

  constructor(board: BoardController, card: Card, handle: Handle, pointer: Point) {
    this.#board = board
    this.#card = card
    this.#handle = handle
    this.#grip = pointer
    // a place that stays is not written: two people may move and resize one card at once
    this.#writer = new DragWriter(({ pos, size }) => {
      this.#hasMoved ||= pos[0] !== card.pos[0] || pos[1] !== card.pos[1]
      board.cards.change([{ id: card.id, size, ...(this.#hasMoved && { pos }) }])
    })
  }

  move(pointer: Point): void {
    const by = { x: pointer.x - this.#grip.x, y: pointer.y - this.#grip.y }
    this.#show(resizedBox(this.#card, this.#handle, by))
  }

  end(): void {
    this.#writer.flush()
    const element = this.#board.elements.get(this.#card.id)
    const card = this.#board.cards.get(this.#card.id)
    delete element?.dataset['dragging']
    if (element !== undefined && card !== undefined) placeCard(element, card)
  }

  cancel(): void {
    this.#show(this.#card)
    this.end()
  }

  #show(box: Box): void {
    const element = this.#board.elements.get(this.#card.id)
    if (element !== undefined) {
      element.dataset['dragging'] = ''
      placeCard(element, box)
    }
    this.#writer.push(box)
  }
}

/** Which end of an axis a handle holds: -1 the near one, 1 the far one, 0 none. */
function sideOf(handle: Handle, near: string, far: string): -1 | 0 | 1 {
  if (handle.includes(near)) return -1
  return handle.includes(far) ? 1 : 0
}

function stretched(
  start: number,
  length: number,
  side: -1 | 0 | 1,
  by: number,
  { min, max, world }: { readonly min: number; readonly max: number; readonly world: number },
): readonly [start: number, length: number] {
  const end = start + length
  switch (side) {
    case 0:
      return [start, length]
    case 1:
      return [start, Math.round(clamp(length + by, min, Math.min(max, world - start)))]
    case -1: {
      const next = Math.round(clamp(length - by, min, Math.min(max, end)))
      return [end - next, next]
    }
  }
}
