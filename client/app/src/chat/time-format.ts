const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const exact = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
})
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const DAY_MS = 86_400_000

/** Hours and minutes as the reader's locale writes them. */
export function formatTime(at: number): string {
  return time.format(at)
}

/** Date and time in full, for hover and screen readers. */
export function formatFull(at: number): string {
  return full.format(at)
}

/** Date and time, whole but short. */
export function formatExact(at: number): string {
  return exact.format(at)
}

/** "Today", "Yesterday", a weekday of this year, or a full date. */
export function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS)
  if (days === 0 || days === 1) {
    const word = relative.format(-days, 'day')
    return word.charAt(0).toUpperCase() + word.slice(1)
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (sameYear ? day : dayOfYear).format(at)
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}
