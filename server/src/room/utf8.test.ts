import { expect, test, vi } from 'vitest'
import { Random } from '../../../tests/support/random.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { byteOfUnit, INVALID_UTF8, utf16Length } from './utf8.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What Yjs' own decoder makes of the bytes. */
function reference(bytes: Uint8Array): number {
  try {
    return strict.decode(bytes).length
  } catch (error) {
    if (error instanceof TypeError) return INVALID_UTF8
    throw error
  }
}

/** Bytes around every boundary of the encoding, so that random strings are often valid. */
const TRICKY = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0,
  0xf1, 0xf4, 0xf5, 0xff,
]

test('text counts as many units as a strict decoder finds, and is invalid where that one throws', () => {
  for (const seed of seeds(1)) {
    const random = new Random(seed)
    let valid = 0
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: random.int(9) }, () => random.pick(TRICKY) ?? 0)
      const units = utf16Length(bytes, 0, bytes.length)
      if (units !== reference(bytes)) expect.fail(`seed ${seed}: ${bytes.join()}`)
      if (units > 0) valid++
    }
    expect(valid).toBeGreaterThan(100)
  }
})

test('a unit is found at its byte, and half a pair behind the pair', () => {
  const text = 'aé漢🙂b👩‍👩‍👧c'
  const bytes = new TextEncoder().encode(text)
  for (let unit = 0; unit <= text.length; unit++) {
    const code = text.charCodeAt(unit)
    const isSecondHalf = code >= 0xdc00 && code <= 0xdfff
    const expected = new TextEncoder().encode(text.slice(0, isSecondHalf ? unit + 1 : unit)).length
    expect(byteOfUnit(bytes, 0, unit)).toBe(isSecondHalf ? -expected : expected)
  }
})
