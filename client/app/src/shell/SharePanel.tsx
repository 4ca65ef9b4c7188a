import type { RoomName } from '@roomful/shared'
import { Check, Copy, Share2 } from 'lucide-react'
import { type ReactElement, useRef, useState } from 'react'
import '../styles/share.css'
import { useVerified } from '../door/use-verified.ts'
import { toast } from '../ui/toast.ts'
import { copyText, roomLink } from './copy-link.ts'
import { QrCode } from './QrCode.tsx'
import { roomTitle } from './room-title.ts'
import { focusWhenShown } from '../ui/focus-when-shown.ts'

interface SharePanelProps {
  readonly room: RoomName
}

/** The ways to get somebody else in: the link to copy, the phone's own share sheet, a code for a phone across the table. */
export function SharePanel({ room }: SharePanelProps): ReactElement {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'by-hand'>('no')
  const link = roomLink()
  const isGuarded = useVerified() !== undefined

  const copy = async (): Promise<void> => {
    if (await copyText(link)) {
      setCopied('yes')
      toast('Link copied')
      return
    }
    setCopied('by-hand')
    field.current?.focus()
    field.current?.select()
  }
  const share = async (): Promise<void> => {
    try {
      await navigator.share({ title: `${roomTitle(room)} · Roomful`, url: link })
    } catch {
      // AbortError: thought better of it; NotAllowedError: refused, and the link is still here
    }
  }

  return (
    <div className="share-panel">
      <h2>Invite to {roomTitle(room)}</h2>
      <p>
        {isGuarded
          ? 'The link leads here; to come in, people need a sign-in of their own.'
          : 'Whoever has the link can join, no account needed.'}
      </p>
      <div className="room-form">
        <input
          ref={field}
          className="field"
          readOnly
          value={link}
          aria-label="Link to this room"
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" className="button primary" ref={focusWhenShown} onClick={() => void copy()}>
          {copied === 'yes' ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
          {copied === 'yes' ? 'Copied' : 'Copy link'}
        </button>
      </div>
      {copied === 'by-hand' && (
        <p className="form-hint" role="status">
          The browser does not let a page copy here: press Ctrl+C (⌘C) to copy the selected link.
        </p>
      )}
      {typeof navigator.share === 'function' && (
        <button type="button" className="button quiet native" onClick={() => void share()}>
          <Share2 size={15} aria-hidden />
          Share with an app…
        </button>
      )}
      <QrCode text={link} label="QR code of the link" />
      <p className="caption">
        {isLoopback(location.hostname)
          ? 'This address works on this computer only.'
          : 'Point a phone’s camera at the code.'}
      </p>
    </div>
  )
}

/** An address nobody else can reach. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
