import { type RefObject, useLayoutEffect, useRef } from 'react'
import { useSynced } from '../shell/use-synced.ts'
import type { BoardController } from './board-state.ts'

/**
 * Keeps the view's size, and chooses what one sees first: the world; once the room's cards are there, the cards. Never
 * again after that, and never once the person has moved the view.
 */
export function useFirstView(
  element: RefObject<HTMLElement | null>,
  board: BoardController,
  coveredPx: number,
  hasCards: boolean,
): void {
  const chosen = useRef(false)
  const synced = useSynced()

  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return
    const measure = (): void => {
      const width = node.clientWidth
      const height = Math.max(1, node.clientHeight - coveredPx)
      const first = board.view.viewport.width === 0
      board.view.resize({ width, height })
      if (first && width > 0) board.view.fit()
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [element, board, coveredPx])

  useLayoutEffect(() => {
    if (chosen.current || (!hasCards && !synced)) return
    chosen.current = true
    if (!board.view.touched) board.fitAll(false)
  }, [board, hasCards, synced])
}
