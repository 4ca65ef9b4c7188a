import { createContext, useContext, useSyncExternalStore } from 'react'
import type { BoardController, BoardState } from './board-state.ts'

export const BoardContext = createContext<BoardController | undefined>(undefined)

/** The board of the nearest `<BoardContext>`. */
export function useBoard(): BoardController {
  const board = useContext(BoardContext)
  if (board === undefined) throw new Error('useBoard needs a <BoardContext> around it')
  return board
}

/** Follows tool, selection and editing. */
export function useBoardState(): BoardState {
  const board = useBoard()
  return useSyncExternalStore(board.subscribe, () => board.state)
}
