import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { encodeSketch, type StructSketch } from '../../../tests/support/room/hostile-update.ts'
import { writeTogether } from '../../../tests/support/room/random-document.ts'
import { seeds, SEEDS_FACTOR } from '../../../tests/support/seeds.ts'
import { MAX_CLOCK } from './byte-reader.ts'
import { ClientTable } from './client-table.ts'
import { MAX_DEPTH } from './json-text.ts'
import { Malformed } from './malformed.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

vi.setConfig({ testTimeout: 60_000 * SEEDS_FACTOR })

/** Scans in steps of `budget` bytes: the layout, or why the bytes are refused. */
function scanned(update: Uint8Array, budget = Infinity): UpdateLayout | string {
  const layout = new UpdateLayout()
  const scan = new UpdateScan(layout)
  try {
    scan.begin(update, new ClientTable())
    while (!scan.step(budget));
    return layout
  } catch (error) {
    if (error instanceof Malformed) return error.message
    throw error
  }
}

const TEXT: StructSketch = { kind: 'string', length: 1 }
const section = (structs: readonly StructSketch[], client = 5, clock = 0) => ({ client, clock, structs })
const one = (...structs: StructSketch[]): Uint8Array => encodeSketch({ sections: [section(structs)] })
const deleting = (...deletes: [number, [number, number][]][]): Uint8Array =>
  encodeSketch({ sections: [], deletes })

/** One section of one struct written by hand: first byte, then whatever follows. */
function byHand(info: number, write: (encoder: encoding.Encoder) => void = () => undefined): Uint8Array {
  return encoding.encode((encoder) => {
    for (const value of [1, 1, 5, 0, info]) encoding.writeVarUint(encoder, value)
    write(encoder)
    encoding.writeVarUint(encoder, 0)
  })
}

/** Content of a kind in the root `a`. */
function content(kind: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    for (const value of [1, 1, 5, 0, kind, 1]) encoding.writeVarUint(encoder, value)
    encoding.writeVarString(encoder, 'a')
    write(encoder)
    encoding.writeVarUint(encoder, 0)
  })
}

/** A value of nested arrays, `depth` levels. */
const nestedAny = (depth: number): Uint8Array =>
  content(8, (encoder) => {
    encoding.writeVarUint(encoder, 1)
    for (let i = 0; i < depth; i++) encoding.writeUint8Array(encoder, Uint8Array.of(117, 1))
    encoding.writeUint8(encoder, 126)
  })

const json = (text: string): Uint8Array => content(5, (encoder) => encoding.writeVarString(encoder, text))

test.each<[string, Uint8Array]>([
  ['no bytes at all', new Uint8Array()],
  ['bytes left over', Uint8Array.of(0, 0, 0)],
  ['a missing delete set', Uint8Array.of(0)],
  ['more sections than the bytes could hold', Uint8Array.of(9, 1, 5, 0, 0, 1, 0)],
  ['more structs than the bytes could hold', Uint8Array.of(1, 99, 5, 0, 0, 1, 0)],
  ['a section of 0 structs', Uint8Array.of(1, 0, 5, 0, 0, 0, 0)],
  ['a client section that comes twice', encodeSketch({ sections: [section([TEXT]), section([TEXT], 5, 1)] })],
  [
    'a client section that comes twice out of order',
    encodeSketch({ sections: [section([TEXT], 5), section([TEXT], 9), section([TEXT], 5, 1)] }),
  ],
  [
    'a collected struct with flags',
    byHand(0x80, (e) => [1, 1, 1].forEach((v) => encoding.writeVarUint(e, v))),
  ],
  ['a gap with flags', byHand(0x4a, (e) => [1, 1, 1].forEach((v) => encoding.writeVarUint(e, v)))],
  ['a collected struct of length 0', one({ kind: 'gc', length: 0 })],
  ['a gap of length 0', one({ kind: 'skip', length: 0 }, TEXT)],
  ['deleted content of length 0', one({ kind: 'deleted', length: 0 })],
  ['empty text', one({ kind: 'string', length: 0, text: '' })],
  ['no values', one({ kind: 'any', length: 0 })],
  ['an absurd length', one({ kind: 'gc', length: 2 ** 40 })],
  [
    'lengths that add up to an absurd clock',
    one({ kind: 'gc', length: MAX_CLOCK }, { kind: 'gc', length: 1 }),
  ],
  ['an absurd clock', encodeSketch({ sections: [section([TEXT], 5, 2 ** 33)] })],
  ['an origin at the own clock', one({ ...TEXT, origin: [5, 0] })],
  ['an origin in the own future', one(TEXT, { ...TEXT, origin: [5, 7] })],
  ['a right origin in the own future', one(TEXT, { ...TEXT, right: [5, 1] })],
  ['a parent in the own future', one(TEXT, { ...TEXT, parent: [5, 1] })],
  [
    'an unknown kind of parent',
    byHand(4, (e) => [2, 1, 0x61, 1, 0x61].forEach((v) => encoding.writeVarUint(e, v))),
  ],
  ['an unknown shared type', one({ kind: 'type', length: 1, type: 7 })],
  ['unknown content', content(11, () => undefined)],
  [
    'a sub-document',
    content(9, (e) => {
      encoding.writeVarString(e, 'guid')
      encoding.writeAny(e, {})
    }),
  ],
  ['text that is not UTF-8', content(4, (e) => encoding.writeVarUint8Array(e, Uint8Array.of(0xc0, 0x80)))],
  [
    'half a surrogate pair as UTF-8',
    content(4, (e) => encoding.writeVarUint8Array(e, Uint8Array.of(0xed, 0xa0, 0x80))),
  ],
  [
    'a map key that is not UTF-8',
    byHand(0x24, (e) => {
      encoding.writeVarUint(e, 1)
      encoding.writeVarString(e, 'a')
      encoding.writeVarUint8Array(e, Uint8Array.of(0xff))
      encoding.writeVarString(e, 'x')
    }),
  ],
  ['text longer than the bytes', content(4, (e) => encoding.writeVarUint(e, 99))],
  ['JSON that does not parse', json('{"a":')],
  ['the word undefined as an embed', json('undefined')],
  ['JSON deeper than 64', json('['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1))],
  ['a __proto__ key in JSON', json('{"__proto__":{"isAdmin":true}}')],
  [
    'a __proto__ key in a value',
    content(8, (e) => {
      encoding.writeVarUint(e, 1)
      encoding.writeUint8Array(e, Uint8Array.of(118, 1))
      encoding.writeVarString(e, '__proto__')
      encoding.writeAny(e, 1)
    }),
  ],
  ['a value deeper than 64', nestedAny(MAX_DEPTH + 1)],
  ['an unknown kind of value', content(8, (e) => encoding.writeUint8Array(e, Uint8Array.of(1, 115)))],
  ['a number longer than it needs to be', Uint8Array.of(0x80, 0x00, 0)],
  ['an empty delete range', deleting([5, [[0, 0]]])],
  [
    'delete ranges out of order',
    deleting([
      5,
      [
        [4, 1],
        [0, 1],
      ],
    ]),
  ],
  [
    'overlapping delete ranges',
    deleting([
      5,
      [
        [0, 3],
        [2, 2],
      ],
    ]),
  ],
  ['a client twice in the delete set', deleting([5, [[0, 1]]], [5, [[3, 1]]])],
  ['a client without delete ranges', deleting([5, []])],
  ['a delete range with an absurd end', deleting([5, [[MAX_CLOCK, 1]]])],
  ['more delete ranges than the bytes could hold', Uint8Array.of(0, 1, 5, 99, 0, 1)],
])('[I3] %s is refused', (_, update) => {
  expect(scanned(update)).toBeTypeOf('string')
  expect(scanned(update, 1)).toBeTypeOf('string')
})

test.each<[string, Uint8Array]>([
  ['a gap', one({ kind: 'skip', length: 3 }, TEXT)],
  [
    'touching delete ranges',
    deleting([
      5,
      [
        [0, 2],
        [2, 2],
      ],
    ]),
  ],
  [
    'clients in any order',
    encodeSketch({ sections: [section([TEXT], 5), section([TEXT], 9), section([TEXT], 7)] }),
  ],
  ['clientIDs of 53 bits', encodeSketch({ sections: [section([TEXT], Number.MAX_SAFE_INTEGER)] })],
  ['JSON of 64 levels', json('['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH))],
  ['a value of 64 levels', nestedAny(MAX_DEPTH)],
  ['an inherited key bit', one(TEXT, { ...TEXT, origin: [5, 0], key: 'k' })],
])('%s is read', (_, update) => {
  expect(scanned(update)).toBeInstanceOf(UpdateLayout)
})

test('every struct stands where Yjs reads it, whatever the steps', () => {
  for (const seed of seeds(20)) {
    const random = new Random(seed)
    const { docs, updates } = writeTogether(random, { edits: 40, mayCutPairs: true })
    for (const doc of docs) updates.push(Y.encodeStateAsUpdate(doc))
    for (const update of updates) {
      const layout = scanned(update, random.between(1, 200))
      if (typeof layout === 'string') expect.fail(`seed ${seed}: ${layout}`)
      const read: [number, number, number][] = []
      for (let s = 0; s < layout.sections; s++) {
        let clock = layout.clock[s] ?? 0
        for (let i = layout.first[s] ?? 0; i < (layout.first[s + 1] ?? 0); i++) {
          read.push([layout.client[s] ?? 0, clock, layout.length[i] ?? 0])
          clock += layout.length[i] ?? 0
        }
        if (clock !== layout.endClock[s]) expect.fail(`seed ${seed}: a section ends elsewhere`)
      }
      const { structs } = Y.decodeUpdate(update)
      expect(read, `seed ${seed}`).toEqual(structs.map(({ id, length }) => [id.client, id.clock, length]))
    }
  }
})

test('[I3] any bytes are read or refused, never a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      scanned(bytes)
    }),
    { numRuns: 3_000 * SEEDS_FACTOR },
  )
})
