import { useCardText, useRoom } from '@roomful/react'
import type { Card, PresenceUser } from '@roomful/shared'
import {
  memo,
  type ReactElement,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react'
import { Name } from '../ui/Name.tsx'
import { useBoard } from './board-context.ts'
import type { CardParts } from './card-parts.ts'
import { cardTitle } from './card-title.ts'
import { CardText } from './CardText.tsx'
import { placeCard } from './place-card.ts'

interface CardViewProps {
  readonly id: string
  /** Its place from back to front. */
  readonly rank: number
  readonly selected: boolean
  /** Alone in hand: it shows its handles. */
  readonly resizable: boolean
  readonly editing: boolean
  /** Who else has it selected. */
  readonly others: readonly PresenceUser[]
  readonly parts: CardParts | undefined
}

/** One card, read or written. What pointers and keys do to it stands in `board-pointers.ts` and `board-keys.ts`. */
export const CardView = memo(function CardView({ id, ...props }: CardViewProps): ReactElement | null {
  const { cards } = useRoom()
  const subscribe = useCallback((onChange: () => void) => cards.subscribe(onChange), [cards])
  const card = useSyncExternalStore(subscribe, () => cards.get(id))
  return card === undefined ? null : <CardPaper card={card} {...props} />
})

interface CardPaperProps extends Omit<CardViewProps, 'id'> {
  readonly card: Card
}

function CardPaper(props: CardPaperProps): ReactElement {
  const { card, rank, selected, resizable, editing, others, parts } = props
  const board = useBoard()
  const element = useRef<HTMLElement>(null)
  const text = useCardText(card)
  const { id } = card

  useLayoutEffect(
    () => (element.current === null ? undefined : board.elements.add(id, element.current)),
    [board, id],
  )

  const { pos, size } = card
  useLayoutEffect(() => {
    const node = element.current
    // while somebody drags here, what others write moves nothing under their finger
    if (node !== null && node.dataset['dragging'] === undefined) placeCard(node, { pos, size })
  }, [pos, size])

  useEffect(() => {
    const node = element.current
    const at = board.cards.get(id)?.pos
    if (!editing || node === null || at === undefined) return
    board.showForEditing({ x: at[0], y: at[1], width: node.offsetWidth, height: node.offsetHeight })
  }, [editing, board, id])

  return (
    <article
      ref={element}
      className="card"
      style={{ zIndex: rank }}
      aria-label={cardTitle(text)}
      aria-roledescription="card"
      aria-describedby="card-help"
      data-card-id={id}
      data-color={card.color}
      data-selected={selected ? '' : undefined}
      data-editing={editing ? '' : undefined}
    >
      {editing && parts !== undefined ? <parts.CardInput card={card} /> : <CardText text={text} />}
      {others.map(({ id: person, name, color }) => (
        <div key={person} className="card-ring" data-selected-by={person} style={{ '--person': color }}>
          <span className="truncate">
            <Name name={name} />
          </span>
        </div>
      ))}
      {others.length > 0 && parts !== undefined && <parts.CardCarets card={card} />}
      {resizable && parts !== undefined && <parts.CardHandles />}
    </article>
  )
}
