import { openDB } from 'lib0/indexeddb'
import { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import type { ClientClock } from './clock.ts'
import type { LocalCopyState } from './connection.ts'

/** The key of the proven state in y-indexeddb's `custom` store. */
const PROVEN_KEY = 'roomful:proven'
/** A proven state is noted after so much quiet: encoding it walks the document. */
const NOTE_DELAY_MS = 2_000

/** What a {@link LocalCopy} reports to. */
export interface LocalCopyOptions {
  readonly clock: ClientClock
  readonly onState: (state: LocalCopyState) => void
  /** The copy is in the document. `proven`: all of it was durable on the server when it was last noted. */
  readonly onLoaded: (proven: boolean) => void
}

/**
 * The document's copy in IndexedDB, by y-indexeddb, and a note of the last state known to be durable on the server.
 *
 * The note is a Yjs snapshot (state vector and deletes). After a reload the copy counts as proven only if it is exactly
 * that state: whatever else was written since, by any tab, before any crash, makes it unproven. So the note may be late
 * or lost, which costs a "1 pending" until the first receipt, but it can never say "saved" of what is not.
 */
export class LocalCopy {
  readonly #doc: Y.Doc
  readonly #options: LocalCopyOptions
  #persistence: IndexeddbPersistence | undefined
  #state: LocalCopyState = 'loading'
  #stopNoting: () => void = () => {}
  #destroyed = false

  constructor(name: string, doc: Y.Doc, options: LocalCopyOptions) {
    this.#doc = doc
    this.#options = options
    void this.#open(name)
  }

  get state(): LocalCopyState {
    return this.#state
  }

  /** Whether a transaction with this origin is the copy being read. */
  isOrigin(origin: unknown): boolean {
    return origin !== null && origin === this.#persistence
  }

  /** Notes the document's state as proven after a while without another call, if `isProven` then still says so. */
  noteSoon(isProven: () => boolean): void {
    this.#stopNoting()
    if (this.#state !== 'kept') return
    this.#stopNoting = this.#options.clock.after(NOTE_DELAY_MS, () => {
      if (isProven()) this.note()
    })
  }

  /** Notes the document's state as proven, now. */
  note(): void {
    this.#stopNoting()
    if (this.#state !== 'kept') return
    const bytes = Y.encodeSnapshot(Y.snapshot(this.#doc))
    // y-indexeddb types its values without bytes, IndexedDB takes them
    this.#persistence?.set(PROVEN_KEY, bytes.slice().buffer).catch(() => this.#fail())
  }

  /** Deletes the copy from the device, once it lives under another name. */
  async clear(): Promise<void> {
    this.destroy()
    // refused meanwhile: then there is nothing left to delete
    await this.#persistence?.clearData().catch(() => undefined)
  }

  /** Stops writing; the copy stays on the device. Idempotent. */
  destroy(): void {
    this.#destroyed = true
    this.#stopNoting()
    // a database that never opened has nothing to close
    this.#persistence?.destroy().catch(() => undefined)
  }

  async #open(name: string): Promise<void> {
    try {
      // y-indexeddb leaves a refused IndexedDB as an unhandled rejection: ask with a database of our own first
      const probe = await openDB('roomful', () => {})
      probe.close()
      if (this.#destroyed) return
      const persistence = new IndexeddbPersistence(name, this.#doc)
      this.#persistence = persistence
      await persistence.whenSynced
      const noted: unknown = await persistence.get(PROVEN_KEY)
      if (this.#destroyed) return
      for (const event of ['error', 'abort']) persistence.db?.addEventListener(event, () => this.#fail())
      this.#options.onLoaded(isEmpty(this.#doc) || isNoted(this.#doc, noted))
      this.#setState('kept')
    } catch {
      // no IndexedDB here, refused, or broken: the room works without it
      if (!this.#destroyed) this.#fail()
    }
  }

  #fail(): void {
    this.#stopNoting()
    this.#setState('unavailable')
  }

  #setState(state: LocalCopyState): void {
    if (this.#state === state || this.#destroyed) return
    this.#state = state
    this.#options.onState(state)
  }
}

function isEmpty(doc: Y.Doc): boolean {
  return doc.store.clients.size === 0
}

function isNoted(doc: Y.Doc, noted: unknown): boolean {
  return (
    noted instanceof ArrayBuffer && Y.equalSnapshots(Y.decodeSnapshot(new Uint8Array(noted)), Y.snapshot(doc))
  )
}
