import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { diffText, transformIndex } from './text-diff.ts'

const ALPHABET = ['a', 'b', ' ', '\n', '😀', '😁', '👩‍👩‍👧', 'é']
const textOf = fc.array(fc.constantFrom(...ALPHABET), { maxLength: 12 }).map((parts) => parts.join(''))

describe('the difference of two texts', () => {
  test('turns one into the other, in a shared text too', () => {
    fc.assert(
      fc.property(textOf, textOf, fc.nat(30), (before, after, caret) => {
        const text = new Y.Doc().getText()
        text.insert(0, before)
        const splice = diffText(before, after, Math.min(caret, after.length))
        if (splice !== undefined) {
          text.delete(splice.index, splice.remove)
          text.insert(splice.index, splice.insert)
        }
        expect(text.toString()).toBe(after)
      }),
    )
  })

  test('never cuts a character in two', () => {
    fc.assert(
      fc.property(textOf, textOf, (before, after) => {
        const splice = diffText(before, after)
        if (splice === undefined) return
        const kept = before.slice(0, splice.index) + before.slice(splice.index + splice.remove)
        expect(hasHalf(splice.insert) || hasHalf(kept)).toBe(false)
      }),
    )
  })

  test('an emoji changed into its neighbour is replaced whole', () => {
    expect(diffText('a😀b', 'a😁b')).toEqual({ index: 1, remove: 2, insert: '😁' })
  })

  test('the caret says which of equal letters was typed', () => {
    expect(diffText('aa', 'aaa', 1)).toEqual({ index: 0, remove: 0, insert: 'a' })
    expect(diffText('aa', 'aaa', 3)).toEqual({ index: 2, remove: 0, insert: 'a' })
  })

  test('equal texts differ in nothing', () => {
    expect(diffText('same', 'same')).toBeUndefined()
  })
})

describe('a position', () => {
  test.each([
    ['behind an insertion moves', 5, [{ retain: 2 }, { insert: 'abc' }], 8],
    ['before it stays', 1, [{ retain: 2 }, { insert: 'abc' }], 1],
    ['at its very place stays', 2, [{ retain: 2 }, { insert: 'abc' }], 2],
    ['behind a deletion moves back', 5, [{ retain: 1 }, { delete: 2 }], 3],
    ['inside a deletion goes to its start', 2, [{ retain: 1 }, { delete: 4 }], 1],
    ['counts an embedded object as one', 3, [{ insert: { image: 1 } }], 4],
  ])('%s', (_, index, delta, expected) => {
    expect(transformIndex(index, delta)).toBe(expected)
  })
})

function hasHalf(text: string): boolean {
  return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)
}
