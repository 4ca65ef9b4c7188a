import { encodePosition } from './position.ts'
import { bufferOf } from './redis-reply.ts'
import { authorOf, tokenOf, type NewEntry, type StoredEntry } from './redis-entry.ts'
import type { EntryMeta, Position } from './room-log.ts'

/** One call stays below what blocks Redis for everybody: about a millisecond. */
const MAX_BATCH_ENTRIES = 500
const MAX_BATCH_BYTES = 1024 * 1024

interface PendingAppend extends NewEntry {
  readonly counter: number
  /** Known once it is stored. */
  sequence: number | undefined
  readonly resolve: (position: Position) => void
  readonly reject: (error: Error) => void
}

/** What goes to Redis in one call, and again in the same call where the answer was lost. */
export interface AppendBatch {
  readonly entries: readonly NewEntry[]
  /** Counter of the first. */
  readonly counter: number
  /** The writer at this attempt. */
  readonly author: string
}

/** Where a batch stands in the log. */
export interface StoredBatch {
  /** Number of its last entry. */
  readonly last: number
  /** Of the attempt at which it was stored; `undefined` = this one. */
  readonly author?: string | undefined
  /** Token of the entry in front of it; empty where it is not known. */
  readonly before: string
}

/**
 * The appends of one open room, in the order of the calls. One batch is on its way at a time: a call is all or nothing, so
 * nothing is ever stored behind one that failed. An append is settled once it is stored and delivered.
 */
export class RedisOutbox {
  /** Names this writer in Redis: its counters tell a repeated call from a new one. */
  readonly writer: string
  #counter = 0
  #attempts = 0
  #pending: PendingAppend[] = []
  /** The first of `#pending` that make up the batch. */
  #batch: PendingAppend[] = []
  #isOnItsWay = false
  #onIdle: (() => void)[] = []

  constructor(writer: string) {
    this.writer = writer
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0
  }

  push(update: Uint8Array, meta: EntryMeta): Promise<Position> {
    this.#counter += 1
    const counter = this.#counter
    return new Promise((resolve, reject) => {
      // a copy: the caller may reuse its buffer
      this.#pending.push({
        update: bufferOf(update.slice()),
        meta,
        counter,
        sequence: undefined,
        resolve,
        reject,
      })
    })
  }

  /** What to send now; `undefined` while a batch is on its way, and where there is nothing. */
  takeBatch(): AppendBatch | undefined {
    if (this.#isOnItsWay) return undefined
    if (this.#batch.length === 0) this.#batch = this.#nextBatch()
    const [first] = this.#batch
    if (first === undefined) return undefined
    this.#isOnItsWay = true
    this.#attempts += 1
    return { entries: this.#batch, counter: first.counter, author: this.#author }
  }

  /** Whether an entry of that author is one of this outbox. */
  isOwn(author: string): boolean {
    return author.startsWith(`${this.writer}.`)
  }

  /** The batch is stored. @returns its entries, to be delivered in their place. */
  stored({ last, author = this.#author, before: first }: StoredBatch): StoredEntry[] {
    const batch = this.#batch
    this.#batch = []
    this.#isOnItsWay = false
    let before = first
    return batch.map((append, index) => {
      const sequence = last - (batch.length - 1 - index)
      append.sequence = sequence
      const { update, meta, counter } = append
      const token = tokenOf(author, counter)
      const entry = { position: encodePosition(sequence), update, meta }
      const stored = { sequence, token, before, entry }
      before = token
      return stored
    })
  }

  /** The batch may be stored or not: it goes again as it is. */
  failed(): void {
    this.#isOnItsWay = false
  }

  /** Everything up to this number was delivered. */
  settle(delivered: number): void {
    let count = 0
    for (const { sequence, resolve } of this.#pending) {
      if (sequence === undefined || sequence > delivered) break
      resolve(encodePosition(sequence))
      count += 1
    }
    if (count > 0) this.#pending.splice(0, count)
    this.#tellIdle()
  }

  /** The log is another one: what was stored in the one before is settled as of here. */
  rewound(last: number): void {
    for (const append of this.#pending) if (append.sequence !== undefined) append.sequence = last
    this.settle(last)
  }

  rejectAll(error: Error): void {
    const pending = this.#pending
    this.#pending = []
    this.#batch = []
    for (const { reject } of pending) reject(error)
    this.#tellIdle()
  }

  /** Resolves once nothing is pending. */
  async idle(): Promise<void> {
    if (!this.isEmpty) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  get #author(): string {
    return authorOf(this.writer, this.#attempts)
  }

  #tellIdle(): void {
    if (this.isEmpty) for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  #nextBatch(): PendingAppend[] {
    let bytes = 0
    const batch: PendingAppend[] = []
    for (const append of this.#pending) {
      // stored already, and waiting for its turn to be delivered
      if (append.sequence !== undefined) continue
      bytes += append.update.byteLength
      if (batch.length === MAX_BATCH_ENTRIES || (batch.length > 0 && bytes > MAX_BATCH_BYTES)) break
      batch.push(append)
    }
    return batch
  }
}
