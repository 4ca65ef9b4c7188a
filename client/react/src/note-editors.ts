import { type ClientClock, Listeners } from '@roomful/provider'
import { parsePresence, type PresenceUser } from '@roomful/shared'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { caretIndex, createPlaces, type TextPlace } from './note-caret.ts'
import { shallowEqual } from './shallow-equal.ts'

/** Carets are read at most so often: each key moves one, and nobody reads numbers faster. */
export const NOTE_EDITORS_INTERVAL_MS = 150

/** Somebody else with a caret in the note. */
export interface NoteEditor extends TextPlace {
  readonly person: PresenceUser
  /** The connection whose caret it is: of several, the one that moved last. */
  readonly clientId: number
  /** The caret's index in the text, for going there. */
  readonly index: number
}

/** What {@link NoteEditors} reads. */
export interface NoteEditorsOptions {
  readonly text: Y.Text
  readonly awareness: Awareness
  /** Whose other tabs do not count. */
  readonly selfId: () => string | undefined
  readonly clock: ClientClock
}

interface Caret {
  readonly index: number
  /** Larger = moved later. */
  readonly moved: number
}

/**
 * Who else is in the note, each person once, by name. Listens to the document and to presence only while somebody
 * listens to it.
 *
 * @example
 * const off = room.noteEditors.subscribe(() => draw(room.noteEditors.editors))
 */
export class NoteEditors {
  readonly #options: NoteEditorsOptions
  readonly #listeners = new Listeners()
  #listening = 0
  #stop: () => void = () => {}
  #editors: readonly NoteEditor[] = []
  #carets: ReadonlyMap<number, Caret> = new Map()
  #moves = 0
  #place: ((index: number) => TextPlace) | undefined
  #readAt = Number.NEGATIVE_INFINITY
  #stopTimer: (() => void) | undefined

  constructor(options: NoteEditorsOptions) {
    this.#options = options
  }

  /** The same array until a caret moved or somebody came or went. */
  get editors(): readonly NoteEditor[] {
    if (this.#listening === 0) {
      this.#place = undefined
      this.#read()
    }
    return this.#editors
  }

  /** Called when `editors` changed, at most every {@link NOTE_EDITORS_INTERVAL_MS}. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    if (this.#listening++ === 0) this.#start()
    let remove: (() => void) | undefined = this.#listeners.add(listener)
    return () => {
      remove?.()
      if (remove !== undefined && --this.#listening === 0) this.#stop()
      remove = undefined
    }
  }

  /** Stops listening. Idempotent. */
  destroy(): void {
    this.#stop()
    this.#listeners.clear()
  }

  #start(): void {
    const { awareness, text } = this.#options
    this.#place = undefined
    this.#read()
    awareness.on('change', this.#onChange)
    text.observe(this.#onText)
    this.#stop = () => {
      this.#stop = () => {}
      awareness.off('change', this.#onChange)
      text.unobserve(this.#onText)
      this.#stopTimer?.()
      this.#stopTimer = undefined
    }
  }

  readonly #onText = (): void => {
    this.#place = undefined
    // an edit before a caret moves it without a word from its owner
    if (this.#carets.size > 0) this.#onChange()
  }

  readonly #onChange = (): void => {
    if (this.#stopTimer !== undefined) return
    const { clock } = this.#options
    const dueMs = this.#readAt + NOTE_EDITORS_INTERVAL_MS - clock.now()
    // not at once, even when it is time: the text's change and the caret's come as two messages; and a clock set back
    // must not hold it for hours
    const waitMs = Math.min(Math.max(0, dueMs), NOTE_EDITORS_INTERVAL_MS)
    this.#stopTimer = clock.after(waitMs, () => {
      this.#stopTimer = undefined
      if (this.#read()) this.#listeners.call()
    })
  }

  /** Returns whether anything changed. */
  #read(): boolean {
    const { text, awareness, selfId, clock } = this.#options
    this.#readAt = clock.now()
    const self = selfId()
    const carets = new Map<number, Caret>()
    const byPerson = new Map<string, NoteEditor>()
    for (const [clientId, state] of awareness.getStates()) {
      if (clientId === awareness.clientID) continue
      const index = caretIndex(state, text)
      const person = index === undefined ? undefined : parsePresence(state, clientId)?.user
      if (index === undefined || person === undefined || person.id === self) continue
      const before = this.#carets.get(clientId)
      const caret = before?.index === index ? before : { index, moved: ++this.#moves }
      carets.set(clientId, caret)
      const other = byPerson.get(person.id)
      if (other !== undefined && (carets.get(other.clientId)?.moved ?? 0) > caret.moved) continue
      this.#place ??= createPlaces(text.toJSON())
      byPerson.set(person.id, { person, clientId, index, ...this.#place(index) })
    }
    this.#carets = carets
    const editors = [...byPerson.values()]
      .map((editor) => {
        const old = this.#editors.find(({ person }) => person.id === editor.person.id)
        return old !== undefined && isSame(old, editor) ? old : editor
      })
      .sort((a, b) => a.person.name.localeCompare(b.person.name) || (a.person.id < b.person.id ? -1 : 1))
    if (shallowEqual(editors, this.#editors)) return false
    this.#editors = editors
    return true
  }
}

function isSame(a: NoteEditor, b: NoteEditor): boolean {
  return (
    shallowEqual(a.person, b.person) && shallowEqual({ ...a, person: undefined }, { ...b, person: undefined })
  )
}
