import { useRoom } from '@roomful/react'
import { CARD_COLORS, type Card, type CardColor } from '@roomful/shared'
import { BringToFront, Copy, Link2, SendToBack, Trash2 } from 'lucide-react'
import {
  type KeyboardEvent,
  type ReactElement,
  useCallback,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react'
import { copyCardLink } from '../links/copy-target-link.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useBoard, useBoardState } from './board-context.ts'
import { focusNeighbour } from './board-keys.ts'
import { rectOf } from './board-state.ts'
import { counted, deleteSelection, duplicateSelection, recolour, reorderSelection } from './card-commands.ts'
import { boundsOf, clamp, toScreen } from './view.ts'

/** Between card and bar, in pixels … */
const GAP_PX = 14
/** … and where somebody else's name stands above the card. */
const NAMED_GAP_PX = 38
const MARGIN_PX = 8

const COLOR_NAMES: Readonly<Record<CardColor, string>> = {
  sand: 'Sand',
  rose: 'Rose',
  mint: 'Mint',
  sky: 'Sky',
  lilac: 'Lilac',
  paper: 'Paper',
}

/** What can be done with the selected cards. Stands above them, or below where there is no room, always inside the board. */
export function CardBar(): ReactElement | null {
  const board = useBoard()
  const { selection } = useBoardState()
  const { cards: actions } = useRoom()
  const bar = useRef<HTMLDivElement>(null)
  const subscribe = useCallback((onChange: () => void) => actions.subscribe(onChange), [actions])
  const all = useSyncExternalStore(subscribe, () => actions.byId)
  const cards = selection.flatMap((id) => all.get(id) ?? [])
  const [first] = cards
  const alone = cards.length === 1 ? first : undefined

  useLayoutEffect(() => {
    const place = (): void => {
      if (bar.current !== null) placeBar(bar.current, board, cards)
    }
    place()
    return board.view.subscribe(place)
  })

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const id = first?.id
    if (event.key === 'Escape') {
      if (id !== undefined) board.elements.focus(id)
    } else if (event.key === 'Tab' && id !== undefined) {
      // the bar stands at the end of the board; for keys it stands right behind its card
      if (event.shiftKey) board.elements.focus(id)
      else if (!focusNeighbour(board, id, 1)) return leave(event)
    } else if (!moveFocus(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  if (first === undefined) return null
  const papers = new Set(cards.map(({ color }) => color))
  const what = alone === undefined ? counted(cards.length) : 'card'
  return (
    <div
      ref={bar}
      className="card-bar"
      role="toolbar"
      aria-label={alone === undefined ? `Selection: ${what}` : 'Card'}
      data-board-control
      onKeyDown={onKeyDown}
      // a press must not take the focus out of a text being written, nor reach the board
      onPointerDown={(event) => event.stopPropagation()}
      onMouseDown={(event) => event.preventDefault()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {alone === undefined && <span className="count">{cards.length}</span>}
      {CARD_COLORS.map((color) => (
        <button
          key={color}
          type="button"
          className="paper-swatch"
          aria-label={COLOR_NAMES[color]}
          aria-pressed={papers.size === 1 && papers.has(color)}
          title={COLOR_NAMES[color]}
          onClick={() => recolour(board, color)}
        >
          <i style={{ background: `var(--card-${color})` }} />
        </button>
      ))}
      <span className="rule" />
      <IconButton
        icon={BringToFront}
        size={16}
        label="Bring forward"
        hint="]"
        onClick={() => reorderSelection(board, 'forward')}
      />
      <IconButton
        icon={SendToBack}
        size={16}
        label="Send backward"
        hint="["
        onClick={() => reorderSelection(board, 'backward')}
      />
      <span className="rule" />
      <IconButton
        icon={Copy}
        size={16}
        label={`Duplicate ${what}`}
        hint="Mod+D"
        onClick={() => duplicateSelection(board)}
      />
      {alone !== undefined && (
        <IconButton
          icon={Link2}
          size={16}
          label="Copy link to card"
          onClick={() => void copyCardLink(alone.id)}
        />
      )}
      <IconButton
        icon={Trash2}
        size={16}
        className="danger"
        label={`Delete ${what}`}
        hint="Delete"
        onClick={() => deleteSelection(board)}
      />
    </div>
  )
}

function placeBar(node: HTMLElement, board: ReturnType<typeof useBoard>, cards: readonly Card[]): void {
  const { view, viewport } = board.view
  const bounds = boundsOf(
    cards.map((card) => {
      const height = Math.max(card.size[1], board.elements.get(card.id)?.offsetHeight ?? 0)
      return { ...rectOf(card), height }
    }),
  )
  if (bounds === undefined) return
  const top = toScreen(view, bounds)
  const isNamed = cards.some(({ id }) => Boolean(board.elements.get(id)?.querySelector('.card-ring')))
  const above = top.y - (isNamed ? NAMED_GAP_PX : GAP_PX) - node.offsetHeight
  const below = top.y + bounds.height * view.zoom + GAP_PX
  const x = top.x + (bounds.width * view.zoom - node.offsetWidth) / 2
  const left = clamp(x, MARGIN_PX, viewport.width - node.offsetWidth - MARGIN_PX)
  // below the word about the connection
  const banner = node.closest('.room-main')?.querySelector<HTMLElement>('.banner')
  const ceiling = MARGIN_PX + (banner ? banner.offsetTop + banner.offsetHeight : 0)
  // on a phone the sheet and the tools above it leave less than the whole board
  const floor = node.closest('.board')?.querySelector<HTMLElement>('.tools')?.offsetTop ?? viewport.height
  const lowest = floor - node.offsetHeight - MARGIN_PX
  const y = above >= ceiling ? Math.min(above, lowest) : clamp(below, Math.min(ceiling, lowest), lowest)
  node.style.transform = `translate(${Math.round(left)}px, ${Math.round(y)}px)`
}

/** From its last button the browser's own Tab leads out of the bar. */
function leave(event: KeyboardEvent<HTMLDivElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')]
  buttons.at(-1)?.focus()
}

/** Arrow keys, Home and End inside the bar. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): boolean {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.findIndex((button) => button === event.target)
  const next = neighbourOf(event.key, at, buttons.length)
  if (next === undefined) return false
  buttons[next]?.focus()
  return true
}

function neighbourOf(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return (at - 1 + count) % count
    case 'ArrowRight':
    case 'ArrowDown':
      return (at + 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
