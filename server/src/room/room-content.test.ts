import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomContent } from './room-content.ts'

test('a cold joiner holds what was typed', async () => {
  const content = await RoomContent.open(undefined)
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => {
    expect(content.admit(update)).toMatchObject({ kind: 'append', update })
  })
  const text = doc.getText('note')
  for (let i = 0; i < 200; i++) text.insert(i % 7 ? text.length : 0, 'x😀')
  text.delete(3, 50)
  const joiner = new Y.Doc()
  Y.applyUpdate(joiner, content.answer(new Uint8Array([0])) ?? new Uint8Array())
  expect(joiner.getText('note').toJSON()).toBe(text.toJSON())
  expect(content.encodeStateVector()).toEqual(Y.encodeStateVector(doc))
  expect(content.admit(Y.encodeStateAsUpdate(doc))).toMatchObject({ kind: 'known', missing: undefined })
})

test('a snapshot replaces base and tail', async () => {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, 'hello')
  const content = await RoomContent.open(Y.encodeStateAsUpdate(doc))
  doc.on('update', (update: Uint8Array) => content.admit(update))
  doc.getText('note').insert(5, ' world')
  doc.getText('note').delete(0, 2)
  const frozen = content.freeze()
  doc.getText('note').insert(0, '!')
  const fresh = new Y.Doc()
  Y.applyUpdate(fresh, frozen.update)
  expect(await content.rebase(Y.encodeStateAsUpdate(fresh), frozen)).toBeUndefined()
  expect(content.tailCount).toBe(1)
  const joiner = new Y.Doc()
  Y.applyUpdate(joiner, content.answer(new Uint8Array([0])) ?? new Uint8Array())
  expect(joiner.getText('note').toJSON()).toBe('!llo world')
})
