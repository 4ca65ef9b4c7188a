import type { Card } from '@roomful/shared'
import type { BoardController } from './board-state.ts'
import { cardTitle } from './card-title.ts'
import { counted } from './card-commands.ts'

/** Cards picked up with the keyboard: arrows move them, Space or Enter puts them down, Esc puts them back. */
export class CardCarry {
  readonly #board: BoardController
  #from: readonly Card[] = []

  constructor(board: BoardController) {
    this.#board = board
  }

  get isActive(): boolean {
    return this.#from.length > 0
  }

  pickUp(): void {
    this.#board.beginStep()
    this.#from = this.#board.selectedCards
    this.#mark(true)
    this.#say('Picked up', '. Arrow keys move, Space puts down, Escape puts back.')
  }

  putDown(): void {
    if (!this.isActive) return
    this.#board.beginStep()
    const { x, y } = this.place
    this.#say('Put down', ` at ${x} from the left, ${y} from the top.`)
    this.#letGo()
  }

  cancel(): void {
    if (!this.isActive) return
    this.#board.cards.change(this.#from.map(({ id, pos }) => ({ id, pos })))
    this.#say('Put back', '.')
    this.#letGo()
  }

  /** Where the first of the selection is, in whole board units. */
  get place(): { readonly x: number; readonly y: number } {
    const [x, y] = this.#board.selectedCards[0]?.pos ?? [0, 0]
    return { x: Math.round(x), y: Math.round(y) }
  }

  #letGo(): void {
    this.#mark(false)
    this.#from = []
  }

  #mark(grabbed: boolean): void {
    for (const { id } of this.#from) this.#board.elements.get(id)?.toggleAttribute('data-grabbed', grabbed)
  }

  #say(did: string, then: string): void {
    const [first] = this.#from
    const what =
      this.#from.length === 1 && first !== undefined
        ? cardTitle(first.text.toJSON())
        : counted(this.#from.length)
    this.#board.announcements.say(`${did}: ${what}${then}`)
  }
}
