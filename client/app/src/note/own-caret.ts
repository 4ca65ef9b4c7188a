import type { Extension } from '@codemirror/state'
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view'
import { POINTER_INTERVAL_MS } from '@roomful/shared'
import * as Y from 'yjs'
import { type NoteAwareness, toWireCaret, type WireCaret } from './caret.ts'

/** Alone in a room nobody sees the caret. */
const ALONE_INTERVAL_MS = 1_000

/**
 * Tells the others where one's caret is while the editor has the focus, at most every 80 ms, the last place always. What
 * one types carries the caret along by itself: it stands at a letter, not at a number.
 */
export function ownCaret(note: Y.Text, awareness: NoteAwareness): Extension {
  return ViewPlugin.define((view) => new OwnCaret(view, note, awareness))
}

class OwnCaret {
  readonly #view: EditorView
  readonly #note: Y.Text
  readonly #awareness: NoteAwareness
  #timer: ReturnType<typeof setTimeout> | undefined
  #sentAt = -Infinity
  #shown: WireCaret | null = null

  constructor(view: EditorView, note: Y.Text, awareness: NoteAwareness) {
    this.#view = view
    this.#note = note
    this.#awareness = awareness
  }

  update(update: ViewUpdate): void {
    if (update.focusChanged && !this.#hasFocus()) this.#show(null)
    else if ((update.selectionSet || update.focusChanged || update.docChanged) && this.#hasFocus())
      this.#schedule()
  }

  destroy(): void {
    this.#show(null)
  }

  /** Another window in front is no leaving: the caret waits where it was. */
  #hasFocus(): boolean {
    return this.#view.root.activeElement === this.#view.contentDOM
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    const interval = this.#awareness.getStates().size > 1 ? POINTER_INTERVAL_MS : ALONE_INTERVAL_MS
    const wait = Math.max(0, this.#sentAt + interval - Date.now())
    // a clock set back must not silence the caret
    this.#timer = setTimeout(this.#send, Math.min(wait, interval))
  }

  readonly #send = (): void => {
    this.#timer = undefined
    if (!this.#hasFocus()) return
    this.#sentAt = Date.now()
    const { anchor, head } = this.#view.state.selection.main
    const { length } = this.#note
    this.#show(toWireCaret(this.#note, { anchor: Math.min(anchor, length), head: Math.min(head, length) }))
  }

  #show(caret: WireCaret | null): void {
    if (caret === null) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
    // somebody may have put a whole new state there: then what is shown is no longer there
    const there: unknown = this.#awareness.getLocalState()?.['cursor'] ?? null
    if (there === this.#shown && isSame(caret, this.#shown)) return
    this.#shown = caret
    this.#awareness.setLocalStateField('cursor', caret)
  }
}

function isSame(a: WireCaret | null, b: WireCaret | null): boolean {
  if (a === null || b === null) return a === b
  return Y.compareRelativePositions(a.anchor, b.anchor) && Y.compareRelativePositions(a.head, b.head)
}
