import type { ChatMessage } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { linkPieces } from './link-pieces.ts'
import { GROUP_GAP_MS, messageRows } from './message-rows.ts'
import { formatDay } from './time-format.ts'
import { typingLine } from './typing-line.ts'

const NOON = new Date(2026, 10, 22, 12).getTime()
const DAY_MS = 86_400_000

function message(id: string, userId: string, sentAt: number, name = userId): ChatMessage {
  return { id, userId, name, color: '#1c75d6', text: id, sentAt }
}

describe('[U23] the rows of the chat', () => {
  test('a run of one author has its name once', () => {
    const rows = messageRows([
      message('1', 'a', NOON),
      message('2', 'a', NOON + 1),
      message('3', 'b', NOON + 2),
    ])
    expect(rows.map((row) => (row.kind === 'day' ? 'day' : row.leads))).toEqual(['day', true, false, true])
  })

  test('a pause, a new name or a new day begin a new run', () => {
    const rows = messageRows([
      message('1', 'a', NOON),
      message('2', 'a', NOON + GROUP_GAP_MS + 1),
      message('3', 'a', NOON + GROUP_GAP_MS + 2, 'renamed'),
      message('4', 'a', NOON + DAY_MS, 'renamed'),
    ])
    expect(rows.map((row) => (row.kind === 'day' ? 'day' : row.leads))).toEqual([
      'day',
      true,
      true,
      true,
      'day',
      true,
    ])
  })

  test('every key is there once', () => {
    const rows = messageRows([message('1', 'a', NOON), message('2', 'b', NOON + DAY_MS)])
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
  })

  test('no messages, no rows', () => {
    expect(messageRows([])).toEqual([])
  })

  test('days are said as people say them', () => {
    expect(formatDay(NOON, NOON + 1)).toBe('Today')
    expect(formatDay(NOON - DAY_MS, NOON)).toBe('Yesterday')
    expect(formatDay(NOON - 400 * DAY_MS, NOON)).toMatch(/2025/)
  })
})

describe('[U22] who is typing', () => {
  test('one, two, several, nobody', () => {
    expect(typingLine([])).toBeUndefined()
    expect(typingLine(['A'])).toEqual({ kind: 'one', name: 'A' })
    expect(typingLine(['A', 'B'])).toEqual({ kind: 'two', first: 'A', second: 'B' })
    expect(typingLine(['A', 'B', 'C'])).toEqual({ kind: 'several' })
  })
})

describe('[U23] links in a message', () => {
  test('all pieces together are the text, addresses lead somewhere', () => {
    const text = 'see https://example.com/a?b=1, example.org and <b>this</b>'
    const pieces = linkPieces(text)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(pieces.flatMap((piece) => piece.href ?? [])).toEqual([
      'https://example.com/a?b=1',
      'https://example.org',
    ])
  })

  test('nothing leads out but http, https and mail', () => {
    const hrefs = linkPieces(
      'javascript:alert(1) data:text/html,x file:///etc/passwd me@example.com',
    ).flatMap((piece) => piece.href ?? [])
    for (const href of hrefs) expect(href).toMatch(/^(https?|mailto):/)
  })
})
