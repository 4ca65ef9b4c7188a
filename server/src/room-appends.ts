import type { Unsaved } from './process-bounds.ts'
import type { EntryMeta, Position, RoomLog } from './log/room-log.ts'

interface Waiter {
  readonly sequence: number
  readonly resolve: (position: Position | undefined) => void
}

/** What the appends of a room tell it. */
export interface AppendsOwner {
  /** More is durable than before. */
  settled(): void
  /** The log was left, closed or deleted: nothing behind this becomes durable any more. */
  failed(error: unknown): void
}

/**
 * The room's own appends, numbered from 1 in the order of the calls, which is their order in the log. A failed append
 * blocks those behind it: acknowledgements stop, the room goes on (I9).
 */
export class Appends {
  readonly #log: Pick<RoomLog, 'append'>
  readonly #owner: AppendsOwner
  readonly #unsaved: Unsaved
  #submitted = 0
  #durable = 0
  #lastPosition: Position = ''
  #hasFailed = false
  #waiters: Waiter[] = []

  constructor(log: Pick<RoomLog, 'append'>, owner: AppendsOwner, unsaved: Unsaved) {
    this.#log = log
    this.#owner = owner
    this.#unsaved = unsaved
  }

  /** The number of the last append made. */
  get submitted(): number {
    return this.#submitted
  }

  /** Everything up to this number is durable. */
  get durable(): number {
    return this.#durable
  }

  append(update: Uint8Array, meta: EntryMeta): void {
    this.#submitted += 1
    const sequence = this.#submitted
    const bytes = update.length
    this.#unsaved.add(bytes)
    this.#log.append(update, meta).then(
      (position) => {
        this.#unsaved.add(-bytes)
        this.#settle(sequence, position)
      },
      (error: unknown) => {
        this.#unsaved.add(-bytes)
        this.#fail(error)
      },
    )
  }

  /** The log is another one: positions of before mean nothing. */
  rewound(): void {
    this.#lastPosition = ''
  }

  /**
   * Resolves once everything appended until now is durable: with the position of the last append (`''` where there was
   * none), or with `undefined` once it is sure that it never will be.
   */
  async settled(): Promise<Position | undefined> {
    const sequence = this.#submitted
    if (sequence === this.#durable) return this.#lastPosition
    if (this.#hasFailed) return undefined
    return new Promise((resolve) => this.#waiters.push({ sequence, resolve }))
  }

  #settle(sequence: number, position: Position): void {
    // a log that stored something behind a failed append broke its contract; acknowledging it would hide the hole
    if (this.#hasFailed || sequence <= this.#durable) return
    this.#durable = sequence
    this.#lastPosition = position
    this.#wake(sequence, position)
    this.#owner.settled()
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#wake(Number.POSITIVE_INFINITY, undefined)
    this.#owner.failed(error)
  }

  #wake(sequence: number, position: Position | undefined): void {
    while (true) {
      const [first] = this.#waiters
      if (first === undefined || first.sequence > sequence) return
      this.#waiters.shift()
      // never a later position than the waiter's own: a compaction would claim entries that it does not hold
      first.resolve(first.sequence === sequence ? position : undefined)
    }
  }
}
