import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { Random } from '../../../tests/support/random.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { checkJson, MAX_DEPTH } from './json-text.ts'
import { Malformed } from './malformed.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

function isAccepted(text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  try {
    checkJson(bytes, 0, bytes.length)
    return true
  } catch (error) {
    if (error instanceof Malformed) return false
    throw error
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

test('whatever JSON.stringify writes is accepted', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      fc.pre(!text.includes('__proto__'))
      expect(isAccepted(text)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"a"',
  '"\\u00e9"',
  '"\\',
  '"',
  '0',
  '-',
  '1.5',
  'e3',
  'E-1',
  '.',
  '01',
  'true',
  'null',
  'nul',
  ' ',
  '\t',
  '\u0001',
  '\ufeff',
  '{"a":1}',
  '[1,2]',
]

test('any tokens are accepted exactly where JSON.parse accepts them', () => {
  for (const seed of seeds(1)) {
    const random = new Random(seed)
    let accepted = 0
    for (let round = 0; round < 20_000; round++) {
      let text = ''
      for (let i = random.between(0, 7); i > 0; i--) text += random.pick(TOKENS) ?? ''
      const isJson = parses(text)
      if (isAccepted(text) !== isJson) expect.fail(`seed ${seed}: ${text}`)
      if (isJson) accepted++
    }
    expect(accepted).toBeGreaterThan(100)
  }
})

test('64 levels are accepted and 65 are not', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  expect(isAccepted(nested(MAX_DEPTH))).toBe(true)
  expect(isAccepted(nested(MAX_DEPTH + 1))).toBe(false)
})

test.each([
  '{"__proto__":1}',
  '[{"a":{"__proto__":{}}}]',
  '{"\\u005f_proto__":1}',
  '{"a":1, "__proto__" :1}',
])('a __proto__ key is refused: %s', (text) => {
  expect(parses(text)).toBe(true)
  expect(isAccepted(text)).toBe(false)
})

test('the word __proto__ as a value is accepted', () => {
  expect(isAccepted('["__proto__", {"a": "__proto__"}]')).toBe(true)
})
