import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LOBBY, normalizeRoomName, parseRoomName, parseRoomSegment } from './room-name.ts'

const ALPHABET = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-')
const name = fc
  .string({ unit: fc.constantFrom(...ALPHABET), minLength: 1, maxLength: 128 })
  .filter((text) => text !== '.' && text !== '..')

describe('parseRoomName', () => {
  test('[W15] every name of the alphabet up to 128 characters is one, unchanged', () => {
    fc.assert(fc.property(name, (text) => parseRoomName(text) === text))
  })

  test('[W15] whatever it accepts consists of the alphabet only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 140 }), (text) => {
        const isValid =
          text.length >= 1 && text.length <= 128 && Array.from(text).every((c) => ALPHABET.includes(c))
        expect(parseRoomName(text)).toBe(isValid && text !== '.' && text !== '..' ? text : undefined)
      }),
      { numRuns: 1_500 },
    )
  })

  test.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['129 characters', 'a'.repeat(129)],
    ['a slash', 'a/b'],
    ['a backslash', 'a\\b'],
    ['a space', 'a b'],
    ['a line end', 'lobby\n'],
    ['a NUL', 'lobby\0'],
    ['a percent sign', '%41'],
    ['a colon', 'a:b'],
    ['a brace', '{a}'],
    ['a letter beyond ASCII', 'café'],
    ['a full-width letter', 'ａ'],
  ])('[W15] %s is no name', (_what, text) => {
    expect(parseRoomName(text)).toBeUndefined()
  })

  test('[W15] values that are no strings are no names', () => {
    for (const value of [undefined, null, 7, true, {}, ['lobby'], Symbol('lobby')])
      expect(parseRoomName(value)).toBeUndefined()
  })
})

describe('parseRoomSegment', () => {
  test('[W15] any text gives a name or undefined, never a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const room = parseRoomSegment(text)
        expect(room === undefined || parseRoomName(room) === room).toBe(true)
      }),
      { numRuns: 1_500 },
    )
  })

  test('[W15] it decodes exactly once', () => {
    expect(parseRoomSegment('caf%65')).toBe('cafe')
    expect(parseRoomSegment('%6Cobby')).toBe('lobby')
    expect(parseRoomSegment('%2564')).toBeUndefined()
    fc.assert(fc.property(name, (text) => parseRoomSegment(encodeURIComponent(text)) === text))
  })

  test.each(['%', '%4', '%zz', '%ff', '%c3%28', '%2e', '%2e%2E', '%2Fetc', '%00', 'a%0a', 'a%20b'])(
    '[W15] %s is refused',
    (segment) => {
      expect(parseRoomSegment(segment)).toBeUndefined()
    },
  )
})

describe('normalizeRoomName', () => {
  test('what comes out is a room name of lower-case letters, digits and inner hyphens, and stays itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const room = normalizeRoomName(text)
        if (room === undefined) return
        expect(room).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
        expect(room.length).toBeLessThanOrEqual(64)
        expect(normalizeRoomName(room)).toBe(room)
        expect(parseRoomName(room)).toBe(room)
      }),
      { numRuns: 1_500 },
    )
  })

  test.each([
    ['Design Review!', 'design-review'],
    ['  Café  Zürich ', 'cafe-zurich'],
    ['LOBBY', 'lobby'],
    ['a__b..c', 'a-b-c'],
    ['-42-', '42'],
    ['ﬁnance', 'finance'],
    [`${'a'.repeat(63)}-b`, 'a'.repeat(63)],
  ])('%j becomes %s', (text, slug) => {
    expect(normalizeRoomName(text)).toBe(slug)
  })

  test.each(['', '   ', '!!!', '..', '日本'])('nothing usable is left of %j', (text) => {
    expect(normalizeRoomName(text)).toBeUndefined()
  })

  test('the lobby is its own normal form', () => {
    expect(normalizeRoomName(LOBBY)).toBe(LOBBY)
  })
})
