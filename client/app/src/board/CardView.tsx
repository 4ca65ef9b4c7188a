import type { Person } from '@roomful/provider'
import type { Card } from '@roomful/shared'
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type ReactElement,
  useEffect,
  useLayoutEffect,
  useRef,
} from 'react'
import { useCardText } from '@roomful/react'
import { Name } from '../ui/Name.tsx'
import { useBoard } from './board-context.ts'
import { CardInput, CardText } from './CardText.tsx'
import { placeCard } from './card-drag.ts'

/** An arrow key moves a card so far, in board units; with Shift ten times as far. */
const NUDGE = 10
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

interface CardViewProps {
  readonly card: Card
  /** Its place from back to front. */
  readonly rank: number
  readonly selected: boolean
  readonly editing: boolean
  /** Who else has it selected. */
  readonly others: readonly Person[]
}

/** One card: read, selected, written, dragged with pointer or keys. */
export const CardView = memo(function CardView(props: CardViewProps): ReactElement {
  const { card, rank, selected, editing, others } = props
  const board = useBoard()
  const element = useRef<HTMLElement>(null)
  const grabbed = useRef<readonly [number, number]>(undefined)
  const text = useCardText(card)

  const { pos } = card
  useLayoutEffect(() => {
    const node = element.current
    // while somebody drags here, what others write moves nothing under their finger
    if (node !== null && node.dataset['dragging'] === undefined) placeCard(node, { x: pos[0], y: pos[1] })
  }, [pos])

  useEffect(() => {
    const node = element.current
    if (!editing || node === null) return
    const [x, y] = board.cards.get(card.id)?.pos ?? [0, 0]
    board.showForEditing({ x, y, width: node.offsetWidth, height: node.offsetHeight })
  }, [editing, board, card.id])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey) return
    const arrow = ARROWS[event.key]
    if (arrow !== undefined && !event.ctrlKey && !event.metaKey) {
      const step = event.shiftKey ? NUDGE * 10 : NUDGE
      board.nudge(card.id, arrow[0] * step, arrow[1] * step)
    } else if (event.key === ' ' && !event.repeat) {
      // Space takes the card in hand, Space again puts it down, Esc puts it back
      const node = element.current
      if (grabbed.current === undefined) board.beginStep()
      grabbed.current = grabbed.current === undefined ? card.pos : undefined
      node?.toggleAttribute('data-grabbed', grabbed.current !== undefined)
    } else if (event.key === 'Escape' && grabbed.current !== undefined) {
      board.cards.move(card.id, grabbed.current)
      letGo()
    } else if (event.key === 'Enter' || event.key === 'F2') board.edit(card.id)
    else if (event.key === 'Delete' || event.key === 'Backspace') board.remove(card.id)
    else if (event.key.toLowerCase() === 'd' && (event.ctrlKey || event.metaKey)) board.duplicate(card.id)
    else if (event.key === 'Tab' && !event.shiftKey && focusCardBar()) letGo()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const letGo = (): void => {
    grabbed.current = undefined
    element.current?.removeAttribute('data-grabbed')
  }

  const style: CSSProperties = { zIndex: rank, width: card.size[0], minHeight: card.size[1] }
  return (
    <article
      ref={element}
      className="card"
      style={style}
      tabIndex={0}
      aria-label={cardLabel(text)}
      aria-roledescription="card"
      data-card-id={card.id}
      data-color={card.color}
      data-selected={selected ? '' : undefined}
      data-editing={editing ? '' : undefined}
      onFocus={(event) => {
        if (event.target === event.currentTarget && board.state.tool === 'select') board.select(card.id)
      }}
      onBlur={(event) => {
        letGo()
        delete event.currentTarget.dataset['pressed']
      }}
      onKeyDown={onKeyDown}
      onDoubleClick={() => {
        if (board.state.tool === 'select') board.edit(card.id)
      }}
    >
      {editing ? (
        <CardInput
          card={card}
          onDone={(stay) => {
            if (board.state.selected === card.id) board.stopEditing()
            if (stay) element.current?.focus({ preventScroll: true })
          }}
        />
      ) : (
        <CardText card={card} />
      )}
      {others.map((person) => (
        <div
          key={person.id}
          className="card-ring"
          data-selected-by={person.id}
          style={{ '--person': person.user.color }}
        >
          <span className="truncate">
            <Name name={person.user.name} />
          </span>
        </div>
      ))}
    </article>
  )
})

/** Moves the focus into the selected card's bar. */
function focusCardBar(): boolean {
  const first = document.querySelector<HTMLElement>('.card-bar button')
  first?.focus()
  return first !== null
}

function cardLabel(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? ''
  return line === '' ? 'Empty card' : line.slice(0, 80)
}
