import type { ActivityEntry } from '@roomful/react'
import { type ChatMessage, createUser } from '@roomful/shared'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChatRow, ChatRows, GROUP_GAP_MS, MAX_ACTIVITY_ROWS, newMessages } from './chat-rows.ts'
import { formatDay } from './time-format.ts'

const NOON = new Date(2026, 10, 22, 12).getTime()
const DAY_MS = 86_400_000

function message(id: string, userId: string, sentAt: number, name = userId): ChatMessage {
  return { id, userId, name, color: '#1c75d6', text: id, sentAt }
}

function line(id: string, at: number): ActivityEntry {
  return { id, kind: 'joined', user: createUser(id, id, '#1c75d6'), at }
}

const shape = (rows: readonly ChatRow[]): (string | boolean)[] =>
  rows.map((row) => (row.kind === 'message' ? row.leads : row.kind))

describe('[U23] the rows of the chat', () => {
  test('a run of one author has its name once', () => {
    const messages = [message('1', 'a', NOON), message('2', 'a', NOON + 1), message('3', 'b', NOON + 2)]
    expect(shape(new ChatRows().lay(messages, []))).toEqual(['day', true, false, true])
  })

  test('a pause, a new name or a new day begin a new run', () => {
    const messages = [
      message('1', 'a', NOON),
      message('2', 'a', NOON + GROUP_GAP_MS + 1),
      message('3', 'a', NOON + GROUP_GAP_MS + 2, 'renamed'),
      message('4', 'a', NOON + DAY_MS, 'renamed'),
    ]
    expect(shape(new ChatRows().lay(messages, []))).toEqual(['day', true, true, true, 'day', true])
  })

  test('every key is there once', () => {
    const rows = new ChatRows().lay(
      [message('1', 'a', NOON), message('2', 'b', NOON + DAY_MS)],
      [line('1', NOON), line('2', NOON + 1)],
    )
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
  })

  test('no messages, no rows', () => {
    expect(new ChatRows().lay([], [])).toEqual([])
  })

  test('days are said as people say them', () => {
    expect(formatDay(NOON, NOON + 1)).toBe('Today')
    expect(formatDay(NOON - DAY_MS, NOON)).toBe('Yesterday')
    expect(formatDay(NOON - 400 * DAY_MS, NOON)).toMatch(/2025/)
  })
})

describe('[U58] comings and goings between the messages', () => {
  test('stand where they happened, and the message behind one says again whose it is', () => {
    const messages = [message('1', 'a', NOON), message('2', 'a', NOON + 10), message('3', 'a', NOON + 20)]
    const rows = new ChatRows().lay(messages, [line('x', NOON + 15)])
    expect(shape(rows)).toEqual(['day', true, false, 'activity', true])
  })

  test('only the newest are shown', () => {
    const lines = Array.from({ length: MAX_ACTIVITY_ROWS + 30 }, (_, index) => line(`${index}`, NOON + index))
    const rows = new ChatRows().lay([], lines)
    expect(rows.filter((row) => row.kind === 'activity')).toHaveLength(MAX_ACTIVITY_ROWS)
    expect(rows.at(-1)).toMatchObject({ entry: { id: `${MAX_ACTIVITY_ROWS + 29}` } })
  })
})

describe('[U50] rows laid piece by piece', () => {
  test('what is there stays the same object when something comes at the end, and nothing changes for nothing', () => {
    const layout = new ChatRows()
    const first = [message('1', 'a', NOON)]
    const before = layout.lay(first, [])
    expect(layout.lay(first, [])).toBe(before)
    const after = layout.lay([...first, message('2', 'a', NOON + 1)], [])
    expect(after.slice(0, before.length).every((row, index) => row === before[index])).toBe(true)
    expect(after).toHaveLength(before.length + 1)
  })

  test('are those laid at once, whatever came, changed or went', () => {
    const step = fc.record({
      kind: fc.constantFrom('message', 'message', 'message', 'line', 'late', 'removal', 'edit'),
      author: fc.constantFrom('a', 'b'),
      pauseMs: fc.constantFrom(1, 1_000, GROUP_GAP_MS + 1, DAY_MS / 2),
      place: fc.nat(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const layout = new ChatRows()
        let messages: readonly ChatMessage[] = []
        let lines: readonly ActivityEntry[] = []
        let at = NOON
        for (const [index, { kind, author, pauseMs, place }] of steps.entries()) {
          at += pauseMs
          const one = message(`${index}`, author, kind === 'late' ? at - (place % DAY_MS) : at)
          const chosen = messages.length === 0 ? 0 : place % messages.length
          if (kind === 'line') lines = [...lines, line(`${index}`, at)]
          else if (kind === 'removal') messages = messages.toSpliced(chosen, 1)
          else if (kind === 'edit')
            messages = messages.map((known, spot) => (spot === chosen ? { ...known, text: 'edited' } : known))
          else messages = [...messages, one].sort((a, b) => a.sentAt - b.sentAt)
          expect(layout.lay(messages, lines)).toEqual(new ChatRows().lay(messages, lines))
        }
      }),
    )
  })
})

describe('[U21] messages that came while one read further up', () => {
  test('count when they are others’ and new; edits and lines do not', () => {
    const layout = new ChatRows()
    const first = [message('1', 'a', NOON), message('2', 'a', NOON + 1)]
    const left = layout.lay(first, [])
    const edited = first.map((known) => ({ ...known, text: 'edited' }))
    expect(newMessages(left, layout.lay(edited, [line('x', NOON + 2)]), 'me')).toBe(0)
    const more = [...edited, message('3', 'a', NOON + 3), message('4', 'me', NOON + 4)]
    expect(newMessages(left, layout.lay(more, []), 'me')).toBe(1)
  })
})
