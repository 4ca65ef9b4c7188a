import { type RefObject, useLayoutEffect, useRef } from 'react'
import { useSynced } from '../shell/use-synced.ts'
import type { BoardController } from './board-state.ts'

/**
 * Keeps the view's size, and chooses what one sees first: the world; once the room's cards are there, the cards. Never
 * again after that, and never once the person has moved the view. Who came to an empty board sees what others put there:
 * the first card comes close enough to be read, and later ones come into sight.
 */
export function useFirstView(
  element: RefObject<HTMLElement | null>,
  board: BoardController,
  coveredPx: number,
  cardCount: number,
): void {
  const seen = useRef(0)
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
      if (first && width > 0) board.view.fit()
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [element, board, coveredPx])

  useLayoutEffect(() => {
    if (synced && cardCount === 0) wasEmpty.current = true
    const before = seen.current
    seen.current = cardCount
    const { selection, editing } = board.state
    if (cardCount <= before || board.view.touched || editing !== undefined || selection.length > 0) return
    if (before === 0) board.fitAll(wasEmpty.current)
    else if (wasEmpty.current) board.showAll()
  }, [board, cardCount, synced])
}
