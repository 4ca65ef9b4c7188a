import * as Y from 'yjs'
import { ASIDE, localCopyName } from './generation.ts'
import { LocalCopy, type LocalCopyOptions } from './local-copy.ts'
import { randomId } from './random-id.ts'
import { UpdateStore } from './update-store.ts'

/** The local copy of a room, under the name of the generation it belongs to. Fetched only where a copy is kept. */
export class RoomCopy {
  readonly #key: string
  readonly #doc: Y.Doc
  readonly #options: LocalCopyOptions
  #generation: number | undefined
  #copy: LocalCopy
  #isKept = false

  /** Starts reading the copy of this generation into the document. */
  constructor(key: string, generation: number | undefined, doc: Y.Doc, options: LocalCopyOptions) {
    this.#key = key
    this.#doc = doc
    this.#options = options
    this.#generation = generation
    this.#copy = this.#open(undefined)
  }

  /** Whether a transaction with this origin is a copy being read. */
  isOrigin(origin: unknown): boolean {
    return origin === this.#copy
  }

  /** Whether the first `made` changes of this tab lie on the device. */
  holds(made: number): boolean {
    return this.#copy.holds(made)
  }

  /** The document is of this generation: its copy moves to the name it belongs to, once the old one has been read. */
  moveTo(generation: number | undefined): void {
    this.#generation = generation
    this.#move()
  }

  /** A receipt came. */
  noteSoon(): void {
    this.#copy.noteSoon()
  }

  /** The page may be gone in a moment. */
  flush(): void {
    this.#copy.flush()
  }

  /** The document has come apart from the server's: it is kept under a name of its own, and the next load begins without it. */
  async setAside(): Promise<void> {
    const { name } = this.#copy
    const store = await UpdateStore.open(`${name}${ASIDE}${randomId()}`, () => {})
    await store.write([Y.encodeStateAsUpdate(this.#doc)], new Map())
    store.close()
    this.#copy.clear()
  }

  /** Stores what is left and stops. Idempotent. */
  destroy(): void {
    this.#copy.destroy()
  }

  get #name(): string {
    return localCopyName(this.#key, this.#generation)
  }

  #open(before: LocalCopy | undefined): LocalCopy {
    let old = before
    const copy: LocalCopy = new LocalCopy(this.#name, this.#doc, {
      ...this.#options,
      onStored: (state) => {
        if (copy !== this.#copy) return
        this.#isKept = state === 'kept'
        // only now: until then the old name held the only copy
        if (this.#isKept) {
          old?.clear()
          old = undefined
        }
        this.#options.onStored(state)
        this.#move()
      },
    })
    return copy
  }

  #move(): void {
    if (this.#isKept && this.#copy.name !== this.#name) this.#copy = this.#open(this.#copy)
  }
}
