import { useRoom } from '@roomful/react'
import { type ReactElement, useCallback, useEffect, useRef, useSyncExternalStore } from 'react'
import { attachBoard } from './attach-board.ts'
import { useBoardState } from './board-context.ts'
import { CardBar } from './CardBar.tsx'
import type { OverlayProps } from './card-parts.ts'

/** What makes the board answer: gestures, keys and wheel, what it tells the others, and the bar of what is selected. */
export function BoardOverlay({ board, element }: OverlayProps): ReactElement {
  const { presence } = useRoom()
  const box = useRef<HTMLDivElement>(null)
  const { selection, tool, readOnly } = useBoardState()

  useEffect(() => {
    return box.current === null ? undefined : attachBoard(element, box.current, board, presence)
  }, [board, element, presence])

  return (
    <>
      <div ref={box} className="selection-box" />
      <p id="card-help" hidden>
        {readOnly
          ? 'You can read this card.'
          : 'Space picks the card up, arrow keys move it, Enter writes in it.'}
      </p>
      <Announcer board={board} />
      {selection.length > 0 && tool === 'select' && !readOnly && <CardBar />}
    </>
  )
}

/** One sentence at a time about what keys and drags did. */
function Announcer({ board }: Pick<OverlayProps, 'board'>): ReactElement {
  const { announcements } = board
  const read = useCallback(() => announcements.text, [announcements])
  const text = useSyncExternalStore(announcements.subscribe, read)
  return (
    <p className="sr-only" role="status" data-announcer>
      {text}
    </p>
  )
}
