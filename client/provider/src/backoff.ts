/** The first retry comes within this, ms: a short drop must not show. */
export const FIRST_RETRY_MS = 1_000
/** No retry waits longer than this, ms. */
export const MAX_BACKOFF_MS = 30_000

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
