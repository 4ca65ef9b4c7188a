import { type ReactElement, useEffect, useRef, useState } from 'react'
import { GrowField } from './GrowField.tsx'
import { LengthLeft, lengthLeft } from './LengthLeft.tsx'

interface MessageEditorProps {
  readonly text: string
  /** Called with the text as it shall be; blank means that the message shall go. */
  readonly onSave: (text: string) => void
  readonly onCancel: () => void
}

/** An own message under edit, in its place: Enter saves, Esc leaves it as it was. */
export function MessageEditor({ text, onSave, onCancel }: MessageEditorProps): ReactElement {
  const [draft, setDraft] = useState(text)
  const field = useRef<HTMLTextAreaElement>(null)
  const left = lengthLeft(draft)
  const save = (): void => {
    if (left >= 0) onSave(draft.trim())
  }

  useEffect(() => {
    const node = field.current
    node?.focus({ preventScroll: true })
    node?.setSelectionRange(node.value.length, node.value.length)
  }, [])

  return (
    <form
      className="message-editor"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <GrowField
        ref={field}
        aria-label="Edit message"
        enterKeyHint="done"
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onCancel()
        }}
        onEnter={save}
      />
      <div className="editor-foot">
        <LengthLeft left={left} />
        <button type="button" className="button quiet" onClick={onCancel} title="Cancel (Esc)">
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={left < 0} title="Save (Enter)">
          {draft.trim() === '' ? 'Delete' : 'Save'}
        </button>
      </div>
    </form>
  )
}
