import type { Person } from '@roomful/provider'
import { useCards, useOthers, useRoom, useUndo } from '@roomful/react'
import { BOARD, type Card } from '@roomful/shared'
import {
  type ReactElement,
  Suspense,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react'
import { useCardLink } from '../links/use-card-link.ts'
import { Company } from '../cursors/Company.tsx'
import { useSynced } from '../shell/use-synced.ts'
import { REDUCED_MOTION } from '../ui/use-media.ts'
import { BoardContext } from './board-context.ts'
import { BoardController } from './board-state.ts'
import { BoardHint } from './BoardHint.tsx'
import { CardView } from './CardView.tsx'
import { drawView } from './draw-view.ts'
import { ToolBar } from './ToolBar.tsx'
import { useBoardGestures } from './use-board-gestures.ts'
import { useBoardKeys } from './use-board-keys.ts'
import { useFirstView } from './use-first-view.ts'
import { ViewStore } from './view-store.ts'
import { ZoomBar } from './ZoomBar.tsx'
import { lazyPart } from '../ui/lazy-part.ts'

const CardBar = lazyPart(async () => (await import('./CardBar.tsx')).CardBar)

interface BoardProps {
  /** So many pixels at the bottom lie under the phone's sheet. */
  readonly coveredPx: number
}

/** The room's board: a fixed world, seen through a view of one's own. */
export function Board({ coveredPx }: BoardProps): ReactElement {
  const { presence, undo: history } = useRoom()
  const { cards, actions } = useCards()
  const { undo, redo } = useUndo()
  const element = useRef<HTMLElement>(null)
  const world = useRef<HTMLDivElement>(null)
  const paper = useRef<HTMLDivElement>(null)
  const board = useMemo(
    () =>
      new BoardController(new ViewStore(() => matchMedia(REDUCED_MOTION).matches), actions, () =>
        history.stopCapturing(),
      ),
    [actions, history],
  )
  const { tool, selected, editing } = useSyncExternalStore(board.subscribe, () => board.state)
  const panning = useBoardGestures(element, board)
  useBoardKeys(element, board, undo, redo)
  useFirstView(element, board, coveredPx, cards.length > 0)
  useCardLink(element, board, cards)
  const settled = useSynced()

  useLayoutEffect(() => {
    const draw = (): void => drawView(board.view.view, world.current, paper.current)
    draw()
    return board.view.subscribe(draw)
  }, [board])

  const selectedCard = cards.find((card) => card.id === selected)
  const shownId = selectedCard?.id
  useEffect(() => {
    presence.setSelection(shownId === undefined ? [] : [shownId])
  }, [presence, shownId])

  const selecting = useOthers(withSelection)
  const selections = useMemo(() => byCard(selecting), [selecting])
  const ordered = useMemo(() => inTabOrder(cards), [cards])

  return (
    <BoardContext value={board}>
      <section
        ref={element}
        id="board"
        className="board"
        aria-label="Board"
        tabIndex={-1}
        data-tool={tool}
        data-panning={panning === 'no' ? undefined : panning}
        onDoubleClick={(event) => {
          const target = event.target
          if (tool !== 'select' || !(target instanceof Element)) return
          if (target.closest('[data-card-id], [data-board-control]') !== null) return
          const box = event.currentTarget.getBoundingClientRect()
          board.createAt({ x: event.clientX - box.left, y: event.clientY - box.top })
        }}
      >
        <div ref={paper} className="paper" style={{ width: BOARD.width, height: BOARD.height }} />
        <div ref={world} className="world">
          {ordered.map(({ card, rank }) => (
            <CardView
              key={card.id}
              card={card}
              rank={rank}
              selected={card.id === selected}
              editing={editing && card.id === selected}
              others={selections.get(card.id) ?? NOBODY}
            />
          ))}
        </div>
        {settled && cards.length === 0 && <BoardHint />}
        <Company element={element} />
        {selectedCard !== undefined && tool === 'select' && (
          <Suspense>
            <CardBar card={selectedCard} />
          </Suspense>
        )}
        <ToolBar />
        <ZoomBar />
      </section>
    </BoardContext>
  )
}

const NOBODY: readonly Person[] = []

const withSelection = (others: readonly Person[]): readonly Person[] =>
  others.filter((person) => person.selection.length > 0)

function byCard(people: readonly Person[]): ReadonlyMap<string, readonly Person[]> {
  const map = new Map<string, Person[]>()
  for (const person of people) {
    for (const id of person.selection) map.set(id, [...(map.get(id) ?? []), person])
  }
  return map
}

/** A card's place in the document stays when it comes to the front: moving its element would end a drag or lose the focus. */
function inTabOrder(cards: readonly Card[]): readonly { readonly card: Card; readonly rank: number }[] {
  return cards.map((card, rank) => ({ card, rank })).sort((a, b) => (a.card.id < b.card.id ? -1 : 1))
}
