import { OVERLOAD_CODE, RATE_CODE } from '@roomful/shared'

/** The first retry comes within this, ms: a short drop must not show. */
export const FIRST_RETRY_MS = 1_000
/** No retry waits longer than this, ms. */
export const MAX_BACKOFF_MS = 30_000
/** Overloaded or over the rate: the first retry may take up to 4 s. */
const OVERLOAD_FAILURES = 2

/**
 * How long to wait before the next try: full jitter, so that a restarted server meets its clients one by one
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param failures tries that failed in a row, 0 after the first drop.
 * @param random a number in 0..1.
 * @returns ms, from 0 up to 1 s · 2^failures and never over `maxMs`.
 */
export function backoffMs(failures: number, maxMs: number, random: number): number {
  return Math.round(random * Math.min(maxMs, FIRST_RETRY_MS * 2 ** Math.min(failures, 20)))
}

/** The waits between tries of one connection. */
export class Backoff {
  readonly #random: () => number
  #failures = 0
  #hintMs: number | undefined

  constructor(random: () => number) {
    this.#random = random
  }

  /** Tries that failed in a row. */
  get failures(): number {
    return this.#failures
  }

  /** What a draining server asked for, until it is taken; else 0. */
  get hintMs(): number {
    return this.#hintMs ?? 0
  }

  /** A connection did useful work: the next drop is a first one. */
  reset(): void {
    this.#failures = 0
  }

  /** The server drains and said when to come back, ms, jittered already. */
  hint(retryAfterMs: number | undefined): void {
    this.#hintMs = retryAfterMs
  }

  /**
   * Counts a failure.
   *
   * @param code the close code, where there was one.
   * @returns how long to wait, ms.
   */
  next(code: number | undefined, maxMs: number): number {
    const isOverload = code === OVERLOAD_CODE || code === RATE_CODE
    const failures = isOverload ? Math.max(this.#failures, OVERLOAD_FAILURES) : this.#failures
    const delayMs = this.#hintMs ?? backoffMs(failures, maxMs, this.#random())
    this.#hintMs = undefined
    this.#failures++
    return delayMs
  }
}
