import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { ByteWriter } from './byte-writer.ts'
import { ClientTable } from './client-table.ts'
import { writeSliced } from './slicing.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

const CLIENT = 3_000_000_001

/** The last struct of an update's only section, cut `offset` units behind its first, as an update of its own. */
function cutLast(update: Uint8Array, offset: number): Uint8Array {
  const layout = new UpdateLayout()
  const scan = new UpdateScan(layout)
  scan.begin(update, new ClientTable())
  scan.step(Infinity)
  const last = layout.structs - 1
  const end = layout.endClock[0] ?? 0
  const clock = end - (layout.length[last] ?? 0)
  const writer = new ByteWriter(0)
  for (const value of [1, 1, CLIENT, clock + offset]) writer.varUint(value)
  writeSliced(writer, update, layout.at[last] ?? 0, layout.structEnd(0, last), CLIENT, clock, offset)
  writer.varUint(0)
  return writer.finish()
}

function written(write: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = CLIENT
  write(doc)
  return Y.encodeStateAsUpdate(doc)
}

/** An update of one struct that no current Yjs writes: kind, own flags, then content. */
function single(info: number, ...content: number[]): Uint8Array {
  const writer = new ByteWriter(0)
  for (const value of [1, 1, CLIENT, 0]) writer.varUint(value)
  for (const byte of [info, ...content, 0]) writer.byte(byte)
  return writer.finish()
}

const IN_ROOT_A = [1, 1, 0x61]

test.each([
  ['text with pairs', written((doc) => doc.getText('a').insert(0, 'aé漢🙂b👩‍👩‍👧c'))],
  [
    'text with a right origin',
    written((doc) => {
      doc.getText('a').insert(0, 'z')
      doc.getText('a').insert(0, 'hello 🙂')
    }),
  ],
  [
    'values',
    written((doc) =>
      doc
        .getArray('a')
        .insert(0, [1, 'ü', { a: [null, 1.5], b: new Uint8Array([9]), c: -7n }, [undefined], 1e300, true]),
    ),
  ],
  [
    'values inside a type',
    written((doc) => {
      const inner = new Y.Array<unknown>()
      doc.getMap('a').set('k', inner)
      inner.insert(0, [1, 2, 3])
    }),
  ],
  ['collected structs', single(0, 9)],
  ['deleted content', single(1, ...IN_ROOT_A, 9)],
  ['a deleted map entry with a key of its own', single(1 | 0x20, ...IN_ROOT_A, 1, 0x6b, 9)],
  [
    'JSON values',
    single(2, ...IN_ROOT_A, 3, 1, 0x31, 9, ...new TextEncoder().encode('undefined'), 2, 0x5b, 0x5d),
  ],
])('%s are cut at every unit as Yjs cuts them', (_, update) => {
  const { structs } = Y.decodeUpdate(update)
  const last = structs.at(-1)
  if (last === undefined) throw new Error('the update holds a struct')
  for (let offset = 1; offset < last.length; offset++) {
    const vector = Y.encodeStateVector(new Map([[CLIENT, last.id.clock + offset]]))
    const expected = Y.diffUpdate(update, vector)
    expect([...cutLast(update, offset)], `offset ${offset}`).toEqual([...expected.subarray(0, -1), 0])
  }
})
