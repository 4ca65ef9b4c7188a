/** More addresses than this in one window start a new window: the table stays small whoever asks. */
const MAX_ADDRESSES = 10_000

/**
 * Counts requests per address in windows of time: for routes that are cheap, but not free.
 *
 * @example
 * const window = new AddressWindow(10_000, 200)
 * const waitMs = window.take(address, clock.now()) // 0: answer it
 */
export class AddressWindow {
  readonly #lengthMs: number
  readonly #max: number
  readonly #counts = new Map<string, number>()
  #startedAt = -Infinity

  /** `max` requests per address in `lengthMs`. */
  constructor(lengthMs: number, max: number) {
    this.#lengthMs = lengthMs
    this.#max = max
  }

  /** Counts one request; returns 0, or for how many ms this address has to wait. */
  take(address: string, now: number): number {
    const elapsed = now - this.#startedAt
    // a clock that steps back (NTP) starts anew as well
    if (elapsed >= this.#lengthMs || elapsed < 0 || this.#counts.size >= MAX_ADDRESSES) {
      this.#counts.clear()
      this.#startedAt = now
    }
    const count = (this.#counts.get(address) ?? 0) + 1
    if (count > this.#max) return Math.max(1, this.#lengthMs - (now - this.#startedAt))
    this.#counts.set(address, count)
    return 0
  }
}
