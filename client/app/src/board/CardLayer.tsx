import { useRoom } from '@roomful/react'
import type { PresenceUser } from '@roomful/shared'
import { type ReactElement, useCallback, useMemo, useState, useSyncExternalStore } from 'react'
import type { BoardState } from './board-state.ts'
import type { CardParts } from './card-parts.ts'
import { CardView } from './CardView.tsx'
import { StackRanks } from './stack-ranks.ts'
import { useSelections } from './use-selections.ts'

const NOBODY: readonly PresenceUser[] = []

interface CardLayerProps {
  readonly state: BoardState
  readonly parts: CardParts | undefined
}

/**
 * Every card. Renders when a card comes, goes or changes its place in the stack; moving, resizing and writing one renders
 * that one alone, in a room of a thousand too.
 */
export function CardLayer({ state, parts }: CardLayerProps): ReactElement {
  const ranks = useStack()
  const selections = useSelections()
  // a card's place in the document stays when it comes to the front: moving its element would end a drag or lose the focus
  const stable = useMemo(() => [...ranks].sort(([a], [b]) => (a < b ? -1 : 1)), [ranks])
  const { selection, editing, tool, readOnly } = state
  const selected = useMemo(() => new Set(selection), [selection])
  const alone = selection.length === 1 && tool === 'select' && !readOnly
  return (
    <>
      {stable.map(([id, rank]) => {
        const isSelected = selected.has(id)
        return (
          <CardView
            key={id}
            id={id}
            rank={rank}
            selected={isSelected}
            resizable={isSelected && alone && id !== editing}
            editing={id === editing}
            others={selections.get(id) ?? NOBODY}
            parts={parts}
          />
        )
      })}
    </>
  )
}

/** Each card's rank by its id; the same map until a card comes, goes or changes its place. */
function useStack(): ReadonlyMap<string, number> {
  const { cards } = useRoom()
  const [ranks] = useState(() => new StackRanks())
  const subscribe = useCallback((onChange: () => void) => cards.subscribe(onChange), [cards])
  return useSyncExternalStore(subscribe, () => ranks.of(cards.ordered.map(({ id }) => id)))
}
