import type { RoomName } from '@roomful/shared'
import { History } from 'lucide-react'
import type { ReactElement } from 'react'
import { forgetComeApart } from './come-apart.ts'
import { copyKeptAside, useKeptAside } from './use-kept-aside.ts'
import '../styles/notice.css'

interface ComeApartProps {
  readonly room: RoomName
}

/** Told once after a room was opened anew by itself: what happened, and where the own words are. */
export function ComeApart({ room }: ComeApartProps): ReactElement | null {
  const copies = useKeptAside(room)
  if (copies === undefined) return null
  const [only] = copies.length === 1 ? copies : []
  return (
    <div className="come-apart" role="alert">
      <History size={18} strokeWidth={1.8} aria-hidden />
      <div>
        <p>
          <strong>This room was opened anew.</strong> What you saw no longer matched what everybody else sees,
          so it was loaded again from the server.{' '}
          {copies.length === 0
            ? 'This browser keeps no storage for the page: words of yours that are missing here are lost.'
            : 'Words of yours that are missing here are kept on this device: you find them in the room menu.'}
        </p>
        <div className="actions">
          {only !== undefined && (
            <button type="button" className="button quiet" onClick={() => void copyKeptAside(only)}>
              Copy the text from before
            </button>
          )}
          <button type="button" className="button quiet" onClick={() => forgetComeApart(room)}>
            Understood
          </button>
        </div>
      </div>
    </div>
  )
}
