import { useRoom, useStatus, useSyncStatus } from '@roomful/react'
import { LOBBY } from '@roomful/shared'
import { Lock } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { Link } from 'wouter'
import '../styles/notice.css'
import { closedWords } from './closed-words.ts'
import { copyText } from './copy-link.ts'
import { roomText } from './room-text.ts'
import { focusWhenShown } from '../ui/focus-when-shown.ts'

/** Why the room ended the connection for good, and the ways out. */
export function ClosedNotice(): ReactElement | null {
  const { provider, name, doc } = useRoom()
  const { state, closedReason } = useStatus()
  const { pending } = useSyncStatus()
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  if (state !== 'closed' || closedReason === undefined) return null
  const words = closedWords(closedReason)
  // whoever was shown out in the middle of something takes it along
  const text = words.mayHoldWork || (pending !== 'unknown' && pending > 0) ? roomText(doc) : ''
  return (
    <div
      className="notice-page"
      role="alertdialog"
      aria-labelledby="closed-title"
      aria-describedby="closed-text"
      data-code={closedReason.code}
    >
      <div className="notice-card">
        <Lock size={28} strokeWidth={1.6} aria-hidden />
        <h2 id="closed-title">{words.title}</h2>
        <p id="closed-text">{words.text}</p>
        <div className="actions">
          <button
            type="button"
            className="button primary"
            ref={focusWhenShown}
            onClick={() => (words.way === 'again' ? provider.retryNow() : location.reload())}
          >
            {words.wayLabel}
          </button>
          {text !== '' && (
            <button
              type="button"
              className="button quiet"
              onClick={() => void copyText(text).then((isCopied) => setCopied(isCopied ? 'yes' : 'failed'))}
            >
              {copied === 'yes' ? 'Copied' : 'Copy the text of this room'}
            </button>
          )}
          {name !== LOBBY && (
            <Link href={`/rooms/${LOBBY}`} className="button quiet">
              Go to the lobby
            </Link>
          )}
        </div>
        {copied === 'failed' && (
          <textarea
            className="field"
            readOnly
            ref={focusWhenShown}
            aria-label="The text of this room"
            value={text}
            rows={6}
          />
        )}
      </div>
    </div>
  )
}
