import { indentLess, indentMore } from '@codemirror/commands'
import { Prec, type Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'

/**
 * Tab indents, and does not trap the keyboard: after Esc it moves the focus on, however long one takes. The next letter, or
 * coming back, makes it indent again.
 */
export const tabLeaves: Extension = [
  Prec.high(
    keymap.of([
      {
        key: 'Escape',
        run(view) {
          view.setTabFocusMode(true)
          // the editor's own Esc follows: it reduces the selection
          return false
        },
      },
      { key: 'Tab', run: indentMore, shift: indentLess },
    ]),
  ),
  EditorView.domEventHandlers({
    keydown(event, view) {
      if (!STAYING_KEYS.has(event.key)) view.setTabFocusMode(false)
      return false
    },
    focus(_, view) {
      view.setTabFocusMode(false)
      return false
    },
  }),
]

const STAYING_KEYS: ReadonlySet<string> = new Set(['Escape', 'Tab', 'Shift', 'Control', 'Alt', 'Meta'])
