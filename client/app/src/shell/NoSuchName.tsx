import { LOBBY, type RoomName } from '@roomful/shared'
import { Signpost } from 'lucide-react'
import { type ReactElement, useEffect } from 'react'
import { Link } from 'wouter'
import '../styles/notice.css'
import { RoomNameForm } from './RoomNameForm.tsx'

/** More of a name than this says nothing more. */
const SHOWN_LENGTH = 80

interface NoSuchNameProps {
  /** As it stood in the address. */
  readonly typed: string
  /** What remains of it, where anything does. */
  readonly left: RoomName | undefined
}

/** An address whose name no room can have: what is wrong with it, and the ways on. Nobody is taken anywhere unasked. */
export function NoSuchName({ typed, left }: NoSuchNameProps): ReactElement {
  useEffect(() => {
    document.title = 'No such room · Roomful'
  }, [])
  const shown = typed.length > SHOWN_LENGTH ? `${typed.slice(0, SHOWN_LENGTH)}…` : typed
  return (
    <main className="notice-page whole">
      <div className="notice-card">
        <Signpost size={28} strokeWidth={1.6} aria-hidden />
        <h1>No room can have this name</h1>
        <p>
          The link names a room <bdi>{shown}</bdi>, but a name is made of the letters a to z, digits and
          hyphens, 64 at most. Ask for the link once more, or choose a room yourself.
        </p>
        {left !== undefined && (
          <p>
            Without the rest it would be <bdi>{left}</bdi>, which may be another room than the one that was
            meant.
          </p>
        )}
        <RoomNameForm initial={left ?? ''} />
        <div className="actions">
          <Link href={`/rooms/${LOBBY}`} className="button quiet">
            Go to the lobby
          </Link>
        </div>
      </div>
    </main>
  )
}
