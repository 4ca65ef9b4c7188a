import type { Cards } from '@roomful/provider'
import { DragWriter } from './drag-writer.ts'
import { clampToWorld, type Point } from './view.ts'

/**
 * One drag of one card, from grip to release. The element follows the pointer at once; the document hears of it every
 * 50 ms and at the end. Meanwhile nobody else's writes move the card here (its element is marked `data-dragging`); after
 * it, the last writer has it, here and everywhere.
 */
export class CardDrag {
  readonly id: string
  readonly #cards: Cards
  readonly #element: HTMLElement
  readonly #from: Point
  readonly #grip: Point
  readonly #writer: DragWriter

  /** @param pointer where it is held, board units. */
  constructor(cards: Cards, id: string, element: HTMLElement, pointer: Point) {
    this.id = id
    this.#cards = cards
    this.#element = element
    const [x, y] = cards.get(id)?.pos ?? [0, 0]
    this.#from = { x, y }
    this.#grip = { x: pointer.x - x, y: pointer.y - y }
    this.#writer = new DragWriter((left, top) => cards.move(id, [left, top]))
    element.dataset['dragging'] = ''
  }

  /** The pointer is now at `pointer`, board units. */
  move(pointer: Point): void {
    const card = this.#cards.get(this.id)
    if (card === undefined) return
    const size = { width: card.size[0], height: card.size[1] }
    const to = clampToWorld({ x: pointer.x - this.#grip.x, y: pointer.y - this.#grip.y }, size)
    placeCard(this.#element, to)
    this.#writer.move(to.x, to.y)
  }

  /** Let go: what was last shown is written. */
  end(): void {
    this.#writer.flush()
    delete this.#element.dataset['dragging']
    const card = this.#cards.get(this.id)
    if (card !== undefined) placeCard(this.#element, { x: card.pos[0], y: card.pos[1] })
  }

  /** Back to where it was. */
  cancel(): void {
    this.#writer.move(this.#from.x, this.#from.y)
    this.end()
  }
}

/** Puts a card's element at its place, in board units. */
export function placeCard(element: HTMLElement, at: Point): void {
  element.style.transform = `translate(${at.x}px, ${at.y}px)`
}
