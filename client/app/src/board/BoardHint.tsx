import { Link2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { copyRoomLink } from '../shell/copy-link.ts'
import { useOthers } from '@roomful/react'
import { PHONE, useMedia } from '../ui/use-media.ts'

/** What to do on an empty board; the way to company only while there is none. */
export function BoardHint(): ReactElement {
  const alone = useOthers((others) => others.length === 0)
  const phone = useMedia(PHONE)
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
      {alone && (
        <button type="button" className="button quiet" data-board-control onClick={() => void copyRoomLink()}>
          <Link2 size={16} aria-hidden /> Copy the link to invite others
        </button>
      )}
    </div>
  )
}
