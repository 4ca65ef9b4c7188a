import {
  encodeFragments,
  MAX_FRAGMENTED_BYTES,
  MAX_FRAGMENTS,
  decodeMessage,
  type Fragment,
} from '@roomful/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fragments } from './fragments.ts'

/** `bytes` cut at random places. */
const cut = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 20 })
  .map((slices): { whole: Uint8Array; fragments: Fragment[] } => {
    const whole = Uint8Array.from(slices.flatMap((slice) => [...slice]))
    const count = slices.length
    return {
      whole,
      fragments: slices.map((slice, index) => ({ index, count, totalBytes: whole.length, slice })),
    }
  })

const part = (over: Partial<Fragment>): Fragment => ({
  index: 0,
  count: 2,
  totalBytes: 4,
  slice: Uint8Array.of(1, 2),
  ...over,
})

describe('fragments', () => {
  test('[W32] however a message was cut, it is put together byte for byte, and progress only grows', () => {
    fc.assert(
      fc.property(cut, cut, (...messages) => {
        const assembly = new Fragments()
        for (const { whole, fragments } of messages) {
          let before = 0
          for (const fragment of fragments) {
            const message = assembly.add(fragment)
            const isLast = fragment.index === fragments.length - 1
            expect(message === undefined).toBe(!isLast)
            if (isLast) expect(message).toEqual(whole)
            const received = assembly.progress?.receivedBytes
            if (isLast) expect(received).toBeUndefined()
            else expect(received).toBeGreaterThan(before)
            before = received ?? 0
          }
        }
      }),
    )
  })

  test('[W32] what the server cuts is what the client puts together', () => {
    const message = new Uint8Array(700_000).map((_none, at) => at % 251)
    const assembly = new Fragments()
    const results = encodeFragments(message).map((frame) => {
      const fragment = decodeMessage(frame)
      if (fragment?.type !== 'fragment') throw new Error('no fragment')
      return assembly.add(fragment)
    })
    expect(results.length).toBe(6)
    expect(Buffer.compare(results.at(-1) ?? Buffer.alloc(0), message)).toBe(0)
  })

  test.each<[string, Fragment[]]>([
    ['begin in the middle', [part({ index: 1 })]],
    ['skip one', [part({ count: 3 }), part({ count: 3, index: 2 })]],
    ['come twice', [part({}), part({})]],
    ['change their count', [part({}), part({ index: 1, count: 3 })]],
    ['change their total', [part({}), part({ index: 1, totalBytes: 5 })]],
    ['are empty', [part({ slice: new Uint8Array(0) })]],
    ['bring more than announced', [part({}), part({ index: 1, slice: new Uint8Array(3) })]],
    ['bring less than announced', [part({}), part({ index: 1, slice: new Uint8Array(1) })]],
    ['bring all before the last', [part({ slice: new Uint8Array(4) })]],
    ['are none at all', [part({ count: 0 })]],
    ['are too many', [part({ count: MAX_FRAGMENTS + 1, totalBytes: MAX_FRAGMENTS * 4 })]],
    ['announce too much', [part({ totalBytes: MAX_FRAGMENTED_BYTES + 1 })]],
  ])('[W32] fragments that %s are refused', (_what, fragments) => {
    const assembly = new Fragments()
    expect(() => fragments.map((fragment) => assembly.add(fragment))).toThrow(RangeError)
  })

  test('a new connection begins anew', () => {
    const assembly = new Fragments()
    assembly.add(part({}))
    assembly.reset()
    expect(assembly.progress).toBeUndefined()
    expect(assembly.add(part({}))).toBeUndefined()
    expect(assembly.add(part({ index: 1 }))?.length).toBe(4)
  })
})
