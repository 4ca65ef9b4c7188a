import type { OrderStep } from '@roomful/provider'
import { BOARD, type Card, type CardColor } from '@roomful/shared'
import { toast } from '../ui/toast.ts'
import { type BoardController, rectOf } from './board-state.ts'
import { limitSize } from './card-size.ts'
import { readingOrder } from './reading-order.ts'
import { boundsOf, clamp, type Point } from './view.ts'

/** Selects every card, the keyboard's first in front. */
export function selectAll(board: BoardController): void {
  board.setTool('select')
  board.select(readingOrder(board.cards.ordered).map(({ id }) => id))
  board.announcements.say(`${counted(board.state.selection.length)} selected`)
}

/** Moves cards by board units; together they stay inside the world. */
export function moveBy(board: BoardController, cards: readonly Card[], by: Point): void {
  const bounds = boundsOf(cards.map(rectOf))
  if (bounds === undefined) return
  const dx = clamp(by.x, -bounds.x, BOARD.width - bounds.x - bounds.width)
  const dy = clamp(by.y, -bounds.y, BOARD.height - bounds.y - bounds.height)
  board.cards.change(cards.map(({ id, pos }) => ({ id, pos: [pos[0] + dx, pos[1] + dy] })))
}

/** Makes the selected cards wider and higher by board units, between the smallest and the largest size. */
export function resizeBy(board: BoardController, by: Point): void {
  const cards = board.selectedCards
  board.cards.change(
    cards.map(({ id, pos, size }) => {
      const { width, height } = limitSize({ width: size[0] + by.x, height: size[1] + by.y })
      return { id, size: [Math.min(width, BOARD.width - pos[0]), Math.min(height, BOARD.height - pos[1])] }
    }),
  )
  const [first] = board.selectedCards
  if (first !== undefined) board.announcements.say(`${first.size[0]} wide, ${first.size[1]} high`)
}

export function recolour(board: BoardController, color: CardColor): void {
  board.paper = color
  board.beginStep()
  board.cards.change(board.state.selection.map((id) => ({ id, color })))
}

/** Copies the selection, a little aside, and selects the copies. */
export function duplicateSelection(board: BoardController): void {
  if (board.state.selection.length === 0) return
  board.beginStep()
  const copies = board.cards.duplicateMany(board.state.selection)
  board.select(copies)
  // the originals may stand at the world's edge
  moveBy(board, board.selectedCards, { x: 0, y: 0 })
  board.announcements.say(`${counted(copies.length)} duplicated`)
  // the copies are on the page one turn later
  const [first] = copies
  if (first !== undefined) queueMicrotask(() => board.elements.focus(first))
}

/** Deletes the selection and offers to take that back, however much was done since. */
export function deleteSelection(board: BoardController): void {
  const ids = board.state.selection
  if (ids.length === 0) return
  board.beginStep()
  const bringBack = board.cards.removeMany(ids)
  board.beginStep()
  const step = board.history.manager.undoStack.at(-1)
  board.select([])
  const text = `${counted(ids.length)} deleted`
  board.announcements.say(`${text}. Undo brings ${ids.length === 1 ? 'it' : 'them'} back.`)
  const undo = (): void => {
    // as long as nothing came after it, it is the last step of undo; later only this deletion must go
    if (board.history.manager.undoStack.at(-1) === step) board.history.undo()
    else bringBack()
  }
  toast(text, 'plain', { label: 'Undo', run: undo })
}

/** Moves the selection in the stack. */
export function reorderSelection(board: BoardController, step: OrderStep): void {
  if (board.state.selection.length === 0) return
  board.beginStep()
  const moved = board.cards.reorder(board.state.selection, step)
  board.announcements.say(moved ? ORDER_WORDS[step].done : ORDER_WORDS[step].already)
}

const ORDER_WORDS: Readonly<Record<OrderStep, { readonly done: string; readonly already: string }>> = {
  forward: { done: 'Brought forward', already: 'Nothing overlaps in front' },
  backward: { done: 'Sent backward', already: 'Nothing overlaps behind' },
  front: { done: 'Brought to the front', already: 'In front already' },
  back: { done: 'Sent to the back', already: 'At the back already' },
}

/** Shows the selection as large as it goes. */
export function zoomToSelection(board: BoardController): void {
  const cards = board.selectedCards
  if (cards.length === 0) return
  board.view.hold()
  board.fit(cards, true)
}

/** "1 card", "12 cards". */
export function counted(cards: number): string {
  return cards === 1 ? '1 card' : `${cards} cards`
}
