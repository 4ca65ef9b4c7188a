import { type BoardController, rectOf } from './board-state.ts'
import { counted } from './card-commands.ts'
import type { Drag } from './drag.ts'
import type { Point, Rect } from './view.ts'

/** Selects every card a box touches, while it is drawn over the empty board. */
export class SelectionBox implements Drag {
  readonly #board: BoardController
  readonly #element: HTMLElement
  readonly #from: Point
  readonly #before: readonly string[]
  readonly #isAdding: boolean

  /** @param element draws the box; hidden while there is none. @param isAdding what was selected stays so. */
  constructor(board: BoardController, element: HTMLElement, from: Point, isAdding: boolean) {
    this.#board = board
    this.#element = element
    this.#from = from
    this.#before = board.state.selection
    this.#isAdding = isAdding
    this.move(from)
  }

  move(pointer: Point): void {
    const box = between(this.#from, pointer)
    const { view } = this.#board.view
    const { style } = this.#element
    style.display = 'block'
    style.transform = `translate(${box.x * view.zoom + view.x}px, ${box.y * view.zoom + view.y}px)`
    style.width = `${box.width * view.zoom}px`
    style.height = `${box.height * view.zoom}px`
    const touched = this.#board.cards.ordered.filter((card) => touches(rectOf(card), box)).map(({ id }) => id)
    this.#board.select(this.#isAdding ? [...this.#before, ...touched] : touched)
  }

  end(): void {
    this.#element.style.display = ''
    const { length } = this.#board.state.selection
    if (length > 0) this.#board.announcements.say(`${counted(length)} selected`)
  }

  cancel(): void {
    this.#element.style.display = ''
    this.#board.select(this.#before)
  }
}

function between(a: Point, b: Point): Rect {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  }
}

function touches(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
