import { describe, expect, test } from 'vitest'
import { isMentioned, matchesQuery, mentionPieces, mentionQuery } from './mentions.ts'

const NAMES = ['Calm', 'Calm Heron', 'Swift Otter', 'Ωmega', '李雷']

const mentioned = (text: string): string[] =>
  mentionPieces(text, NAMES).flatMap(({ name }) => (name === undefined ? [] : [name]))

describe('mentions in a message', () => {
  test('are the longest known names behind an @, whatever their case', () => {
    expect(mentioned('@calm heron and @Calm, see @swift otter!')).toEqual([
      'Calm Heron',
      'Calm',
      'Swift Otter',
    ])
    expect(mentioned('@李雷 @ωMEGA')).toEqual(['李雷', 'Ωmega'])
  })

  test('are no parts of words, addresses or longer names', () => {
    expect(mentioned('me@calm.org @Calmness @nobody @ Calm')).toEqual([])
  })

  test('all pieces together are the text', () => {
    for (const text of ['', '@', '@@Calm', 'a @Calm b @Calm Heron', '@Calm@Calm', 'x@y @Swift Otter.'])
      expect(
        mentionPieces(text, NAMES)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
  })

  test('of oneself are found by one’s name', () => {
    expect(isMentioned('ask @Swift Otter', 'Swift Otter')).toBe(true)
    expect(isMentioned('ask Swift Otter', 'Swift Otter')).toBe(false)
  })
})

describe('a mention while it is written', () => {
  test('is what stands between the @ and the caret', () => {
    expect(mentionQuery('hello @ca', 9)).toEqual({ at: 6, query: 'ca' })
    expect(mentionQuery('@', 1)).toEqual({ at: 0, query: '' })
    expect(mentionQuery('@calm h', 7)).toEqual({ at: 0, query: 'calm h' })
  })

  test('is none in an address, on another line, before the @ or in what no name can be', () => {
    expect(mentionQuery('me@ca', 5)).toBeUndefined()
    expect(mentionQuery('@ca\nx', 5)).toBeUndefined()
    expect(mentionQuery('@ca', 0)).toBeUndefined()
    expect(mentionQuery(`@${'x'.repeat(40)}`, 41)).toBeUndefined()
  })

  test('finds names by the beginning of any of their words', () => {
    expect(matchesQuery('Calm Heron', 'he')).toBe(true)
    expect(matchesQuery('Calm Heron', 'calm h')).toBe(true)
    expect(matchesQuery('Calm Heron', 'eron')).toBe(false)
    expect(matchesQuery('Calm Heron', 'calm heron ')).toBe(false)
  })
})
