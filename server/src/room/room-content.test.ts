import { describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { readUpdate } from './read-update.ts'
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

describe('a snapshot', () => {
  const NUMBERS = Array.from({ length: 600_000 }, (_none, i) => i % 60)

  const opened = async (doc: Y.Doc) => {
    const snapshot = Y.encodeStateAsUpdate(doc)
    const readElsewhere = vi.fn(async (update: Uint8Array) => readUpdate(update, Infinity))
    const content = await RoomContent.open(snapshot, undefined, undefined, readElsewhere)
    return { snapshot, content, readElsewhere }
  }

  const values: Record<string, (doc: Y.Doc) => void> = {
    'numbers of a plain value': (doc) => doc.getMap('map').set('long', NUMBERS),
    'an embed': (doc) => doc.getText('note').insertEmbed(0, { NUMBERS }),
    'a text': (doc) => doc.getText('note').insert(0, 'é'.repeat(600_000)),
    bytes: (doc) => doc.getMap('map').set('long', new Uint8Array(600_000)),
  }

  const shown = (doc: Y.Doc): string =>
    JSON.stringify([doc.getText('note').toDelta(), doc.getMap('map').toJSON()])

  test.each(Object.keys(values))('[I3] with %s too long for one turn is read elsewhere', async (kind) => {
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'before')
    values[kind]?.(doc)
    doc.getText('note').insert(0, 'behind')
    const { snapshot, content, readElsewhere } = await opened(doc)
    expect(readElsewhere).toHaveBeenCalledTimes(1)
    expect(readElsewhere.mock.lastCall?.[0]).toBe(snapshot)
    const joiner = new Y.Doc()
    Y.applyUpdate(joiner, content.answer(Uint8Array.of(0)) ?? Uint8Array.of(0, 0))
    // as texts: comparing numbers one by one takes seconds
    expect(shown(joiner) === shown(doc)).toBe(true)
    const frozen = content.freeze()
    await content.rebase(frozen.update, frozen, undefined, readElsewhere)
    expect(readElsewhere).toHaveBeenCalledTimes(2)
  })

  test('[I3] as long, of many small things, is read here, with pauses', async () => {
    const doc = new Y.Doc()
    doc.transact(() => {
      for (let i = 0; i < 30_000; i++) doc.getText('note').insert(i % 2 ? 0 : i, 'many small things')
    })
    const { snapshot, content, readElsewhere } = await opened(doc)
    expect(snapshot.length).toBeGreaterThan(600_000)
    expect(readElsewhere).not.toHaveBeenCalled()
    expect(content.encodeStateVector()).toEqual(Y.encodeStateVector(doc))
  })

  test('that cannot be read elsewhere now is read here', async () => {
    const doc = new Y.Doc()
    doc.getMap('map').set('long', NUMBERS)
    const readElsewhere = vi.fn(() => Promise.reject(new Error('the thread ended')))
    const content = await RoomContent.open(Y.encodeStateAsUpdate(doc), undefined, undefined, readElsewhere)
    expect(readElsewhere).toHaveBeenCalledTimes(1)
    expect(content.encodeStateVector()).toEqual(Y.encodeStateVector(doc))
  })

  test('that is no update is refused wherever it was read', async () => {
    const doc = new Y.Doc()
    doc.getMap('map').set('long', NUMBERS)
    const snapshot = Y.encodeStateAsUpdate(doc)
    // the last of the numbers is of a kind that does not exist
    const broken = snapshot.slice()
    broken[broken.length - 3] = 1
    const readElsewhere = async (update: Uint8Array) => readUpdate(update, Infinity)
    for (const read of [undefined, readElsewhere])
      await expect(RoomContent.open(broken, undefined, undefined, read)).rejects.toThrow('cannot be read')
  })
})
