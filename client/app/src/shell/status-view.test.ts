import { DURABILITIES } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { connectionLine, connectionNews } from '../announce/connection-line.ts'
import { awayLine, durabilityText, type StatusFacts, statusView } from './status-view.ts'

const CALM: StatusFacts = {
  connection: 'connected',
  pending: 0,
  durability: 'disk',
  online: true,
  awayLong: false,
  pendingLong: false,
  readOnly: false,
}

const word = (facts: Partial<StatusFacts>): string => statusView({ ...CALM, ...facts }).word

describe('[U26] the status words', () => {
  test.each<[string, Partial<StatusFacts>]>([
    ['Connecting', { connection: 'connecting' }],
    ['All changes saved', {}],
    ['Saving…', { pending: 2 }],
    ['2 unsynced changes', { pending: 2, pendingLong: true }],
    ['1 unsynced change', { pending: 1, pendingLong: true }],
    ['Live', { durability: 'none' }],
    ['Live', { pending: 'unknown' }],
    ['Live', { durability: undefined }],
    ['Reconnecting', { connection: 'reconnecting', awayLong: true }],
    ['Reconnecting (3 pending)', { connection: 'reconnecting', awayLong: true, pending: 3 }],
    ['Offline', { connection: 'reconnecting', online: false }],
    ['Offline', { connection: 'connecting', online: false }],
    ['Closed', { connection: 'closed' }],
    ['Read only', { readOnly: true }],
    ['Read only (2 kept)', { readOnly: true, pending: 2, pendingLong: true }],
    ['Reconnecting', { readOnly: true, connection: 'reconnecting', awayLong: true }],
  ])('%s', (expected, facts) => {
    expect(word(facts)).toBe(expected)
  })

  test('[U28] badge, banner and announcement call a server that is away by one name', () => {
    for (const online of [true, false]) {
      const { word: badge, shape } = statusView({
        ...CALM,
        connection: 'reconnecting',
        awayLong: true,
        online,
      })
      expect(awayLine(online, true)).toBe(`${badge} - changes are kept on this device and will sync`)
      expect(awayLine(online, false)).toMatch(new RegExp(`^${badge} - changes are not kept`))
      expect(connectionLine(connectionNews(shape))).toMatch(new RegExp(`^${badge}\\. `))
    }
  })

  test('[U27] a short drop with nothing waiting changes no word', () => {
    expect(word({ connection: 'reconnecting' })).toBe(word({}))
  })

  test('[U29] "saved" is never said while anything is unacknowledged, nor where nothing is stored', () => {
    for (const connection of ['connecting', 'connected', 'reconnecting', 'closed'] as const) {
      for (const awayLong of [true, false]) {
        expect(word({ connection, awayLong, pending: 1 })).not.toMatch(/saved/i)
        for (const durability of ['none', 'redis-none', 'redis-unknown', undefined] as const) {
          expect(word({ connection, awayLong, durability })).not.toMatch(/saved/i)
        }
      }
    }
  })

  test('every state has a shape of its own, not only a colour', () => {
    const shapes = [
      statusView(CALM),
      statusView({ ...CALM, connection: 'connecting' }),
      statusView({ ...CALM, connection: 'reconnecting', awayLong: true }),
      statusView({ ...CALM, connection: 'reconnecting', online: false }),
      statusView({ ...CALM, connection: 'closed' }),
    ].map((view) => view.shape)
    expect(new Set(shapes).size).toBe(shapes.length)
  })

  test('each durability is explained', () => {
    const texts = [...DURABILITIES, undefined].map(durabilityText)
    expect(new Set(texts).size).toBe(texts.length)
  })
})
