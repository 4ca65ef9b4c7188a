import { pressed } from '../keys/pressed.ts'
import { isSilenced } from '../keys/single-keys.ts'
import type { BoardController } from './board-state.ts'
import type { BoardPointers } from './board-pointers.ts'
import { CardCarry } from './card-carry.ts'
import { counted, moveBy, resizeBy } from './card-commands.ts'
import { cardIdOf } from './card-elements.ts'
import { inside } from './inside.ts'
import { isControl, isField } from './key-target.ts'
import { readingOrder } from './reading-order.ts'
import { BOARD_SHORTCUTS } from './shortcuts.ts'
import type { Point } from './view.ts'

/** An arrow key moves or resizes a card so far, in board units; with Shift ten times as far. */
const NUDGE = 10
/** Without a selection an arrow key moves the board so far, in pixels. */
const SCROLL_PX = 64
const FAST = 10
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * The board's keys. Commands stand in `shortcuts.ts`; here is what has a state: arrows, Space, Tab and Esc. None fires
 * while a field, a button or a dialog has the focus, so that single keys never surprise who types or reads with a screen
 * reader's own keys (WCAG 2.1.4).
 */
export class BoardKeys {
  readonly #element: HTMLElement
  readonly #board: BoardController
  readonly #pointers: BoardPointers
  readonly #carry: CardCarry
  readonly #onSpace: (held: boolean) => void
  readonly #cleanups: (() => void)[] = []
  #pointer: readonly [number, number] | undefined
  /** Shift+Space began to gather cards: from then on focus alone selects nothing. */
  #isGathering = false

  /** @param onSpace Space is held where it would pan. */
  constructor(
    element: HTMLElement,
    board: BoardController,
    pointers: BoardPointers,
    onSpace: (held: boolean) => void,
  ) {
    this.#element = element
    this.#board = board
    this.#pointers = pointers
    this.#onSpace = onSpace
    this.#carry = new CardCarry(board)
    this.#listen(window, 'keydown', (event) => {
      if (event.defaultPrevented || event.isComposing || !this.#run(event)) return
      event.preventDefault()
    })
    this.#listen(window, 'keyup', (event) => {
      if (event.key === ' ') this.#holdSpace(false, true)
    })
    this.#listen(window, 'blur', () => this.#holdSpace(false, true))
    this.#listen(element, 'pointermove', (event) => (this.#pointer = [event.clientX, event.clientY]))
    this.#listen(element, 'pointerleave', () => (this.#pointer = undefined))
    this.#listen(element, 'pointerdown', () => {
      this.#isGathering = false
      // a card in hand is put back by a drag that pans, and put down by any other press
      if (pointers.spaceHeld) this.#carry.cancel()
      else this.#carry.putDown()
    })
    this.#listen(element, 'focusin', (event) => this.#focused(cardIdOf(event.target)))
    this.#listen(element, 'focusout', (event) => {
      if (cardIdOf(event.relatedTarget) === undefined) this.#carry.putDown()
    })
    this.#keepTabStop()
    this.#cleanups.push(board.cards.subscribe(() => this.#keepTabStop()))
  }

  destroy(): void {
    this.#carry.cancel()
    this.#holdSpace(false, true)
    for (const cleanup of this.#cleanups) cleanup()
  }

  /** Whether the key did something. */
  #run(event: KeyboardEvent): boolean {
    const { target } = event
    // a field's own undo comes first; with the focus on a button Ctrl+Z still is the board's
    if (isField(target) || (isControl(target) && !event.ctrlKey && !event.metaKey)) return false
    const isOurs = target === document.body || (target instanceof Node && this.#element.contains(target))
    return (isOurs && !isControl(target) && this.#runHere(event)) || this.#runShortcut(event, isOurs)
  }

  /** Keys that belong to the board only while it has the focus, or nothing has. */
  #runHere(event: KeyboardEvent): boolean {
    const arrow = ARROWS[event.key]
    if (arrow !== undefined && !event.ctrlKey && !event.metaKey) return this.#arrow(arrow, event)
    switch (event.key) {
      case ' ':
        return this.#space(event)
      case 'Tab':
        return this.#tab(event)
      case 'Enter':
        if (!this.#carry.isActive) return false
        this.#carry.putDown()
        return true
      case 'Escape':
        return this.#escape()
      default:
        return false
    }
  }

  #runShortcut(event: KeyboardEvent, isOurs: boolean): boolean {
    if (isSilenced(event)) return false
    const shortcut = BOARD_SHORTCUTS.find(({ keys }) => pressed(keys, event))
    if (shortcut === undefined || shortcut.isEnabled?.(this.#board) === false) return false
    if (shortcut.group === 'Cards' && !isOurs) return false
    this.#carry.putDown()
    shortcut.run(this.#board, this.#at())
    return true
  }

  #arrow([dx, dy]: readonly [number, number], event: KeyboardEvent): boolean {
    const board = this.#board
    const cards = board.state.readOnly ? [] : board.selectedCards
    const step = (event.shiftKey ? FAST : 1) * NUDGE
    if (cards.length === 0) {
      if (event.altKey) return false
      const px = (event.shiftKey ? FAST / 2 : 1) * SCROLL_PX
      board.view.pan(-dx * px, -dy * px)
    } else if (event.altKey) resizeBy(board, { x: dx * step, y: dy * step })
    else {
      moveBy(board, cards, { x: dx * step, y: dy * step })
      const [first] = cards
      if (first !== undefined) board.reveal(first.id)
      board.announcements.saySoon(
        () => `${this.#carry.place.x} from the left, ${this.#carry.place.y} from the top`,
      )
    }
    return true
  }

  #space(event: KeyboardEvent): boolean {
    const id = cardIdOf(event.target)
    if (event.repeat) return true
    if (id === undefined) this.#holdSpace(true, true)
    else if (event.shiftKey) this.#gather(id)
    else {
      this.#holdSpace(true, false)
      if (!this.#board.isSelected(id)) this.#board.select([id])
      if (this.#carry.isActive) this.#carry.putDown()
      else if (!this.#board.state.readOnly) this.#carry.pickUp()
    }
    return true
  }

  #gather(id: string): void {
    const board = this.#board
    // a card is selected as the focus reaches it: the first Shift+Space keeps it, later ones turn
    if (this.#isGathering || !board.isSelected(id)) board.toggle(id)
    this.#isGathering = true
    const here = board.isSelected(id) ? 'Added' : 'Taken out'
    board.announcements.say(`${here}. ${counted(board.state.selection.length)} selected. Tab goes on.`)
  }

  /** From a card to its bar, and back to the card before; the bar leads on to the next one. */
  #tab(event: KeyboardEvent): boolean {
    const id = cardIdOf(event.target)
    if (id === undefined || event.altKey || event.ctrlKey) return false
    if (!event.shiftKey && !this.#isGathering && focusCardBar(this.#element)) return true
    return focusNeighbour(this.#board, id, event.shiftKey ? -1 : 1)
  }

  #escape(): boolean {
    const board = this.#board
    if (this.#pointers.cancel()) return true
    if (this.#carry.isActive) this.#carry.cancel()
    else if (board.state.tool !== 'select') board.setTool('select')
    else if (board.state.selection.length > 0) {
      this.#isGathering = false
      board.select([])
    } else return false
    return true
  }

  /** Focus that keys have brought selects, unless cards are being gathered. */
  #focused(id: string | undefined): void {
    const board = this.#board
    if (id === undefined) return
    board.elements.tabStop = id
    if (this.#pointers.isPressing || this.#isGathering || board.state.tool !== 'select') return
    if (!board.isSelected(id)) board.select([id])
  }

  /** One card can always be entered with Tab: the last that was, else the first in reading order. */
  #keepTabStop(): void {
    const { elements, cards } = this.#board
    if (elements.tabStop !== undefined && cards.get(elements.tabStop) !== undefined) return
    elements.tabStop = readingOrder(cards.ordered)[0]?.id
  }

  #holdSpace(held: boolean, shows: boolean): void {
    this.#pointers.spaceHeld = held
    if (shows) this.#onSpace(held)
  }

  #at(): Point | undefined {
    return this.#pointer === undefined ? undefined : inside(this.#element, this.#pointer)
  }

  #listen<K extends keyof WindowEventMap>(
    target: HTMLElement | Window,
    type: K,
    run: (event: WindowEventMap[K]) => void,
  ): void {
    const listener = (event: Event): void => run(event as WindowEventMap[K])
    target.addEventListener(type, listener)
    this.#cleanups.push(() => target.removeEventListener(type, listener))
  }
}

/** Moves the focus to the card before or after in reading order. Returns whether there is one. */
export function focusNeighbour(board: BoardController, id: string, step: 1 | -1): boolean {
  const order = readingOrder(board.cards.ordered)
  const next = order[order.findIndex((card) => card.id === id) + step]
  if (next === undefined) return false
  board.elements.focus(next.id)
  board.reveal(next.id)
  return true
}

/** Moves the focus into the selection's bar. Returns whether there is one. */
function focusCardBar(root: HTMLElement): boolean {
  const first = root.querySelector<HTMLElement>('.card-bar button:not(:disabled)')
  first?.focus()
  return first !== null
}
