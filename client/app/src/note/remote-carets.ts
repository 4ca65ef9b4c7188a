import { Annotation, type Extension, type Range } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import { parsePresence, type PresenceUser } from '@roomful/shared'
import type * as Y from 'yjs'
import { type NoteAwareness, readCaret } from './caret.ts'
import { CaretWidget, findCutCarets } from './caret-widget.ts'

const caretsMoved = Annotation.define<true>()

/**
 * Draws the others' carets and selections in their colours. Only what concerns the note makes the editor work: awareness
 * also carries every pointer on the board, many times a second.
 */
export function remoteCarets(note: Y.Text, awareness: NoteAwareness): Extension {
  return ViewPlugin.define((view) => new RemoteCarets(view, note, awareness), {
    decorations: (carets) => carets.decorations,
  })
}

interface Entry {
  readonly user: PresenceUser
  readonly cursor: unknown
  /** `user` and `cursor` as text: awareness builds them anew with every move of the pointer. */
  readonly look: string
  readonly place: string
  readonly steps: number
}

class RemoteCarets {
  decorations: DecorationSet = Decoration.none
  readonly #view: EditorView
  readonly #note: Y.Text
  readonly #awareness: NoteAwareness
  readonly #entries = new Map<number, Entry>()
  #frame: number | undefined

  constructor(view: EditorView, note: Y.Text, awareness: NoteAwareness) {
    this.#view = view
    this.#note = note
    this.#awareness = awareness
    this.#read([...awareness.getStates().keys()])
    this.decorations = this.#draw(view.state.doc.length)
    awareness.on('change', this.#onChange)
  }

  update(update: ViewUpdate): void {
    const moved = update.transactions.some((transaction) => transaction.annotation(caretsMoved) === true)
    if (moved) this.decorations = this.#draw(update.state.doc.length)
    else if (update.docChanged) {
      this.decorations = this.decorations.map(update.changes)
      // a letter that a caret waits for may just have come
      this.#schedule()
    }
    if (moved || update.docChanged || update.geometryChanged) this.#flip()
  }

  destroy(): void {
    this.#awareness.off('change', this.#onChange)
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
  }

  /** Turns names inwards that would be cut off at the editor's edge. */
  #flip(): void {
    this.#view.requestMeasure({
      key: this,
      read: (view) => findCutCarets(view.scrollDOM),
      write(carets) {
        for (const [caret, isCut] of carets) caret.toggleAttribute('data-flip', isCut)
      },
    })
  }

  readonly #onChange = (change: { added: number[]; updated: number[]; removed: number[] }): void => {
    const { added, updated, removed } = change
    if (this.#read([...added, ...updated, ...removed])) this.#schedule()
  }

  /** Finding a caret's index walks the text from its start: once a frame for all, however many write. */
  #schedule(): void {
    if (this.#entries.size === 0 && this.decorations.size === 0) return
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#view.dispatch({ annotations: caretsMoved.of(true) })
    })
  }

  /** Takes over what changed of these connections; whether anything of that is to be seen here. */
  #read(clientIds: readonly number[]): boolean {
    let changed = false
    for (const clientId of clientIds) {
      if (clientId === this.#awareness.clientID) continue
      const state = this.#awareness.getStates().get(clientId)
      const cursor: unknown = state?.['cursor'] ?? null
      const before = this.#entries.get(clientId)
      const user = cursor === null ? undefined : parsePresence(state, clientId)?.user
      if (user === undefined) {
        changed = this.#entries.delete(clientId) || changed
        continue
      }
      const [look, place] = [JSON.stringify(user), JSON.stringify(cursor)]
      const hasMoved = before?.place !== place
      if (!hasMoved && before.look === look) continue
      const steps = (before?.steps ?? 0) + (hasMoved ? 1 : 0)
      this.#entries.set(clientId, { user, cursor, look, place, steps })
      changed = true
    }
    return changed
  }

  #draw(length: number): DecorationSet {
    const ranges: Range<Decoration>[] = []
    for (const [clientId, { user, cursor, steps }] of this.#entries) {
      const caret = readCaret(cursor, this.#note)
      if (caret === undefined) continue
      // while one transaction follows another the text may be ahead of the editor
      const [anchor, head] = [Math.min(caret.anchor, length), Math.min(caret.head, length)]
      if (anchor !== head) {
        const mark = Decoration.mark({
          class: 'note-selection',
          attributes: { style: `--person: ${user.color}` },
        })
        ranges.push(mark.range(Math.min(anchor, head), Math.max(anchor, head)))
      }
      const widget = new CaretWidget({ clientId, name: user.name, color: user.color, steps })
      // one's own caret stays outside of what somebody has selected
      ranges.push(Decoration.widget({ widget, side: head > anchor ? -1 : 1 }).range(head))
    }
    return Decoration.set(ranges, true)
  }
}
