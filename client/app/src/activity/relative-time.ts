const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Nobody counts seconds of somebody's coming. */
const NOW_MS = 45_000

/**
 * How long ago something was, in words; what a wrong clock puts into the future is now.
 *
 * @example relativeTime(now - 120_000, now) // '2 minutes ago'
 */
export function relativeTime(at: number, now: number): string {
  const ago = now - at
  if (ago < NOW_MS) return 'just now'
  if (ago < HOUR_MS) return relative.format(-Math.max(1, Math.floor(ago / MINUTE_MS)), 'minute')
  if (ago < DAY_MS) return relative.format(-Math.floor(ago / HOUR_MS), 'hour')
  return relative.format(-Math.floor(ago / DAY_MS), 'day')
}

/** Date and time in full, as the reader's locale writes them. */
export function fullTime(at: number): string {
  return full.format(at)
}
