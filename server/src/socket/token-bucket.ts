/**
 * Paces one connection. Taking always succeeds and may leave a debt: what has arrived is never dropped; the answer
 * says how long to stop reading until the debt is paid.
 *
 * @example new TokenBucket(2_000, 10_000, clock.now()).take(1, clock.now()) // 0: go on
 */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at: number

  /** `perSecond` and `burst` in tokens, `now` in ms of the clock that `take` is given. */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perMs = perSecond / 1_000
    this.#burst = burst
    this.#tokens = burst
    this.#at = now
  }

  /** Takes tokens; returns for how many ms to stop reading, 0 = not at all. */
  take(tokens: number, now: number): number {
    // a clock that steps back (NTP) must neither punish nor refill
    const elapsed = Math.max(0, now - this.#at)
    this.#at = now
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perMs) - tokens
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs)
  }
}
