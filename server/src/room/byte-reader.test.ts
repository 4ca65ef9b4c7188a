import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, MAX_CLOCK } from './byte-reader.ts'
import { Malformed } from './malformed.ts'

function readerOf(bytes: Uint8Array): ByteReader {
  const reader = new ByteReader()
  reader.load(bytes, 0, bytes.length)
  return reader
}

const safe = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.nat(MAX_CLOCK))

test('every number lib0 writes is read back', () => {
  fc.assert(
    fc.property(safe, (value) => {
      const bytes = encoding.encode((encoder) => encoding.writeVarUint(encoder, value))
      const reader = readerOf(bytes)
      expect(reader.varUint()).toBe(value)
      expect(reader.at).toBe(bytes.length)
    }),
  )
})

test('any bytes are the shortest form of a number or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 11 }), (bytes) => {
      const reader = readerOf(bytes)
      let value: number
      try {
        value = reader.varUint()
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed)
        return
      }
      const shortest = encoding.encode((encoder) => encoding.writeVarUint(encoder, value))
      expect([...bytes.subarray(0, reader.at)]).toEqual([...shortest])
    }),
    { numRuns: 2_000 },
  )
})

test('every signed number lib0 writes is passed whole', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -300, max: 300 }), fc.constant(-0)),
      (value) => {
        const bytes = encoding.encode((encoder) => encoding.writeVarInt(encoder, value))
        const reader = readerOf(bytes)
        reader.skipVarInt()
        expect(reader.at).toBe(bytes.length)
      },
    ),
  )
})

test('any bytes passed as a signed number read the same in lib0', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 11 }), (bytes) => {
      const reader = readerOf(bytes)
      try {
        reader.skipVarInt()
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed)
        return
      }
      const decoder = decoding.createDecoder(bytes)
      decoding.readVarInt(decoder)
      expect(reader.at).toBe(decoder.pos)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a number longer than its value needs', [0x80, 0x00]],
  ['a number above 2^53', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ['a number without end', [0xff, 0xff, 0xff]],
  ['nothing', []],
])('%s is refused', (_, bytes) => {
  expect(() => readerOf(Uint8Array.from(bytes)).varUint()).toThrow(Malformed)
})

test('a clock above the largest is refused', () => {
  const bytes = encoding.encode((encoder) => encoding.writeVarUint(encoder, MAX_CLOCK + 1))
  expect(() => readerOf(bytes).clock()).toThrow(Malformed)
})

test('text longer than the bytes is refused', () => {
  expect(() => readerOf(Uint8Array.from([5, 0x61])).text()).toThrow(Malformed)
})
