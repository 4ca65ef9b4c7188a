import { BOARD, type Card } from '@roomful/shared'
import { type BoardController, rectOf } from './board-state.ts'
import type { Drag } from './drag.ts'
import { DragWriter } from './drag-writer.ts'
import { placeCard } from './place-card.ts'
import { boundsOf, clamp, type Point } from './view.ts'

/**
 * One drag of one card or many, from grip to release. The elements follow the pointer at once; the document hears of it
 * every 50 ms and at the end, as one change. Meanwhile nobody else's writes move these cards here (their elements are
 * marked `data-dragging`); after it, the last writer has them, here and everywhere.
 */
export class CardDrag implements Drag {
  readonly #board: BoardController
  readonly #from: readonly Card[]
  readonly #grip: Point
  readonly #limits: { readonly low: Point; readonly high: Point }
  readonly #writer: DragWriter<Point>

  /** @param pointer where they are held, board units. */
  constructor(board: BoardController, cards: readonly Card[], pointer: Point) {
    this.#board = board
    this.#from = cards
    this.#grip = pointer
    // together they stop at the world's edge
    const bounds = boundsOf(cards.map(rectOf)) ?? { x: 0, y: 0, width: BOARD.width, height: BOARD.height }
    this.#limits = {
      low: { x: -bounds.x, y: -bounds.y },
      high: { x: BOARD.width - bounds.x - bounds.width, y: BOARD.height - bounds.y - bounds.height },
    }
    this.#writer = new DragWriter((by) => {
      board.cards.change(cards.map(({ id, pos }) => ({ id, pos: [pos[0] + by.x, pos[1] + by.y] })))
    })
  }

  move(pointer: Point): void {
    const { low, high } = this.#limits
    const by = {
      x: Math.round(clamp(pointer.x - this.#grip.x, low.x, high.x)),
      y: Math.round(clamp(pointer.y - this.#grip.y, low.y, high.y)),
    }
    for (const { id, pos, size } of this.#from) {
      // copies are on the page one turn after they were made
      const element = this.#board.elements.get(id)
      if (element === undefined) continue
      element.dataset['dragging'] = ''
      placeCard(element, { pos: [pos[0] + by.x, pos[1] + by.y], size })
    }
    this.#writer.push(by)
  }

  end(): void {
    this.#writer.flush()
    for (const { id } of this.#from) {
      const element = this.#board.elements.get(id)
      const card = this.#board.cards.get(id)
      delete element?.dataset['dragging']
      if (element !== undefined && card !== undefined) placeCard(element, card)
    }
  }

  cancel(): void {
    this.#writer.push({ x: 0, y: 0 })
    this.end()
  }
}
