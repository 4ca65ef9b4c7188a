import { useNote, useStatus } from '@roomful/react'
import { Redo2, Undo2 } from 'lucide-react'
import { type ReactElement, useCallback, useId, useSyncExternalStore } from 'react'
import { useCanWrite } from '../door/use-can-write.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { EditorList } from './EditorList.tsx'
import { goTo } from './line-flash.ts'
import { useNoteEditor } from './use-note-editor.ts'
import '../styles/note.css'

/** The room's shared note: who else writes, the text, where one is oneself. */
export function NotePanel(): ReactElement {
  const note = useNote()
  const closed = useStatus().state === 'closed'
  const canWrite = useCanWrite()
  const readOnly = closed || !canWrite
  const hintId = useId()
  const { host, view, own } = useNoteEditor({ note, readOnly, describedBy: hintId })
  const onGo = useCallback((index: number) => view !== undefined && goTo(view, index), [view])

  return (
    <>
      <section className="note" aria-label="Note">
        <header className="note-head">
          <EditorList onGo={onGo} />
          <UndoButtons readOnly={readOnly} />
        </header>
        <div ref={host} className="note-editor" />
      </section>
      <footer className="note-foot">
        <span className="note-place">
          Line {own.line}, column {own.column}
        </span>
        <span id={hintId} className="note-hint">
          {readOnly ? (
            closed ? (
              'The room is closed: the note can only be read'
            ) : (
              'You can read this note, but not write in it'
            )
          ) : (
            <>
              <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves the note
            </>
          )}
        </span>
      </footer>
    </>
  )
}

interface UndoButtonsProps {
  readonly readOnly: boolean
}

/** For fingers: a keyboard has Ctrl or Cmd+Z in the text. */
function UndoButtons({ readOnly }: UndoButtonsProps): ReactElement {
  const { undo } = useNote()
  const subscribe = useCallback((onChange: () => void) => undo.subscribe(onChange), [undo])
  const canUndo = useSyncExternalStore(subscribe, () => undo.canUndo)
  const canRedo = useSyncExternalStore(subscribe, () => undo.canRedo)
  return (
    <div className="note-history">
      <IconButton
        icon={Undo2}
        label="Undo in the note"
        size={16}
        disabled={readOnly || !canUndo}
        onClick={() => undo.undo()}
      />
      <IconButton
        icon={Redo2}
        label="Redo in the note"
        size={16}
        disabled={readOnly || !canRedo}
        onClick={() => undo.redo()}
      />
    </div>
  )
}
