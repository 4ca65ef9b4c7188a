import type { Clock } from '../clock.ts'
import { coalesced } from '../coalesced-clock.ts'
import type { RedisRoom } from './redis-room.ts'

/**
 * A room that has been silent for one to two of these is looked at once. More than the canary takes to be put down behind
 * what was written: from the look on it is the canary that tells.
 */
export const SETTLE_MS = 750

/**
 * Looks at each room a moment after its last entry: until then a copy of what Redis holds may be older than the entry and not
 * older than the canary. While entries follow each other each is stored behind the one before, which tells as well.
 */
export class RedisSecondLooks {
  readonly #clock: Clock
  /** Had an entry since the last turn of the timer … */
  #fresh = new Set<RedisRoom>()
  /** … and in the one before. */
  #settling = new Set<RedisRoom>()
  #cancel: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = coalesced(clock)
  }

  /** The room has had an entry. */
  touched(room: RedisRoom): void {
    this.#fresh.add(room)
    this.#cancel ??= this.#clock.after(SETTLE_MS, () => this.#turn())
  }

  close(): void {
    this.#cancel?.()
    this.#fresh.clear()
    this.#settling.clear()
  }

  #turn(): void {
    const silent = [...this.#settling].filter((room) => !this.#fresh.has(room))
    this.#settling = this.#fresh
    this.#fresh = new Set()
    this.#cancel = this.#settling.size > 0 ? this.#clock.after(SETTLE_MS, () => this.#turn()) : undefined
    for (const room of silent) if (room.isUsable) room.check()
  }
}
