import type { RoomName } from '@roomful/shared'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { Link } from 'wouter'
import { useClosePopover } from '../ui/Popover.tsx'
import { roomTitle } from './room-title.ts'

interface RoomRowProps {
  readonly room: RoomName
  readonly isHere: boolean
  /** `undefined` where the server has not said. */
  readonly online: number | undefined
  /** Absent where the room cannot be taken off the list. */
  readonly onRemove?: (() => void) | undefined
}

/** A room in the switcher: its name, how many people are in it, and the way to take it off the list. */
export function RoomRow({ room, isHere, online, onRemove }: RoomRowProps): ReactElement {
  const close = useClosePopover()
  return (
    <li
      onKeyDown={(event) => {
        if (event.key !== 'Delete' || onRemove === undefined) return
        event.preventDefault()
        // the focus would be lost with the row
        const next = event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling
        next?.querySelector<HTMLElement>('[data-row]')?.focus()
        onRemove()
      }}
    >
      <Link
        href={`/rooms/${room}`}
        data-row
        data-room={room}
        aria-current={isHere ? 'page' : undefined}
        aria-keyshortcuts={onRemove === undefined ? undefined : 'Delete'}
        title={roomTitle(room)}
        onClick={close}
      >
        <span className="truncate">{roomTitle(room)}</span>
        {online !== undefined && online > 0 && (
          <span className="online" data-online={online}>
            <i aria-hidden />
            {online}
            <span className="sr-only">{online === 1 ? ' person here' : ' people here'}</span>
          </span>
        )}
      </Link>
      {onRemove !== undefined && (
        <button
          type="button"
          className="icon-button remove"
          aria-label={`Remove ${roomTitle(room)} from the list`}
          title="Remove from the list"
          onClick={onRemove}
        >
          <X size={14} strokeWidth={2} aria-hidden />
        </button>
      )}
    </li>
  )
}
