import { useChat, useTyping } from '@roomful/react'
import { MAX_MESSAGE_LENGTH } from '@roomful/shared'
import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type ReactElement, useRef, useState } from 'react'

/** From here on the room left is shown. */
const WARN_LEFT = 200
/** What keydown reports while an input method has the keyboard, in browsers that do not set `isComposing`. */
const IME_KEY_CODE = 229

/** Where messages are written: Enter sends, Shift+Enter breaks the line, an input method's Enter does neither. */
export function Composer(): ReactElement {
  const { chat } = useChat()
  const [, setTyping] = useTyping()
  const [draft, setDraft] = useState('')
  const composing = useRef(false)
  const left = MAX_MESSAGE_LENGTH - draft.length
  const sendable = draft.trim() !== '' && left >= 0

  const send = (): void => {
    if (!sendable) return
    if (chat.send(draft.trim()) !== undefined) setDraft('')
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey) return
    if (composing.current || event.nativeEvent.isComposing || event.keyCode === IME_KEY_CODE) return
    event.preventDefault()
    send()
  }

  return (
    <form
      className="compose"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="grow-field">
        <span className="measure" aria-hidden>{`${draft}\u200b`}</span>
        <textarea
          rows={1}
          aria-label="Message"
          placeholder="Message everyone in the room"
          enterKeyHint="send"
          dir="auto"
          value={draft}
          onChange={(event) => {
            const text = event.currentTarget.value
            setDraft(text)
            setTyping(text.trim() !== '')
          }}
          onKeyDown={onKeyDown}
          onCompositionStart={() => {
            composing.current = true
          }}
          onCompositionEnd={() => {
            composing.current = false
          }}
        />
      </div>
      {left < WARN_LEFT && (
        <span className="left" role="status" data-over={left < 0 ? '' : undefined}>
          {left}
        </span>
      )}
      <button type="submit" className="send" aria-label="Send" title="Send (Enter)" aria-disabled={!sendable}>
        <ArrowUp size={16} strokeWidth={2} aria-hidden />
      </button>
    </form>
  )
}
