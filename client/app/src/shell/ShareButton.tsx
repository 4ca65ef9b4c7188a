import type { RoomName } from '@roomful/shared'
import { Link2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { lazyPart } from '../ui/lazy-part.tsx'
import { Popover } from '../ui/Popover.tsx'

const SharePanel = lazyPart(async () => (await import('./SharePanel.tsx')).SharePanel)

interface ShareButtonProps {
  readonly room: RoomName
}

/** Opens the ways to invite somebody. */
export function ShareButton({ room }: ShareButtonProps): ReactElement {
  return (
    <Popover
      label="Invite people"
      align="end"
      className="share-popover"
      button={(button) => (
        <button
          type="button"
          {...button}
          className="button primary share"
          aria-label="Share this room"
          title="Share"
        >
          <Link2 size={16} strokeWidth={2} aria-hidden />
          <span className="wide-only">Share</span>
        </button>
      )}
    >
      <SharePanel room={room} />
    </Popover>
  )
}
