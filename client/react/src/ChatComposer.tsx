import { MAX_MESSAGE_LENGTH } from '@roomful/shared'
import { type KeyboardEvent, type ReactElement, useId, useState } from 'react'
import type { ChatLabels } from './chat-labels.ts'
import { useChat } from './use-chat.ts'
import { useSelf } from './use-people.ts'
import { useTyping } from './use-typing.ts'

/** What keydown reports while an input method has the keyboard, in browsers that do not say so otherwise. */
const IME_KEY_CODE = 229
/** From here on the room left is shown. */
const WARN_LEFT = 200

interface ChatComposerProps {
  readonly labels: ChatLabels
}

/**
 * Where messages are written. What is too long stays in the field, marked: nothing is cut.
 *
 * @example <ChatComposer labels={ENGLISH} />
 */
export function ChatComposer({ labels }: ChatComposerProps): ReactElement {
  const { chat } = useChat()
  const [, setTyping] = useTyping()
  const self = useSelf()
  const [draft, setDraft] = useState('')
  const id = useId()
  const left = MAX_MESSAGE_LENGTH - draft.length
  const isSendable = self !== undefined && draft.trim() !== '' && left >= 0

  const send = (): void => {
    if (isSendable && chat.send(draft.trim()) !== undefined) setDraft('')
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey) return
    if (event.nativeEvent.isComposing || event.keyCode === IME_KEY_CODE) return
    event.preventDefault()
    send()
  }

  return (
    <form
      data-composer=""
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label htmlFor={id}>{labels.message}</label>
      <textarea
        id={id}
        rows={1}
        dir="auto"
        enterKeyHint="send"
        placeholder={labels.placeholder}
        aria-invalid={left < 0}
        value={draft}
        onChange={(event) => {
          setDraft(event.currentTarget.value)
          setTyping(event.currentTarget.value.trim() !== '')
        }}
        onKeyDown={onKeyDown}
      />
      {left < WARN_LEFT && (
        <span role="status" data-left={left}>
          {labels.left(left)}
        </span>
      )}
      <button type="submit" aria-disabled={!isSendable}>
        {labels.send}
      </button>
    </form>
  )
}
