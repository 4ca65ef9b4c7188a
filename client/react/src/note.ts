import { createUndo, type Undo } from '@roomful/provider'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'

/** What an editor binding needs of the shared note. */
export interface Note {
  readonly text: Y.Text
  /** The binding puts its caret here, under `cursor`. */
  readonly awareness: Awareness
  /**
   * Undo of the note alone, made when it is first asked for. Edits of the typed helpers are tracked; a binding adds its own
   * origin to `undo.manager`, as y-codemirror and y-monaco do by themselves.
   */
  readonly undo: Undo
}

/** A note and how to let go of it. */
export interface OpenNote extends Note {
  destroy(): void
}

/** @example const { text, awareness, undo } = openNote(roomDoc(doc).note, provider.awareness) */
export function openNote(text: Y.Text, awareness: Awareness): OpenNote {
  let undo: Undo | undefined
  return {
    text,
    awareness,
    get undo() {
      undo ??= createUndo(text)
      return undo
    },
    destroy() {
      undo?.destroy()
    },
  }
}
