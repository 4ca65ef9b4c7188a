import type * as Y from 'yjs'
import type { LocalCopyState } from './connection.ts'
import { readGeneration, roomKey, writeGeneration } from './generation.ts'
import type { LocalCopyOptions } from './local-copy.ts'
import type { RoomCopy } from './room-copy.ts'

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
  #copy: RoomCopy | undefined
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

  /** Where one is kept, once its code is here. */
  get copy(): RoomCopy | undefined {
    return this.#copy
  }

  /** The generation this document belongs to, as far as is known. */
  get generation(): number | undefined {
    return this.#generation
  }

  /** Starts reading the local copy into the document. */
  async open(): Promise<void> {
    const generation = readGeneration(this.#key)
    this.#generation = generation
    this.#state = 'loading'
    try {
      // on its own: what a page without a local copy, a bot or a server does without
      const { RoomCopy } = await import('./room-copy.ts')
      if (this.#isDestroyed) return
      this.#copy = new RoomCopy(this.#key, generation, this.#doc, {
        ...this.#options,
        onStored: (state) => this.#onStored(state),
      })
      // the server may have said so meanwhile
      this.#copy.moveTo(this.#generation)
    } catch {
      // the chunk could not be fetched: the room works without a copy
      this.#onStored('unavailable')
    }
  }

  /**
   * The server said which generation this is. Where it was not known, the copy was kept under generation 0: it moves to
   * the name it belongs to.
   */
  adopt(generation: number): void {
    if (this.#generation === generation) return
    this.#generation = generation
    this.setAside(generation)
    this.#copy?.moveTo(generation)
  }

  /**
   * The room was deleted and is now of this generation. The next load opens a copy of its own for it; the old copy stays
   * on the device under the old name, touched by nobody.
   */
  setAside(generation: number): void {
    if (this.#state !== 'off') writeGeneration(this.#key, generation)
  }

  /** Stops writing. Idempotent. */
  destroy(): void {
    this.#isDestroyed = true
    this.#copy?.destroy()
  }

  #onStored(state: LocalCopyState): void {
    const isNews = state !== this.#state
    this.#state = state
    this.#options.onStored(isNews)
  }
}
