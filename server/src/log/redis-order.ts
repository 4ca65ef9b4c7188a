import { isAnother, type StoredEntry } from './redis-entry.ts'

/** Entries that may wait for what stands before them; more are read from the stream again. */
const MAX_AHEAD = 1_000

/** What an order tells its room. */
export interface RedisOrderOwner {
  deliver(stored: StoredEntry): void
  /**
   * Something was told that stands behind another entry than the one that was read: by a server that does not know that it was
   * replaced, or by the one that has replaced it. Which of the two has to be looked at.
   */
  forked(): void
}

/**
 * Brings what comes from appends, messages and reads into the log's order: each entry once, none before its predecessor, and
 * none behind another one than it was stored behind. So all that was delivered is the beginning of one copy of the log, and
 * its last entry tells which.
 */
export class RedisOrder {
  readonly #owner: RedisOrderOwner
  readonly #ahead = new Map<number, StoredEntry>()
  #last: number
  #token = ''

  /** @param last everything up to here is read by other means. */
  constructor(last: number, token: string, owner: RedisOrderOwner) {
    this.#last = last
    this.#token = token
    this.#owner = owner
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
    if (stored.sequence <= this.#last) {
      if (stored.sequence === this.#last && isAnother(stored.token, this.#token)) this.#owner.forked()
      return
    }
    if (stored.sequence > this.#last + 1) {
      if (this.#ahead.size >= MAX_AHEAD) this.#ahead.clear()
      this.#ahead.set(stored.sequence, stored)
      return
    }
    for (
      let next: StoredEntry | undefined = stored;
      next !== undefined && this.#pass(next);
      next = this.#ahead.get(this.#last + 1)
    )
      this.#ahead.delete(next.sequence)
  }

  /** The log is another one: its entries up to here are read by other means. */
  restart(last: number, token: string): void {
    this.#ahead.clear()
    this.#last = last
    this.#token = token
  }

  /** @returns whether it stands behind what was delivered last. */
  #pass(stored: StoredEntry): boolean {
    if (isAnother(stored.before, this.#token)) {
      // of the same copy as this one, perhaps
      this.#ahead.clear()
      this.#owner.forked()
      return false
    }
    this.#last = stored.sequence
    this.#token = stored.token
    this.#owner.deliver(stored)
    return true
  }
}
