import { expect, test } from 'vitest'
import { checksumOf, isSameChecksum, Lanes } from './checksum.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('a checksum is eight bytes that never change between versions', () => {
  expect(hex(checksumOf(Uint8Array.of()))).toBe('050c570713776230')
  expect(hex(checksumOf(Uint8Array.of(1, 5, 3)))).toBe('17c6e05b3e524726')
})

test('what differs in one bit, in its length or in its order has another checksum', () => {
  const sums = [[], [0], [0, 0], [1, 2], [2, 1], [1, 2, 0], [1, 3]].map((bytes) =>
    hex(checksumOf(Uint8Array.from(bytes))),
  )
  expect(new Set(sums).size).toBe(sums.length)
  expect(isSameChecksum(checksumOf(Uint8Array.of(1)), checksumOf(Uint8Array.of(1)))).toBe(true)
  expect(isSameChecksum(checksumOf(Uint8Array.of(1)), checksumOf(Uint8Array.of(2)))).toBe(false)
  expect(isSameChecksum(checksumOf(Uint8Array.of(1)), new Uint8Array(0))).toBe(false)
})

test('text is not the same as its letters one by one', () => {
  const [whole, parts] = [new Lanes(), new Lanes()]
  whole.text('ab')
  parts.text('a')
  parts.text('b')
  expect(hex(whole.bytes())).not.toBe(hex(parts.bytes()))
})
