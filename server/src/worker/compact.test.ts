import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { compact } from './compact.js'
import { digestOf } from './digest.js'

function docWith(change: (doc: Y.Doc) => void): Y.Doc {
  const doc = new Y.Doc()
  change(doc)
  return doc
}

describe('compacting a document', () => {
  test('the snapshot holds what the update holds, and says so in its state vector', () => {
    const doc = docWith((d) => {
      d.getText('note').insert(0, 'hello world')
      d.getText('note').delete(0, 6)
      d.getMap('cards').set('a', new Y.Map([['order', 'a0']]))
      d.getArray('chat').push([{ id: '1', text: 'hi' }])
    })
    const result = compact(Y.encodeStateAsUpdate(doc))
    const copy = new Y.Doc()
    Y.applyUpdate(copy, result.snapshot)
    expect(copy.getText('note').toJSON()).toBe('world')
    expect(copy.getMap('cards').toJSON()).toEqual({ a: { order: 'a0' } })
    expect(copy.getArray('chat').toJSON()).toEqual([{ id: '1', text: 'hi' }])
    expect(result.stateVector).toEqual(Y.encodeStateVector(doc))
    expect(result.title).toBeUndefined()
  })

  test('the title is read from meta where it is a string', () => {
    const titled = docWith((d) => d.getMap('meta').set('title', 'Design review'))
    expect(compact(Y.encodeStateAsUpdate(titled)).title).toBe('Design review')
    const other = docWith((d) => d.getMap('meta').set('title', 7))
    expect(compact(Y.encodeStateAsUpdate(other)).title).toBeUndefined()
  })

  test('format marks that overlap survive: no typed root is made before everything is applied', () => {
    const a = new Y.Doc()
    const b = new Y.Doc()
    a.getText('note').insert(0, 'bold words')
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
    a.getText('note').format(0, 6, { bold: true })
    b.getText('note').format(3, 7, { bold: true })
    const merged = Y.mergeUpdates([Y.encodeStateAsUpdate(a), Y.encodeStateAsUpdate(b)])
    const plain = new Y.Doc()
    Y.applyUpdate(plain, merged)
    const { snapshot } = compact(merged)
    // the clean-up would have deleted marks, and that would stand in the delete set
    expect(snapshot).toEqual(Y.encodeStateAsUpdate(plain))
    expect(Y.decodeUpdate(snapshot).ds.clients.size).toBe(0)
  })

  test('an update that refers to what it does not hold is refused', () => {
    const doc = new Y.Doc()
    const updates: Uint8Array[] = []
    doc.on('update', (update) => updates.push(update))
    doc.getText('note').insert(0, 'a')
    doc.getText('note').insert(1, 'b')
    expect(() => compact(updates[1] ?? new Uint8Array())).toThrow('does not load completely')
  })

  test('bytes that are no update are refused', () => {
    expect(() => compact(Uint8Array.of(1, 1, 200))).toThrow()
  })
})

describe('the digest of what is visible', () => {
  test('it is the same in every replica, however the structs are split, merged or collected', () => {
    const a = docWith((d) => {
      for (const letter of 'typed letter by letter')
        d.getText('note').insert(d.getText('note').length, letter)
      d.getText('note').delete(3, 4)
      d.getText('note').format(0, 3, { bold: true })
      d.getMap('cards').set('x', new Y.Map([['pos', [1, 2]]]))
      d.getMap('cards').set('y', 1)
      d.getMap('cards').delete('y')
    })
    const once = new Y.Doc({ gc: false })
    Y.applyUpdate(once, Y.encodeStateAsUpdate(a))
    const twice = new Y.Doc()
    Y.applyUpdate(twice, Y.encodeStateAsUpdate(once))
    expect(digestOf(once)).toEqual(digestOf(a))
    expect(digestOf(twice)).toEqual(digestOf(a))
  })

  test.each([
    ['a letter', (d: Y.Doc) => d.getText('note').insert(1, 'x')],
    ['a deletion', (d: Y.Doc) => d.getText('note').delete(1, 1)],
    ['a format', (d: Y.Doc) => d.getText('note').format(0, 1, { bold: true })],
    ['a map value', (d: Y.Doc) => d.getMap('cards').set('x', { a: 2 })],
    ['a list entry', (d: Y.Doc) => d.getArray('chat').push([null])],
  ])('%s changes it', (_what, change) => {
    const doc = docWith((d) => d.getText('note').insert(0, 'abc'))
    const before = digestOf(doc)
    change(doc)
    expect(digestOf(doc)).not.toEqual(before)
  })

  test('a root that only has a name shows nothing', () => {
    const doc = docWith((d) => d.getText('note').insert(0, 'abc'))
    const before = digestOf(doc)
    doc.getMap('untouched')
    expect(digestOf(doc)).toEqual(before)
  })
})
