import { describe, expect, test } from 'vitest'
import { inlineMarks } from './inline-marks.ts'

const shown = (text: string): string[] => inlineMarks(text).map(({ kind, text: part }) => `${kind}:${part}`)

describe('marks in a card’s text', () => {
  test.each([
    ['plain words', ['plain:plain words']],
    ['it *is* so', ['plain:it ', 'em:is', 'plain: so']],
    ['press `/` now', ['plain:press ', 'code:/', 'plain: now']],
    ['*two words* `a*b`', ['em:two words', 'plain: ', 'code:a*b']],
    ['2 * 3 * 4', ['plain:2 * 3 * 4']],
    ['*open', ['plain:*open']],
    ['**', ['plain:**']],
    ['``', ['plain:``']],
    ['*over\ntwo lines*', ['plain:*over\ntwo lines*']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(shown(text)).toEqual(expected)
  })

  test('each piece says where it stands in the whole text', () => {
    const text = 'a *b* `c` d'
    for (const { text: part, at } of inlineMarks(text, 7)) {
      expect(text.slice(at - 7, at - 7 + part.length)).toBe(part)
    }
  })

  test('a long text of marks that never close takes no time', () => {
    const start = performance.now()
    inlineMarks('*a'.repeat(20_000))
    inlineMarks('`'.repeat(20_000))
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
