import { type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'

/** So long a line that was gone to is lit. */
const FLASH_MS = 1_400

const setFlash = StateEffect.define<number | undefined>()

const flashField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setFlash)) continue
      if (effect.value === undefined) return Decoration.none
      const { from } = transaction.state.doc.lineAt(Math.min(effect.value, transaction.state.doc.length))
      return Decoration.set(Decoration.line({ class: 'note-flash' }).range(from))
    }
    return lines.map(transaction.changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** Lets {@link goTo} light a line. */
export const lineFlash: Extension = flashField

/** Scrolls a place of the text into the middle and lights its line for a moment. One's own caret stays. */
export function goTo(view: EditorView, index: number): void {
  const place = Math.min(index, view.state.doc.length)
  view.dispatch({ effects: [setFlash.of(place), EditorView.scrollIntoView(place, { y: 'center' })] })
  setTimeout(() => {
    // the editor may be gone by now
    if (view.dom.isConnected) view.dispatch({ effects: setFlash.of(undefined) })
  }, FLASH_MS)
}
