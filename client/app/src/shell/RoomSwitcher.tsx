import { normalizeRoomName, type RoomName } from '@roomful/shared'
import { type ReactElement, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useClosePopover } from '../ui/Popover.tsx'
import { recentRooms } from './recent-rooms.ts'
import { roomTitle } from './room-title.ts'

interface RoomSwitcherProps {
  readonly room: RoomName
}

/** Any room by its name, and the ones visited last. */
export function RoomSwitcher({ room }: RoomSwitcherProps): ReactElement {
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
            autoFocus
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
