import type * as Y from 'yjs'
import type { ClientClock } from './clock.ts'
import type { LocalCopyState } from './connection.ts'
import { localCopyName, readGeneration, roomKey, writeGeneration } from './generation.ts'
import { LocalCopy } from './local-copy.ts'

/** What a {@link SavedRoom} reports to. */
export interface SavedRoomOptions {
  readonly clock: ClientClock
  readonly onState: (state: LocalCopyState) => void
  readonly onLoaded: (isProven: boolean) => void
  /** Everything in the document is durable on the server. */
  readonly isProven: () => boolean
}

/** What this device keeps of a room: the local copy of the document, and which generation of the room it belongs to. */
export class SavedRoom {
  readonly #key: string
  readonly #doc: Y.Doc
  readonly #options: SavedRoomOptions
  #generation: number | undefined
  #copy: LocalCopy | undefined
  #state: LocalCopyState = 'off'

  constructor(serverUrl: string, room: string, doc: Y.Doc, options: SavedRoomOptions) {
    this.#key = roomKey(serverUrl, room)
    this.#doc = doc
    this.#options = options
  }

  get state(): LocalCopyState {
    return this.#state
  }

  /** The generation this document belongs to, as far as is known. */
  get generation(): number | undefined {
    return this.#generation
  }

  /** Starts reading the local copy into the document. */
  open(): void {
    this.#generation = readGeneration(this.#key)
    this.#state = 'loading'
    this.#copy = this.#createCopy((state) => this.#setState(state))
  }

  /** Whether a transaction with this origin is the copy being read. */
  isOrigin(origin: unknown): boolean {
    return this.#copy?.isOrigin(origin) === true
  }

  /**
   * The server said which generation this is. Where it was not known, the copy was kept under generation 0: it moves to
   * the name it belongs to. Returns whether anything changed.
   */
  adopt(generation: number): boolean {
    if (this.#generation === generation) return false
    const nameBefore = localCopyName(this.#key, this.#generation)
    this.#generation = generation
    const before = this.#copy
    if (before === undefined) return true
    writeGeneration(this.#key, generation)
    if (nameBefore === localCopyName(this.#key, generation)) return true
    this.#copy = this.#createCopy((state) => {
      this.#setState(state)
      // only now: until then the old name held the only copy
      if (state === 'kept') void before.clear()
    })
    return true
  }

  /**
   * The room was deleted and is now of this generation. The next load opens a copy of its own for it; the old copy stays
   * on the device under the old name, touched by nobody.
   */
  setAside(generation: number): void {
    if (this.#copy !== undefined) writeGeneration(this.#key, generation)
  }

  /** Notes the document as proven after a while of quiet. */
  noteSoon(): void {
    this.#copy?.noteSoon(this.#options.isProven)
  }

  /** Notes the document as proven now, if it is. */
  note(): void {
    if (this.#options.isProven()) this.#copy?.note()
  }

  /** Stops writing. Idempotent. */
  destroy(): void {
    this.#copy?.destroy()
  }

  #createCopy(onState: (state: LocalCopyState) => void): LocalCopy {
    const { clock, onLoaded } = this.#options
    return new LocalCopy(localCopyName(this.#key, this.#generation), this.#doc, { clock, onLoaded, onState })
  }

  #setState(state: LocalCopyState): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state)
  }
}
