import { defaultKeymap } from '@codemirror/commands'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import type { Note } from '@roomful/react'
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next'
import { lineDirection } from './line-direction.ts'
import { lineFlash } from './line-flash.ts'
import { markdown } from './markdown.ts'
import { ownCaret } from './own-caret.ts'
import { remoteCarets } from './remote-carets.ts'
import { tabLeaves } from './tab-leaves.ts'

/** What an editor of the note is made of. */
export interface NoteEditorOptions {
  readonly parent: HTMLElement
  readonly note: Note
  /** The id of the element that says how to leave with the keyboard. */
  readonly describedBy: string
  /** Called when one's own caret may have moved: the text or the selection changed. */
  readonly onCaret: (state: EditorState) => void
}

const writing = new Compartment()

/** The note in an editor, bound to the shared text until the view is destroyed. */
export function createNoteEditor(options: NoteEditorOptions): EditorView {
  const { parent, note, describedBy, onCaret } = options
  const { text, awareness, undo } = note
  const state = EditorState.create({
    doc: text.toJSON(),
    extensions: [
      // the shared text is counted in its own units: a stray carriage return stays one of them
      EditorState.lineSeparator.of('\n'),
      EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
      // remote carets after it: they ask the shared text, which has the change by then
      yCollab(text, undefined, { undoManager: undo.manager }),
      ownCaret(text, awareness),
      remoteCarets(text, awareness),
      tabLeaves,
      markdown,
      keymap.of([...yUndoManagerKeymap, ...defaultKeymap]),
      lineDirection,
      lineFlash,
      EditorView.lineWrapping,
      placeholder('Write something together. Markdown works: # heading, **bold**, - list'),
      EditorView.contentAttributes.of({
        'aria-label': 'Shared note',
        'aria-describedby': describedBy,
        spellcheck: 'true',
        autocorrect: 'on',
        autocapitalize: 'sentences',
      }),
      writing.of(writable(true)),
      EditorView.updateListener.of((update) => {
        if (update.docChanged || update.selectionSet) onCaret(update.state)
      }),
    ],
  })
  return new EditorView({ state, parent })
}

/** Makes the note one to read, or to write again. */
export function setReadOnly(view: EditorView, readOnly: boolean): void {
  view.dispatch({ effects: writing.reconfigure(writable(!readOnly)) })
}

function writable(isWritable: boolean): Extension {
  // still to be focused and read through by keyboard, only not to be changed
  return [
    EditorState.readOnly.of(!isWritable),
    EditorView.contentAttributes.of({ 'aria-readonly': String(!isWritable) }),
  ]
}
