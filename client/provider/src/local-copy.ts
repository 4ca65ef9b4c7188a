import { equalityDeep } from 'lib0/function'
import * as Y from 'yjs'
import type { ClientClock } from './clock.ts'
import { isLedgerName, newLedgerName, parseLedger, pendingOf, type Ledger } from './ledger.ts'
import { UpdateStore } from './update-store.ts'

/** More stored updates than these are merged into one; y-indexeddb's number. */
const MAX_UPDATES = 500
/** … once nothing was stored for so long: encoding a document takes its time. */
const COMPACT_DELAY_MS = 1_000
/** A receipt is noted so much later: a keystroke costs one write, not two. */
const NOTE_DELAY_MS = 500
/** After a write failed, the next one is not tried sooner: a full disk stays full for a while. */
const RETRY_MS = 10_000

/** What a {@link LocalCopy} reports to. */
export interface LocalCopyOptions {
  readonly clock: ClientClock
  /** The copy is about to be in the document; so many changes in it are not known to be durable on the server. */
  readonly onLoaded: (pending: number) => void
  /** Something was stored (`kept`) or could not be. */
  readonly onStored: (state: 'kept' | 'unavailable') => void
  /** What this tab has made, as of now. */
  readonly ledger: () => Ledger
}

/**
 * The document's copy in IndexedDB, and beside it, for each tab, how much of it is not durable on the server.
 *
 * A change and its place in the ledger are stored in one transaction, so the count after a reload is that of the copy,
 * whatever crashed. It may be too high (a receipt that came after the last note), never too low.
 */
export class LocalCopy {
  readonly name: string
  readonly #doc: Y.Doc
  readonly #options: LocalCopyOptions
  readonly #ledgerName: string = newLedgerName()
  #store: UpdateStore | undefined
  /** Updates not handed to the store yet; `undefined` where only the whole document makes the copy good again. */
  #queue: Uint8Array[] | undefined = []
  #noted: Ledger | undefined | 'unknown'
  /** Ledgers of the tabs before, whose changes are ours now: they go when ours is stored. */
  #adopted: readonly string[] = []
  /** So many changes of this tab lie on the device. */
  #storedMade = 0
  #rows = 0
  /** Counts failures: a write that began before one proves nothing. */
  #epoch = 0
  #retryAt = 0
  #isFlushPlanned = false
  #stopNoting: (() => void) | undefined
  #stopCompacting: (() => void) | undefined
  #isDestroyed = false

  constructor(name: string, doc: Y.Doc, options: LocalCopyOptions) {
    this.name = name
    this.#doc = doc
    this.#options = options
    // what stands in the document already has to be stored, too
    if (doc.store.clients.size > 0) this.#queue = undefined
    doc.on('update', this.#onUpdate)
    void this.#open()
  }

  /** Whether the first `made` changes of this tab, and all that was loaded, lie on the device. */
  holds(made: number): boolean {
    return this.#storedMade >= made
  }

  /** A receipt came: notes soon how little is left. */
  noteSoon(): void {
    this.#stopNoting ??= this.#options.clock.after(NOTE_DELAY_MS, () => this.flush())
  }

  /** Hands everything to the store that it does not have yet. */
  flush(): void {
    this.#stopNoting?.()
    this.#stopNoting = undefined
    if (this.#store !== undefined && this.#options.clock.now() >= this.#retryAt) void this.#write(this.#store)
  }

  /** Deletes the copy from the device, once it lives under another name. */
  clear(): void {
    this.destroy()
    indexedDB.deleteDatabase(this.name)
  }

  /** Stores what is left and stops; the copy stays on the device. Idempotent. */
  destroy(): void {
    if (this.#isDestroyed) return
    this.#doc.off('update', this.#onUpdate)
    this.flush()
    this.#isDestroyed = true
    this.#stopCompacting?.()
    this.#store?.close()
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return
    this.#queue?.push(update)
    // nobody reads from it: not open yet, or never
    if ((this.#queue?.length ?? 0) > MAX_UPDATES) this.#queue = undefined
    if (this.#isFlushPlanned) return
    this.#isFlushPlanned = true
    queueMicrotask(() => {
      this.#isFlushPlanned = false
      this.flush()
    })
  }

  async #open(): Promise<void> {
    try {
      const store = await UpdateStore.open(this.name, () => this.#lose())
      if (!this.#isDestroyed) await this.#load(store)
      this.#store = store
      // also where this tab has gone on meanwhile: what was made until then must not be lost
      await this.#write(store)
      if (this.#isDestroyed) store.close()
    } catch {
      // no IndexedDB here, refused, or broken: the room works without it
      this.#lose()
    }
  }

  async #load(store: UpdateStore): Promise<void> {
    const { updates, notes } = await store.read()
    if (this.#isDestroyed) return
    this.#rows = updates.length
    const ledgers = [...notes].filter(([name]) => isLedgerName(name))
    this.#adopted = ledgers.map(([name]) => name)
    // first: nobody may see what is there and a count that lacks it
    this.#options.onLoaded(pendingOf(ledgers.map(([, note]) => parseLedger(note))))
    this.#apply(updates)
  }

  #apply(updates: readonly Uint8Array[]): void {
    const apply = (): void => {
      for (const update of updates) Y.applyUpdate(this.#doc, update)
    }
    // one transaction: Yjs cleans up after each
    Y.transact(this.#doc, apply, this, false)
  }

  async #write(store: UpdateStore): Promise<void> {
    const { ledger, clock } = this.#options
    const epoch = this.#epoch
    const updates = this.#queue ?? [Y.encodeStateAsUpdate(this.#doc)]
    this.#queue = []
    const now = ledger()
    const note = now.made > now.durable || now.isRelayPending ? now : undefined
    const notes = new Map<string, unknown>(this.#adopted.map((name) => [name, undefined]))
    if (!equalityDeep(note, this.#noted)) notes.set(this.#ledgerName, note)
    // at once: what is asked for behind it is stored behind it
    this.#noted = note
    try {
      if (updates.length > 0 || notes.size > 0) await store.write(updates, notes)
      if (epoch !== this.#epoch) return
      this.#adopted = []
      this.#storedMade = now.made
      this.#rows += updates.length
      this.#tell('kept')
      if (this.#rows > MAX_UPDATES && !this.#isDestroyed) {
        this.#stopCompacting?.()
        this.#stopCompacting = clock.after(COMPACT_DELAY_MS, () => void this.#compact(store))
      }
    } catch {
      // full, or closed under us: from now on only the whole document will do
      this.#retryAt = clock.now() + RETRY_MS
      this.#fail()
    }
  }

  async #compact(store: UpdateStore): Promise<void> {
    this.#rows = 1
    try {
      await store.compact((updates) => {
        this.#apply(updates)
        return Y.encodeStateAsUpdate(this.#doc)
      })
    } catch {
      // nothing was changed: what lay there lies there still
    }
  }

  /** The database is gone, and nothing brings it back: whoever deleted it meant it. */
  #lose(): void {
    this.#store = undefined
    this.#storedMade = -1
    this.#fail()
  }

  #fail(): void {
    this.#queue = undefined
    this.#noted = 'unknown'
    this.#epoch++
    this.#tell('unavailable')
  }

  #tell(state: 'kept' | 'unavailable'): void {
    if (!this.#isDestroyed) this.#options.onStored(state)
  }
}
