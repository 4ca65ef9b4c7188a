import { normalizeRoomName, type RoomName } from '@roomful/shared'
import { ChevronDown } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Popover, useClosePopover } from '../ui/Popover.tsx'
import { recentRooms } from './recent-rooms.ts'
import { roomTitle } from './room-title.ts'

interface RoomMenuProps {
  readonly room: RoomName
}

/** The room's name; pressed, the way into other rooms. */
export function RoomMenu({ room }: RoomMenuProps): ReactElement {
  return (
    <Popover
      label="Rooms"
      button={(button) => (
        <button type="button" {...button} className="room-button" title={roomTitle(room)}>
          <h1 className="truncate">{roomTitle(room)}</h1>
          <ChevronDown size={16} strokeWidth={1.8} aria-hidden />
        </button>
      )}
    >
      <RoomSwitcher room={room} />
    </Popover>
  )
}

function RoomSwitcher({ room }: RoomMenuProps): ReactElement {
  const close = useClosePopover()
  const [, navigate] = useLocation()
  const [draft, setDraft] = useState('')
  const [refused, setRefused] = useState(false)
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const name = normalizeRoomName(draft)
          setRefused(name === undefined)
          if (name === undefined) return
          navigate(`/rooms/${name}`)
          close()
        }}
      >
        <label htmlFor="room-name">Open or create a room</label>
        <div className="room-form">
          <input
            id="room-name"
            className="field"
            data-autofocus
            autoComplete="off"
            placeholder="Room name"
            value={draft}
            aria-invalid={refused}
            aria-describedby={refused ? 'room-error' : undefined}
            onChange={(event) => {
              setDraft(event.currentTarget.value)
              setRefused(false)
            }}
          />
          <button type="submit" className="button primary">
            Go
          </button>
        </div>
        {refused && (
          <p id="room-error" className="form-error" role="alert">
            Use at least one letter (a-z) or digit.
          </p>
        )}
      </form>
      <nav className="room-list" aria-label="Rooms">
        {recentRooms().map((name) => (
          <Link
            key={name}
            href={`/rooms/${name}`}
            aria-current={name === room ? 'page' : undefined}
            onClick={close}
          >
            <span className="truncate">{roomTitle(name)}</span>
          </Link>
        ))}
      </nav>
    </>
  )
}
