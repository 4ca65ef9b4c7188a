import { type RefObject, useLayoutEffect, useRef } from 'react'
import { useSynced } from '../shell/use-synced.ts'
import type { BoardController } from './board-state.ts'

/**
 * Keeps the view's size, and chooses what one sees first: the middle of the board at 100 %; once the room has cards, the
 * cards, also where somebody else makes the first of them. Never again after that, and never once the person has moved the
 * view.
 */
export function useFirstView(
  element: RefObject<HTMLElement | null>,
  board: BoardController,
  coveredPx: number,
  hasCards: boolean,
): void {
  const chosen = useRef(false)
  const wasEmpty = useRef(false)
  const synced = useSynced()

  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return
    const measure = (): void => {
      const width = node.clientWidth
      const height = Math.max(1, node.clientHeight - coveredPx)
      const first = board.view.viewport.width === 0
      board.view.resize({ width, height })
      if (first && width > 0) board.view.center()
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [element, board, coveredPx])

  useLayoutEffect(() => {
    if (synced && !hasCards) wasEmpty.current = true
    if (chosen.current || !hasCards) return
    chosen.current = true
    if (board.view.touched) return
    // on a board that one looks at already, what is in sight stays where it is
    if (wasEmpty.current) board.showAll()
    else board.fitAll(false)
  }, [board, hasCards, synced])
}
