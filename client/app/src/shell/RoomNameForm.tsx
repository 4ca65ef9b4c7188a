import { normalizeRoomName } from '@roomful/shared'
import { Plus } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { useLocation } from 'wouter'
import '../styles/switcher.css'
import { focusWhenShown } from '../ui/focus-when-shown.ts'

interface RoomNameFormProps {
  /** What stands in the field at first. */
  readonly initial?: string
  /** Called when a room is gone to. */
  readonly onGo?: () => void
}

/** Any room by its name, with what the name becomes in an address. */
export function RoomNameForm({ initial = '', onGo }: RoomNameFormProps): ReactElement {
  const [, navigate] = useLocation()
  const [draft, setDraft] = useState(initial)
  const [refused, setRefused] = useState(false)
  const name = normalizeRoomName(draft)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setRefused(name === undefined)
        if (name === undefined) return
        navigate(`/rooms/${name}`)
        onGo?.()
      }}
    >
      <label htmlFor="room-name">Open or create a room</label>
      <div className="room-form">
        <input
          id="room-name"
          className="field"
          data-row
          ref={focusWhenShown}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          placeholder="Room name"
          value={draft}
          aria-invalid={refused}
          aria-describedby="room-preview"
          onChange={(event) => {
            setDraft(event.currentTarget.value)
            setRefused(false)
          }}
        />
        <button type="submit" className="button primary">
          Go
        </button>
      </div>
      <p
        id="room-preview"
        className={refused ? 'form-error' : 'form-hint'}
        role={refused ? 'alert' : undefined}
      >
        {refused ? (
          'Use at least one letter (a-z) or digit.'
        ) : name === undefined ? (
          'A name opens the room, or makes a new one.'
        ) : (
          <>
            <Plus size={13} aria-hidden />
            <span className="truncate">/rooms/{name}</span>
          </>
        )}
      </p>
    </form>
  )
}
