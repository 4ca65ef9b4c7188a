import { useOthers, useRoom } from '@roomful/react'
import { AppWindow, Link2, Shapes } from 'lucide-react'
import type { ReactElement } from 'react'
import { copyRoomLink } from '../shell/copy-link.ts'
import { PHONE, useMedia } from '../ui/use-media.ts'
import { useBoard, useBoardState } from './board-context.ts'
import { addStarterCards } from './starter-cards.ts'

/** What to do on an empty board. In company only the offer of starter cards stays: who is not alone needs no words. */
export function BoardHint(): ReactElement {
  const board = useBoard()
  const { doc } = useRoom()
  const alone = useOthers((others) => others.length === 0)
  const phone = useMedia(PHONE)
  const { readOnly } = useBoardState()

  if (readOnly) {
    return (
      <div className="board-hint">
        <h2>This board is empty</h2>
        <p>You can read this room: what others put here shows at once.</p>
      </div>
    )
  }
  const starters = (
    <button
      type="button"
      className="button quiet"
      data-board-control
      onClick={() => {
        board.beginStep()
        addStarterCards(doc)
        board.beginStep()
        board.fitAll(true)
        board.announcements.say('Starter cards added')
      }}
    >
      <Shapes size={16} aria-hidden /> Add starter cards
    </button>
  )
  if (!alone) return <div className="board-hint">{starters}</div>
  return (
    <div className="board-hint">
      <h2>This board is empty</h2>
      {phone ? (
        <p>Double-tap anywhere to put a card on it.</p>
      ) : (
        <p>
          Double-click anywhere, or press <kbd>N</kbd>, to put a card on it.
        </p>
      )}
      <div className="actions">
        {starters}
        <button type="button" className="button quiet" data-board-control onClick={() => void copyRoomLink()}>
          <Link2 size={16} aria-hidden /> Copy the link to invite others
        </button>
        {/* noopener: a window with an opener would begin with this tab's identity */}
        <a
          className="button quiet"
          href={location.pathname}
          target="_blank"
          rel="noopener"
          data-board-control
        >
          <AppWindow size={16} aria-hidden /> Open a second window
        </a>
      </div>
    </div>
  )
}
