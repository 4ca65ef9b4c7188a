import type { Cards } from '@roomful/provider'
import type { Card } from '@roomful/shared'
import { useMemo } from 'react'
import { useAnyRoom } from './room-context.ts'
import { useSelected } from './use-selected.ts'

/** The cards, backmost first, and what can be done with them. */
export interface CardsView {
  readonly cards: readonly Card[]
  readonly actions: Cards
}

/**
 * The room's cards. An unchanged card keeps its object, so that a memoised component renders only when its own changed;
 * text is live (`useCardText`).
 *
 * @example
 * const { cards, actions } = useCards()
 * actions.create({ x: 100, y: 80, text: 'Ship it' })
 */
export function useCards(): CardsView {
  const { cards } = useAnyRoom()
  return { cards: useSelected(cards, () => cards.ordered), actions: cards }
}

/**
 * The plain text of a card, followed as anybody types.
 *
 * @example const text = useCardText(card)
 */
export function useCardText(card: Card): string {
  const { text } = card
  const store = useMemo(
    () => ({
      subscribe(onChange: () => void) {
        text.observe(onChange)
        return () => text.unobserve(onChange)
      },
    }),
    [text],
  )
  return useSelected(store, () => text.toJSON())
}
