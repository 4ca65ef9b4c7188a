import type { BoardController } from './board-state.ts'

let active: BoardController | undefined

/**
 * The board on the page, for what stands outside it: palette, links, the list of shortcuts.
 *
 * @example const board = activeBoard()
 */
export function activeBoard(): BoardController | undefined {
  return active
}

/** Called by the board when it is there. Returns how to take it back. */
export function setActiveBoard(board: BoardController): () => void {
  active = board
  return () => {
    if (active === board) active = undefined
  }
}
