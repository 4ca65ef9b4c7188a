import { type RefObject, useEffect } from 'react'
import type { BoardController } from '../board/board-state.ts'
import { withPart } from '../ui/fetch-part.ts'
import { toast } from '../ui/toast.ts'
import { pageLinks, useComplete, useLinkRequest } from './page-links.ts'

/**
 * Follows links to cards: the view goes there, the card lights up and has the focus; one that is gone says so.
 *
 * @param cards what the board draws: looked through again whenever it changes
 */
export function useCardLink(
  element: RefObject<HTMLElement | null>,
  board: BoardController,
  cards: unknown,
): void {
  const request = useLinkRequest('card')
  const complete = useComplete()
  useEffect(() => {
    if (request === undefined) return
    const { id } = request.target
    if (board.cards.get(id) !== undefined) {
      pageLinks.settle(request)
      withPart(
        () => import('./show-card.ts'),
        ({ showCard }) => showCard(element.current, board, id),
      )
    } else if (complete) {
      pageLinks.settle(request)
      toast('That card was deleted')
    }
  }, [request, complete, cards, board, element])
}
