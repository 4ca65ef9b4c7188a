import type * as Y from 'yjs'
import type { LocalCopyState } from './connection.ts'
import { localCopyName, readGeneration, roomKey, writeGeneration } from './generation.ts'
import type { LocalCopy, LocalCopyOptions } from './local-copy.ts'

/** What a {@link SavedRoom} reports to. */
export interface SavedRoomOptions extends Omit<LocalCopyOptions, 'onStored'> {
  /** Something was stored, or could not be; `isNews` where `state` changed. */
  readonly onStored: (isNews: boolean) => void
}

/** What this device keeps of a room: the local copy of the document, and which generation of the room it belongs to. */
export class SavedRoom {
  readonly #key: string
  readonly #doc: Y.Doc
  readonly #options: SavedRoomOptions
  #generation: number | undefined
  #copy: LocalCopy | undefined
  #Copy: typeof LocalCopy | undefined
  #state: LocalCopyState = 'off'
  #isDestroyed = false

  constructor(serverUrl: string, room: string, doc: Y.Doc, options: SavedRoomOptions) {
    this.#key = roomKey(serverUrl, room)
    this.#doc = doc
    this.#options = options
  }

  get state(): LocalCopyState {
    return this.#state
  }

  /** This device has been in the room: there is something to wait for. */
  get isExpected(): boolean {
    return this.#state === 'loading' && this.#generation !== undefined
  }

  /** The generation this document belongs to, as far as is known. */
  get generation(): number | undefined {
    return this.#generation
  }

  /** Starts reading the local copy into the document. */
  async open(): Promise<void> {
    this.#generation = readGeneration(this.#key)
    this.#state = 'loading'
    const name = this.#name
    try {
      // on its own: what a page without a local copy, a bot or a server does without
      this.#Copy = (await import('./local-copy.ts')).LocalCopy
      if (!this.#isDestroyed) this.#copy = this.#create(this.#Copy, name)
    } catch {
      // the chunk could not be fetched: the room works without a copy
      this.#onStored('unavailable')
    }
  }

  /** Whether a transaction with this origin is a copy being read. */
  isOrigin(origin: unknown): boolean {
    return origin !== null && origin === this.#copy
  }

  /** Whether the first `made` changes of this tab lie on the device. */
  holds(made: number): boolean {
    return this.#copy?.holds(made) === true
  }

  /**
   * The server said which generation this is. Where it was not known, the copy was kept under generation 0: it moves to
   * the name it belongs to. Returns whether anything changed.
   */
  adopt(generation: number): boolean {
    if (this.#generation === generation) return false
    this.#generation = generation
    if (this.#state !== 'off') writeGeneration(this.#key, generation)
    this.#move()
    return true
  }

  /**
   * The room was deleted and is now of this generation. The next load opens a copy of its own for it; the old copy stays
   * on the device under the old name, touched by nobody.
   */
  setAside(generation: number): void {
    if (this.#state !== 'off') writeGeneration(this.#key, generation)
  }

  /** A receipt came. */
  noteSoon(): void {
    this.#copy?.noteSoon()
  }

  /** The page may be gone in a moment. */
  flush(): void {
    this.#copy?.flush()
  }

  /** Stops writing. Idempotent. */
  destroy(): void {
    this.#isDestroyed = true
    this.#copy?.destroy()
  }

  get #name(): string {
    return localCopyName(this.#key, this.#generation)
  }

  #create(Copy: typeof LocalCopy, name: string): LocalCopy {
    let before = this.#copy
    const copy: LocalCopy = new Copy(name, this.#doc, {
      ...this.#options,
      onStored: (state) => {
        if (copy !== this.#copy) return
        // only now: until then the old name held the only copy
        if (state === 'kept') {
          before?.clear()
          before = undefined
        }
        this.#onStored(state)
        this.#move()
      },
    })
    return copy
  }

  /** Not before what lies under the old name has been read. */
  #move(): void {
    if (this.#Copy === undefined || this.#copy === undefined) return
    if (this.#state === 'kept' && this.#copy.name !== this.#name)
      this.#copy = this.#create(this.#Copy, this.#name)
  }

  #onStored(state: LocalCopyState): void {
    const isNews = state !== this.#state
    this.#state = state
    this.#options.onStored(isNews)
  }
}
