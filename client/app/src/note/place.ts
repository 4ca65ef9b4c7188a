import type { Text } from '@codemirror/state'

/** A place of the note from 1; columns in UTF-16 units, as `useNoteEditors` counts the others'. */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Line and column of an index.
 *
 * @example placeOf(view.state.doc, 7) // { line: 2, column: 3 }
 */
export function placeOf(text: Text, index: number): Place {
  const place = Math.min(Math.max(index, 0), text.length)
  const line = text.lineAt(place)
  return { line: line.number, column: place - line.from + 1 }
}
