import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSameButNumbers } from './room-presence-alike.ts'

const utf8 = new TextEncoder()
const alike = (known: string, said: string): boolean =>
  isSameButNumbers(utf8.encode(known), utf8.encode(said))

test.each([
  ['{"x":0.5,"y":1}', '{"x":0.25,"y":-3e5}'],
  ['{"x":0}', '{"x":-0.0}'],
  ['[1,2]', '[1,2]'],
  ['"a\\"1"', '"a\\"1"'],
  ['7', '0'],
])('%s and %s differ in numbers only', (known, said) => {
  expect(alike(known, said)).toBe(true)
})

test.each([
  ['{"x":0.5}', '{"x":00.5}'],
  ['{"x":0.5}', '{"x":.5}'],
  ['{"x":0.5}', '{"x":5.}'],
  ['{"x":0.5}', '{"x":1e}'],
  ['{"x":0.5}', '{"x":+1}'],
  ['{"x":0.5}', '{"x":0x1}'],
  ['{"x":0.5}', '{"x":0.5'],
  ['{"x":0.5}', '{"x":0.5}}'],
  ['{"x":0.5}', '{"x":null}'],
  ['{"x":0.5}', '{"x":"0.5"}'],
  ['{"id":"u1"}', '{"id":"u2"}'],
  ['{"id":"\\"1"}', '{"id":"\\"2"}'],
  ['{"id":"\\\\","x":1}', '{"id":"\\\\","x":"}'],
  ['', '1'],
  ['1', ''],
  ['-1', '-'],
])('%s and %s differ in more, or the second is no JSON', (known, said) => {
  expect(alike(known, said)).toBe(false)
})

const EDITS = Array.from('0123456789.-+eE"\\ {}x')

/** Everything but numbers. */
function withoutNumbers(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'number' ? 0 : inner)))
}

test('[I3] whatever is taken for the same is valid JSON that says the same in all but numbers', () => {
  fc.assert(
    fc.property(fc.json(), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...EDITS))), (known, edits) => {
      let said = known
      for (const [place, character] of edits) {
        const at = place % (said.length + 1)
        said = said.slice(0, at) + character + said.slice(at + (place % 2))
      }
      if (!alike(known, said)) return
      expect(withoutNumbers(JSON.parse(said))).toEqual(withoutNumbers(JSON.parse(known)))
    }),
    { numRuns: 2_000 },
  )
})

test('every move of a pointer is taken for the same', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (x, y) => {
        const state = (at: number): string =>
          JSON.stringify({ user: { id: 'u1', name: 'Ä "1"' }, pointer: { x: at, y: at } })
        expect(alike(state(x), state(y))).toBe(true)
      },
    ),
  )
})
