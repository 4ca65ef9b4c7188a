import type { StoredEntry } from './redis-entry.ts'

/** Entries that may wait for what stands before them; more are read from the stream again. */
const MAX_AHEAD = 1_000

/** Brings what comes from appends, messages and reads into the log's order: each entry once, none before its predecessor. */
export class RedisOrder {
  readonly #deliver: (stored: StoredEntry) => void
  readonly #ahead = new Map<number, StoredEntry>()
  #last: number
  #token = ''

  /** @param last everything up to here is read by other means. */
  constructor(last: number, token: string, deliver: (stored: StoredEntry) => void) {
    this.#last = last
    this.#token = token
    this.#deliver = deliver
  }

  /** Everything up to here was delivered. */
  get last(): number {
    return this.#last
  }

  /** What tells the entry at {@link last} from another copy's; empty where it is not known. */
  get token(): string {
    return this.#token
  }

  /** Whether something waits for an entry that did not come yet. */
  get hasHole(): boolean {
    return this.#ahead.size > 0
  }

  take(stored: StoredEntry): void {
    if (stored.sequence <= this.#last) return
    if (stored.sequence > this.#last + 1) {
      if (this.#ahead.size >= MAX_AHEAD) this.#ahead.clear()
      this.#ahead.set(stored.sequence, stored)
      return
    }
    this.#pass(stored)
    for (
      let next = this.#ahead.get(this.#last + 1);
      next !== undefined;
      next = this.#ahead.get(this.#last + 1)
    ) {
      this.#ahead.delete(next.sequence)
      this.#pass(next)
    }
  }

  /** The log is another one: its entries up to here are read by other means. */
  restart(last: number, token: string): void {
    this.#ahead.clear()
    this.#last = last
    this.#token = token
  }

  #pass(stored: StoredEntry): void {
    this.#last = stored.sequence
    this.#token = stored.token
    this.#deliver(stored)
  }
}
