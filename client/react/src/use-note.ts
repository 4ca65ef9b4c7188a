import type { Note } from './note.ts'
import type { NoteEditor } from './note-editors.ts'
import { useAnyRoom } from './room-context.ts'
import { shallowEqual } from './shallow-equal.ts'
import { useSelected } from './use-selected.ts'

/**
 * The shared note, as editor bindings take it. Never renders again: the editor draws its text itself.
 *
 * @example
 * const { text, awareness, undo } = useNote()
 * const extension = yCollab(text, awareness, { undoManager: undo.manager })
 */
export function useNote(): Note {
  return useAnyRoom().note
}

/**
 * Who else has a caret in the note, each person once, with line and column; with a selector, what it makes of them. Read
 * at most every 150 ms, so that a remote keystroke is not a render each.
 *
 * @param selector renders again only when its result differs by `isEqual`.
 * @param isEqual default: arrays and plain objects by their members.
 * @example
 * const others = useNoteEditors()
 * others.map(({ person, line, column }) => `${person.name} ${line}:${column}`)
 * @example const count = useNoteEditors((editors) => editors.length)
 */
export function useNoteEditors(): readonly NoteEditor[]
export function useNoteEditors<T>(
  selector: (editors: readonly NoteEditor[]) => T,
  isEqual?: (a: T, b: T) => boolean,
): T
export function useNoteEditors<T>(
  selector?: (editors: readonly NoteEditor[]) => T,
  isEqual: (a: T | readonly NoteEditor[], b: T | readonly NoteEditor[]) => boolean = shallowEqual,
): T | readonly NoteEditor[] {
  const { noteEditors } = useAnyRoom()
  const read = (): T | readonly NoteEditor[] =>
    selector === undefined ? noteEditors.editors : selector(noteEditors.editors)
  return useSelected(noteEditors, read, isEqual)
}
