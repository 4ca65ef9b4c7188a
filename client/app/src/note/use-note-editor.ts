import type { EditorView } from '@codemirror/view'
import type { Note } from '@roomful/react'
import { type RefCallback, useCallback, useEffect, useState } from 'react'
import { createNoteEditor, setReadOnly } from './create-editor.ts'
import { type Place, placeOf } from './place.ts'

/** What {@link useNoteEditor} binds together. */
export interface NoteEditorSource {
  readonly note: Note
  readonly readOnly: boolean
  /** The id of the element that says how to leave with the keyboard. */
  readonly describedBy: string
}

/** An editor and where one's own caret stands in it. */
export interface NoteEditorState {
  /** For the element the editor lives in. */
  readonly host: RefCallback<HTMLElement>
  readonly view: EditorView | undefined
  readonly own: Place
}

/** Keeps an editor of the note in the element with the ref `host` while that is on the page. */
export function useNoteEditor({ note, readOnly, describedBy }: NoteEditorSource): NoteEditorState {
  const [view, setView] = useState<EditorView>()
  const [own, setOwn] = useState<Place>({ line: 1, column: 1 })

  const host = useCallback(
    (parent: HTMLElement) => {
      const editor = createNoteEditor({
        parent,
        note,
        describedBy,
        onCaret({ doc, selection }) {
          const next = placeOf(doc, selection.main.head)
          setOwn((last) => (last.line === next.line && last.column === next.column ? last : next))
        },
      })
      setView(editor)
      return () => {
        editor.destroy()
        setView(undefined)
      }
    },
    [note, describedBy],
  )

  useEffect(() => {
    if (view !== undefined) setReadOnly(view, readOnly)
  }, [view, readOnly])

  return { host, view, own }
}
