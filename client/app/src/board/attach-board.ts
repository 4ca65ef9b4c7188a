import type { PresenceStore } from '@roomful/provider'
import { BoardKeys } from './board-keys.ts'
import { BoardPointers } from './board-pointers.ts'
import type { BoardController } from './board-state.ts'
import { attachWheel } from './board-wheel.ts'
import { attachSelectionPresence } from './selection-presence.ts'

/**
 * Makes a board answer: pointers, keys and wheel, and the selection as the others see it. Marks it `data-ready`, and
 * `data-panning` while a drag pans or would. Returns how to stop.
 *
 * @param box draws the selection box
 */
export function attachBoard(
  element: HTMLElement,
  box: HTMLElement,
  board: BoardController,
  presence: PresenceStore,
): () => void {
  let isPanning = false
  let isSpaceHeld = false
  const show = (): void => {
    if (isPanning) element.dataset['panning'] = 'active'
    else if (isSpaceHeld) element.dataset['panning'] = 'ready'
    else delete element.dataset['panning']
  }
  const pointers = new BoardPointers(element, board, box, (active) => {
    isPanning = active
    show()
  })
  const keys = new BoardKeys(element, board, pointers, (held) => {
    isSpaceHeld = held
    show()
  })
  const offs = [
    attachWheel(element, board),
    attachSelectionPresence(board, presence),
    board.cards.subscribe(() => board.forgetGone()),
  ]
  element.dataset['ready'] = ''
  return () => {
    delete element.dataset['ready']
    keys.destroy()
    pointers.destroy()
    for (const off of offs) off()
  }
}
