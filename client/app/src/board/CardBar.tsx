import { CARD_COLORS, type Card, type CardColor } from '@roomful/shared'
import { Copy, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type ReactElement, useLayoutEffect, useRef } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import { useBoard } from './board-context.ts'
import { clamp, toScreen } from './view.ts'

/** Between card and bar, in pixels; others' names need the room above. */
const GAP_PX = 14
const MARGIN_PX = 8

const COLOR_NAMES: Readonly<Record<CardColor, string>> = {
  sand: 'Sand',
  rose: 'Rose',
  mint: 'Mint',
  sky: 'Sky',
  lilac: 'Lilac',
  paper: 'Paper',
}

interface CardBarProps {
  readonly card: Card
}

/** What can be done with the selected card. Stands above it, or below where there is no room, always inside the board. */
export function CardBar({ card }: CardBarProps): ReactElement {
  const board = useBoard()
  const bar = useRef<HTMLDivElement>(null)
  const { id, pos, size } = card

  useLayoutEffect(() => {
    const place = (): void => {
      const node = bar.current
      if (node === null) return
      const { view, viewport } = board.view
      const top = toScreen(view, { x: pos[0], y: pos[1] })
      const element = cardElement(id)
      const height = Math.max(size[1], element?.offsetHeight ?? 0) * view.zoom
      const above = top.y - GAP_PX - node.offsetHeight
      const below = top.y + height + GAP_PX
      const x = top.x + (size[0] * view.zoom - node.offsetWidth) / 2
      const left = clamp(x, MARGIN_PX, viewport.width - node.offsetWidth - MARGIN_PX)
      const y = above >= MARGIN_PX ? above : Math.min(below, viewport.height - node.offsetHeight - MARGIN_PX)
      node.style.transform = `translate(${Math.round(left)}px, ${Math.round(y)}px)`
    }
    place()
    return board.view.subscribe(place)
  }, [board, id, pos, size])

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Escape') cardElement(id)?.focus({ preventScroll: true })
    else if (event.key === 'Tab') {
      // the bar stands at the end of the board; for keys it stands right behind its card
      const buttons = [...event.currentTarget.querySelectorAll('button')]
      const at = buttons.findIndex((button) => button === event.target)
      const next = event.shiftKey && at === 0 ? cardElement(id) : undefined
      const after = !event.shiftKey && at === buttons.length - 1 ? followingCard(id) : undefined
      const target = next ?? after
      if (!target) return
      target.focus({ preventScroll: true })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      ref={bar}
      className="card-bar"
      role="toolbar"
      aria-label="Card"
      data-board-control
      onKeyDown={onKeyDown}
      // a press must not take the focus out of a text being written, nor reach the board
      onPointerDown={(event) => event.stopPropagation()}
      onMouseDown={(event) => event.preventDefault()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {CARD_COLORS.map((color) => (
        <button
          key={color}
          type="button"
          className="paper-swatch"
          aria-label={COLOR_NAMES[color]}
          aria-pressed={card.color === color}
          title={COLOR_NAMES[color]}
          onClick={() => board.setColor(id, color)}
        >
          <i style={{ background: `var(--card-${color})` }} />
        </button>
      ))}
      <span className="rule" />
      <IconButton
        icon={Copy}
        size={16}
        label="Duplicate card"
        hint="Ctrl D"
        onClick={() => board.duplicate(id)}
      />
      <IconButton
        icon={Trash2}
        size={16}
        className="danger"
        label="Delete card"
        hint="Del"
        onClick={() => board.remove(id)}
      />
    </div>
  )
}

function cardElement(id: string): HTMLElement | undefined {
  return allCards().find((card) => card.dataset['cardId'] === id)
}

function followingCard(id: string): HTMLElement | undefined {
  const cards = allCards()
  return cards[cards.findIndex((card) => card.dataset['cardId'] === id) + 1]
}

function allCards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-card-id]')]
}
