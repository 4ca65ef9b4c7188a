import { useRoom } from '@roomful/react'
import { BOARD } from '@roomful/shared'
import {
  type ReactElement,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { Company } from '../cursors/Company.tsx'
import { HelpButton } from '../keys/HelpButton.tsx'
import { useCardLink } from '../links/use-card-link.ts'
import { useSynced } from '../shell/use-synced.ts'
import { lazyPart } from '../ui/lazy-part.tsx'
import { REDUCED_MOTION } from '../ui/use-media.ts'
import { setActiveBoard } from './active-board.ts'
import { BoardContext } from './board-context.ts'
import { BoardController } from './board-state.ts'
import { CardLayer } from './CardLayer.tsx'
import { drawView } from './draw-view.ts'
import { ToolBar } from './ToolBar.tsx'
import { useCardParts } from './use-card-parts.ts'
import { useFirstView } from './use-first-view.ts'
import { ViewStore } from './view-store.ts'
import { ZoomBar } from './ZoomBar.tsx'

const BoardHint = lazyPart(async () => (await import('./BoardHint.tsx')).BoardHint)

interface BoardProps {
  /** So many pixels at the bottom lie under the phone's sheet. */
  readonly coveredPx: number
  /** This tab may look, point and select, but not change anything. */
  readonly readOnly: boolean
}

/** The room's board: a fixed world, seen through a view of one's own. */
export function Board({ coveredPx, readOnly }: BoardProps): ReactElement {
  const { cards, undo } = useRoom()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const section = useRef<HTMLElement>(null)
  const world = useRef<HTMLDivElement>(null)
  const paper = useRef<HTMLDivElement>(null)
  const board = useMemo(
    () => new BoardController(new ViewStore(() => matchMedia(REDUCED_MOTION).matches), { cards, undo }),
    [cards, undo],
  )
  const state = useSyncExternalStore(board.subscribe, () => board.state)
  const count = useSyncExternalStore(
    useCallback((onChange: () => void) => cards.subscribe(onChange), [cards]),
    () => cards.byId.size,
  )
  const parts = useCardParts()
  useFirstView(section, board, coveredPx, count)
  useCardLink(section, board, count)
  useEffect(() => setActiveBoard(board), [board])
  useLayoutEffect(() => board.setReadOnly(readOnly), [board, readOnly])
  const settled = useSynced()

  useLayoutEffect(() => {
    setElement(section.current)
    const draw = (): void => drawView(board.view.view, world.current, paper.current)
    draw()
    return board.view.subscribe(draw)
  }, [board])

  return (
    <BoardContext value={board}>
      <section
        ref={section}
        id="board"
        className="board"
        aria-label="Board"
        tabIndex={-1}
        data-tool={state.tool}
        data-read-only={readOnly ? '' : undefined}
      >
        <div ref={paper} className="paper" style={{ width: BOARD.width, height: BOARD.height }} />
        <div ref={world} className="world">
          <CardLayer state={state} parts={parts} />
        </div>
        {settled && count === 0 && <BoardHint />}
        {parts !== undefined && element !== null && <parts.Overlay board={board} element={element} />}
        {/* behind the overlay: Tab leads from a card through its bar to what comes next here */}
        <Company element={section} />
        <ToolBar />
        <ZoomBar />
        <HelpButton />
      </section>
    </BoardContext>
  )
}
