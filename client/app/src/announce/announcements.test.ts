import { deviceClock } from '@roomful/provider'
import { createUser } from '@roomful/shared'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  Announcements,
  BUSY_GAP_MS,
  GATHER_MS,
  PRESENCE_GAP_MS,
  type PresenceNews,
  READING_MS,
} from './announcements.ts'
import { connectionLine, connectionNews } from './connection-line.ts'
import { presenceLine } from './presence-line.ts'

let said: string[]
let announcements: Announcements

const news = (name: string, kind: PresenceNews['kind'] = 'joined'): PresenceNews => ({
  kind,
  user: createUser(name, name, '#1c75d6'),
})

beforeEach(() => {
  vi.useFakeTimers()
  said = []
  announcements = new Announcements({ clock: deviceClock, say: (text) => said.push(text) })
  return () => {
    announcements.clear()
    vi.useRealTimers()
  }
})

describe('[U42] what a screen reader is told', () => {
  test('who comes together is named together', () => {
    for (const name of ['Ana', 'Bo', 'Cy', 'Di', 'Eve']) announcements.presence(news(name))
    expect(said).toEqual([])
    vi.advanceTimersByTime(GATHER_MS)
    expect(said).toEqual(['Ana, Bo and 3 others joined'])
  })

  test('at most once in five seconds', () => {
    announcements.presence(news('Ana'))
    vi.advanceTimersByTime(GATHER_MS)
    announcements.presence(news('Bo'))
    vi.advanceTimersByTime(PRESENCE_GAP_MS - 1)
    expect(said).toEqual(['Ana joined'])
    vi.advanceTimersByTime(1)
    expect(said).toEqual(['Ana joined', 'Bo joined'])
  })

  test('twenty people who come one a second are four announcements at most', () => {
    for (let person = 0; person < 20; person++) {
      announcements.presence(news(`P${person}`))
      vi.advanceTimersByTime(1_000)
    }
    vi.advanceTimersByTime(BUSY_GAP_MS)
    expect(said.length).toBeLessThanOrEqual(4)
    expect(said.join()).toContain('P0')
  })

  test('after a calm time the first one is said at once again', () => {
    for (let person = 0; person < 20; person++) {
      announcements.presence(news(`P${person}`))
      vi.advanceTimersByTime(1_000)
    }
    vi.advanceTimersByTime(120_000)
    said = []
    announcements.presence(news('Ana'))
    vi.advanceTimersByTime(GATHER_MS)
    announcements.presence(news('Bo'))
    vi.advanceTimersByTime(PRESENCE_GAP_MS)
    expect(said).toEqual(['Ana joined', 'Bo joined'])
  })

  test('people who keep coming do not put the announcement off', () => {
    for (let person = 0; person < 8; person++) {
      announcements.presence(news(`P${person}`))
      vi.advanceTimersByTime(GATHER_MS / 4)
    }
    expect(said).toHaveLength(1)
  })

  test('who has come and gone in between is not mentioned', () => {
    announcements.presence(news('Ana'))
    announcements.presence(news('Ana', 'left'))
    vi.advanceTimersByTime(60_000)
    expect(said).toEqual([])
  })

  test('joins and leaves of one batch stand in one line', () => {
    announcements.presence(news('Ana'))
    announcements.presence(news('Bo', 'left'))
    vi.advanceTimersByTime(GATHER_MS)
    expect(said).toEqual(['Ana joined. Bo left'])
  })

  test('the connection is said at once, but lets the last words be read', () => {
    announcements.line('offline', 'connection')
    vi.advanceTimersByTime(0)
    expect(said).toEqual(['offline'])
    announcements.line('again', 'connection')
    vi.advanceTimersByTime(READING_MS - 1)
    expect(said).toEqual(['offline'])
    vi.advanceTimersByTime(1)
    expect(said).toEqual(['offline', 'again'])
  })

  test('of several lines about one thing only the last is said, of several things each', () => {
    announcements.line('first', 'connection')
    vi.advanceTimersByTime(0)
    announcements.line('offline', 'connection')
    announcements.line('again', 'connection')
    announcements.line('Link copied', 'page')
    vi.advanceTimersByTime(READING_MS)
    expect(said).toEqual(['first', 'again. Link copied'])
  })

  test('the connection goes before people, and neither is lost', () => {
    announcements.presence(news('Ana'))
    announcements.line('again', 'connection')
    vi.advanceTimersByTime(GATHER_MS + READING_MS)
    expect(said).toEqual(['again', 'Ana joined'])
  })

  test('cleared, it says nothing and leaves no timer', () => {
    announcements.presence(news('Ana'))
    announcements.clear()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(said).toEqual([])
  })
})

describe('the words', () => {
  test('name three people, and count from the fourth on', () => {
    expect(presenceLine(['Ana'], [])).toBe('Ana joined')
    expect(presenceLine(['Ana', 'Bo'], [])).toBe('Ana and Bo joined')
    expect(presenceLine([], ['Ana', 'Bo', 'Cy'])).toBe('Ana, Bo and Cy left')
    expect(presenceLine(['Ana', 'Bo', 'Cy', 'Di'], [])).toBe('Ana, Bo and 2 others joined')
  })

  test('saving is no news of the connection', () => {
    expect(connectionNews('spinner')).toBe(connectionNews('check'))
    expect(connectionNews('broken')).not.toBe(connectionNews('live'))
  })

  test('each state of the connection has words of its own', () => {
    const lines = (['well', 'reading', 'away', 'offline', 'closed'] as const).map((news) =>
      connectionLine(news),
    )
    expect(new Set(lines).size).toBe(lines.length)
  })
})
