import { describe, expect, test } from 'vitest'
import { fullTime, relativeTime } from './relative-time.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('[U57] how long ago', () => {
  test('grows from now over minutes and hours to days', () => {
    const words = [0, 44 * SECOND, 45 * SECOND, 90 * SECOND, 2 * MINUTE, 59 * MINUTE, HOUR, 23 * HOUR].map(
      (ago) => relativeTime(NOW - ago, NOW),
    )
    expect(words).toEqual([
      'just now',
      'just now',
      '1 minute ago',
      '1 minute ago',
      '2 minutes ago',
      '59 minutes ago',
      '1 hour ago',
      '23 hours ago',
    ])
    expect(relativeTime(NOW - 24 * HOUR, NOW)).toBe('yesterday')
    expect(relativeTime(NOW - 72 * HOUR, NOW)).toBe('3 days ago')
  })

  test('[U49] a time in the future, which a wrong clock makes, is now', () => {
    expect(relativeTime(NOW + HOUR, NOW)).toBe('just now')
  })

  test('the full date names the year and the second', () => {
    expect(fullTime(NOW)).toMatch(/2026/)
    expect(fullTime(NOW + SECOND)).not.toBe(fullTime(NOW))
  })
})
