import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillTemplate, packNumbers, templateOf, unpackNumbers } from './moved.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const hex = (packed: Uint8Array | undefined): string | undefined =>
  packed && Buffer.from(packed).toString('hex')

/** `json` again, out of the text of another state and its own numbers; `undefined` where its numbers cannot be packed. */
function again(template: string, json: string): string | undefined {
  const packed = packNumbers(bytes(json))
  const numbers = packed && unpackNumbers(packed)
  return numbers === undefined ? undefined : fillTemplate(templateOf(template), numbers)
}

describe('numbers in four bits a character', () => {
  test.each([
    ['{"x":0.5,"y":12}', '0a5e12'],
    ['{"x":0.5,"y":1}', '0a5e1f'],
    ['{"user":{"id":"u1","color":"#1e90ff"},"pointer":null}', ''],
    ['{"n":"7\\"8","a":[-1,2e+3,5e-7]}', 'b1e2dc3e5db7'],
    ['[true,false,null]', ''],
    ['0', '0f'],
  ])('[W40] golden: %s', (json, golden) => {
    expect(hex(packNumbers(bytes(json)))).toBe(golden)
    expect(again(json, json)).toBe(json)
  })

  test('[W40] a number with a capital E has no symbols: its state is told in full', () => {
    expect(packNumbers(bytes('{"x":1E5}'))).toBeUndefined()
    expect(packNumbers(bytes('{"x":1,"E":"E1"}'))).toBeDefined()
    // another state may still be put into its text
    expect(again('{"x":1E5}', '{"x":2}')).toBe('{"x":2}')
  })

  test('[W40] any JSON, however spaced, is the same byte for byte out of its text and its numbers', () => {
    const spaced = fc.tuple(fc.json(), fc.constantFrom(undefined, 1, '\t')).map(([json, space]) => {
      return JSON.stringify(JSON.parse(json), undefined, space)
    })
    fc.assert(
      fc.property(spaced, (json) => {
        expect(again(json, json)).toBe(json)
      }),
      { numRuns: 3_000 },
    )
  })

  test('[W40] a state is put together out of any other that differs in numbers only', () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())
    fc.assert(
      fc.property(fc.string(), number, number, number, number, (name, a, b, c, d) => {
        const state = (x: number, y: number): string =>
          JSON.stringify({ user: { name, 1: '-2' }, pointer: { x, y }, list: [x, [y]] })
        expect(again(state(a, b), state(c, d))).toBe(state(c, d))
      }),
    )
  })
})

describe('bytes that are no numbers', () => {
  test.each(['f1', '1ff1', '1f00', 'e1', '1e', '1ee2', 'aa', '01', 'b0b1', '1c2f', 'c1', '5d', '0a'])(
    '[W40] %s is refused',
    (packed) => {
      expect(unpackNumbers(Uint8Array.from(Buffer.from(packed, 'hex')))).toBeUndefined()
    },
  )

  test('[W40] whatever the bytes, what is put together is JSON or nothing', () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ maxLength: 12 }), (json, packed) => {
        const numbers = unpackNumbers(packed)
        const filled = numbers === undefined ? undefined : fillTemplate(templateOf(json), numbers)
        if (filled !== undefined) JSON.parse(filled)
      }),
      { numRuns: 3_000 },
    )
  })

  test('[W40] more or fewer numbers than a text has places for are refused', () => {
    const template = templateOf('{"x":1,"y":2}')
    expect(fillTemplate(template, '1')).toBeUndefined()
    expect(fillTemplate(template, '')).toBeUndefined()
    expect(fillTemplate(template, '1,2,3')).toBeUndefined()
    expect(fillTemplate(templateOf('{"x":"1"}'), '1')).toBeUndefined()
    expect(fillTemplate(template, '3,4')).toBe('{"x":3,"y":4}')
  })
})
