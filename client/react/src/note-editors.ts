import type { ClientClock } from '@roomful/provider'
import type { PresenceUser } from '@roomful/shared'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { stateUser } from './identified-awareness.ts'
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
  readonly #listeners = new Set<() => void>()
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
    if (this.#listeners.size === 0) {
      this.#place = undefined
      this.#read()
    }
    return this.#editors
  }

  /** Called when `editors` changed, at most every {@link NOTE_EDITORS_INTERVAL_MS}. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    const entry = (): void => listener()
    if (this.#listeners.size === 0) this.#start()
    this.#listeners.add(entry)
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) this.#stop()
    }
  }

  /** Stops listening. Idempotent. */
  destroy(): void {
    if (this.#listeners.size > 0) this.#stop()
    this.#listeners.clear()
  }

  #start(): void {
    this.#place = undefined
    this.#read()
    this.#options.awareness.on('change', this.#onChange)
    this.#options.text.observe(this.#onText)
  }

  #stop(): void {
    this.#options.awareness.off('change', this.#onChange)
    this.#options.text.unobserve(this.#onText)
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  readonly #onText = (): void => {
    this.#place = undefined
    // an edit before a caret moves it without a word from its owner
    if (this.#carets.size > 0) this.#onChange()
  }

  readonly #onChange = (): void => {
    if (this.#stopTimer !== undefined) return
    const { clock } = this.#options
    const since = clock.now() - this.#readAt
    // not at once, even when it is time: the text's change and the caret's come as two messages
    const waitMs = since >= 0 ? Math.max(0, NOTE_EDITORS_INTERVAL_MS - since) : NOTE_EDITORS_INTERVAL_MS
    this.#stopTimer = clock.after(waitMs, () => {
      this.#stopTimer = undefined
      if (this.#read()) for (const listener of this.#listeners) listener()
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
      const person = index === undefined ? undefined : stateUser(state, clientId)
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
