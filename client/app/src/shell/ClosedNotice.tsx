import { useRoom, useStatus } from '@roomful/react'
import { LOBBY } from '@roomful/shared'
import { Lock } from 'lucide-react'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

/** Why the room ended the connection for good, and the ways out. */
export function ClosedNotice(): ReactElement | null {
  const { provider, name } = useRoom()
  const { state, closedReason } = useStatus()
  if (state !== 'closed' || closedReason === undefined) return null
  return (
    <div
      className="notice-page"
      role="alertdialog"
      aria-labelledby="closed-title"
      aria-describedby="closed-text"
    >
      <div className="notice-card">
        <Lock size={28} strokeWidth={1.6} aria-hidden />
        <h2 id="closed-title">{sentence(closedReason.meaning)}</h2>
        <p id="closed-text">{sentence(closedReason.advice)}.</p>
        <div className="actions">
          <button type="button" className="button primary" autoFocus onClick={() => provider.retryNow()}>
            Try again
          </button>
          {name !== LOBBY && (
            <Link href={`/rooms/${LOBBY}`} className="button quiet">
              Go to the lobby
            </Link>
          )}
        </div>
      </div>
    </div>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
