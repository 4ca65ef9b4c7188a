import { useChat, useRoom, useTyping } from '@roomful/react'
import { ArrowUp } from 'lucide-react'
import { type ReactElement, useLayoutEffect, useRef, useState } from 'react'
import { readDraft, writeDraft } from './drafts.ts'
import { GrowField } from './GrowField.tsx'
import { LengthLeft, lengthLeft } from './LengthLeft.tsx'
import { MentionList } from './MentionList.tsx'
import { useMentionMenu } from './use-mention-menu.ts'

interface ComposerProps {
  /** Arrow up in the empty field. */
  readonly onEditLast: () => void
}

/**
 * Where messages are written: Enter sends, Shift+Enter breaks the line, arrow up in the empty field edits the last own
 * message, `@` offers the people in the room. What is too long stays in the field, as does a draft when the tab changes.
 */
export function Composer({ onEditLast }: ComposerProps): ReactElement {
  const { chat } = useChat()
  const { name: room } = useRoom()
  const [, setTyping] = useTyping()
  const [draft, setDraftState] = useState(() => readDraft(room))
  const [caret, setCaret] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  const nextCaret = useRef<number>(undefined)
  const left = lengthLeft(draft)
  const sendable = draft.trim() !== '' && left >= 0

  const setDraft = (text: string): void => {
    setDraftState(text)
    writeDraft(room, text)
  }
  const menu = useMentionMenu(draft, caret, (text, at) => {
    setDraft(text)
    setCaret(at)
    nextCaret.current = at
  })
  useLayoutEffect(() => {
    if (nextCaret.current === undefined) return
    field.current?.setSelectionRange(nextCaret.current, nextCaret.current)
    nextCaret.current = undefined
  }, [draft])

  const send = (): void => {
    if (!sendable || chat.send(draft.trim()) === undefined) return
    setDraft('')
    setCaret(0)
  }

  const open = menu.options.length > 0
  return (
    <form
      className="compose"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {open && <MentionList menu={menu} />}
      <GrowField
        ref={field}
        aria-label="Message"
        aria-autocomplete="list"
        aria-controls={open ? menu.listId : undefined}
        aria-activedescendant={open ? menu.optionId(menu.active) : undefined}
        placeholder="Message everyone in the room"
        enterKeyHint="send"
        data-panel-focus=""
        value={draft}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget
          setDraft(value)
          setCaret(selectionStart)
          setTyping(value.trim() !== '')
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => setCaret(0)}
        onKeyDown={(event) => {
          menu.onKeyDown(event)
          if (event.defaultPrevented || event.key !== 'ArrowUp' || draft !== '') return
          event.preventDefault()
          onEditLast()
        }}
        onEnter={send}
      />
      <LengthLeft left={left} />
      <button
        type="submit"
        className="send"
        aria-label="Send"
        title="Send (Enter)"
        aria-disabled={!sendable}
        // a phone's keyboard stays open for the next message
        onMouseDown={(event) => event.preventDefault()}
      >
        <ArrowUp size={16} strokeWidth={2} aria-hidden />
      </button>
    </form>
  )
}
