import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeStateVector, parseStateVector } from './state-vector.ts'

const entries = fc.uniqueArray(fc.tuple(fc.maxSafeInteger().map(Math.abs), fc.nat()), {
  selector: ([client]) => client,
})

test('a state vector is read as Yjs reads it', () => {
  fc.assert(
    fc.property(entries, (list) => {
      expect(parseStateVector(Y.encodeStateVector(new Map(list)))).toEqual(new Map(list))
    }),
  )
})

test('a state vector is written as Yjs writes it', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const records = list.map(([client, clock]) => ({ client, clock })).sort((a, b) => b.client - a.client)
      expect([...encodeStateVector(records)]).toEqual([...Y.encodeStateVector(new Map(list))])
    }),
  )
})

test('[I3] any bytes are a state vector or refused, never a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const vector = parseStateVector(bytes)
      if (vector !== undefined) expect(vector).toEqual(Y.decodeStateVector(bytes))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['no bytes', []],
  ['a count without entries', [3]],
  ['an absurd count', [0xff, 0xff, 0xff, 0x7f]],
  ['bytes left over', [1, 1, 1, 0]],
])('%s are refused', (_, bytes) => {
  expect(parseStateVector(Uint8Array.from(bytes))).toBeUndefined()
})
