import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { Random } from '../../../tests/support/random.ts'
import { encodeSketch, type StructSketch } from '../../../tests/support/room/hostile-update.ts'
import { writeTogether } from '../../../tests/support/room/random-document.ts'
import { seeds } from '../../../tests/support/seeds.ts'
import { isSameUnits } from './compare-units.ts'
import { RoomContent } from './room-content.ts'

const CLIENT = 9

function told(...structs: StructSketch[]): Uint8Array {
  return encodeSketch({ sections: [{ client: CLIENT, clock: 0, structs }] })
}

const same = (stored: Uint8Array, claimed: Uint8Array, to = 6): boolean =>
  isSameUnits({ client: CLIENT, from: 0, to, stored, claimed })

const text = (of: string, more: Partial<StructSketch> = {}): StructSketch => ({
  kind: 'string',
  length: of.length,
  text: of,
  ...more,
})
const HELLO = told(text('hello'))

test.each<[string, Uint8Array]>([
  ['the same', HELLO],
  ['the same, split', told(text('he'), text('llo', { origin: [CLIENT, 1] }))],
  ['deleted by now', told({ kind: 'deleted', length: 5 })],
  ['collected by now', told({ kind: 'gc', length: 5 })],
  ['cut inside a pair', told(text('he\ufffdlo'))],
  ['shorter', told(text('he'))],
])('%s: no theft', (_what, claimed) => {
  expect(same(HELLO, claimed)).toBe(true)
  expect(same(claimed, HELLO)).toBe(true)
})

test.each<[string, Uint8Array]>([
  ['other text', told(text('hallo'))],
  ['another place', told(text('hello', { right: [7, 3] }))],
  ['another place from the second unit on', told(text('h'), text('ello', { origin: [7, 0] }))],
  ['another kind of content', told({ kind: 'any', length: 5 })],
])('%s: somebody else wrote it', (_what, claimed) => {
  expect(same(HELLO, claimed)).toBe(false)
})

test('values are compared by what they hold', () => {
  const valued = (value: unknown): Uint8Array => {
    const doc = new Y.Doc()
    doc.clientID = CLIENT
    doc.getArray<unknown>('chat').push([{ a: [1, value] }])
    return Y.encodeStateAsUpdate(doc)
  }
  expect(same(valued('x'), valued('x'))).toBe(true)
  expect(same(valued('x'), valued('y'))).toBe(false)
})

test('types are compared by their kind, and elements by their name, without a word on the console', () => {
  const typed = (type: unknown): Uint8Array => {
    const doc = new Y.Doc()
    doc.clientID = CLIENT
    doc.getArray<unknown>('chat').push([type])
    return Y.encodeStateAsUpdate(doc)
  }
  const warn = vi.spyOn(console, 'warn')
  expect(same(typed(new Y.Map()), typed(new Y.Map()))).toBe(true)
  expect(same(typed(new Y.Text()), typed(new Y.XmlFragment()))).toBe(false)
  expect(same(typed(new Y.XmlElement('p')), typed(new Y.XmlElement('h1')))).toBe(false)
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})

test('whatever honest people have, split and merged and deleted as it is, the room tells the same', async () => {
  for (const seed of seeds(15)) {
    const { docs, updates } = writeTogether(new Random(seed))
    const content = await RoomContent.open(undefined)
    for (const update of updates) content.admit(update)
    for (const doc of docs) {
      const claimed = Y.encodeStateAsUpdate(doc)
      for (const client of doc.store.clients.keys()) {
        const units = {
          client,
          from: 0,
          to: content.clock(client),
          stored: content.unitsOf(client, 0),
          claimed,
        }
        expect(isSameUnits(units), `seed ${seed}, client ${client}`).toBe(true)
      }
    }
  }
})
