import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  BOARD,
  CARD_COLORS,
  MAX_MESSAGE_LENGTH,
  parseCard,
  parseChatMessage,
  roomDoc,
  ROOTS,
  type ChatMessage,
} from './room-doc.ts'

const message: ChatMessage = {
  id: 'm1',
  userId: 'u1',
  name: 'Swift Otter',
  color: '#007fa1',
  text: 'hello',
  sentAt: 1_795_329_600_000,
}

/** A card in a document of its own: types have values only there. */
function cardWith(fields: Record<string, unknown>): Y.Map<unknown> {
  const map = new Y.Map<unknown>()
  new Y.Doc().getMap<unknown>(ROOTS.cards).set('c1', map)
  const all = {
    pos: [10, 20],
    size: [200, 120],
    text: new Y.Text('note'),
    color: 'mint',
    order: 'a0',
    createdBy: 'u1',
  }
  for (const [key, value] of Object.entries({ ...all, ...fields }))
    if (value !== undefined) map.set(key, value)
  return map
}

describe('the room document', () => {
  test('the roots and the board are frozen: documents in the field have them', () => {
    expect(ROOTS).toEqual({ chat: 'chat', cards: 'cards', note: 'note', meta: 'meta' })
    expect(BOARD).toEqual({ width: 4_000, height: 2_500 })
    expect(CARD_COLORS).toEqual(['sand', 'rose', 'mint', 'sky', 'lilac', 'paper'])
  })

  test('asking for the roots writes nothing', () => {
    const doc = new Y.Doc()
    const roots = roomDoc(doc)
    expect(Y.encodeStateAsUpdate(doc)).toEqual(Uint8Array.of(0, 0))
    expect(roots.chat).toBe(doc.getArray('chat'))
    expect(roots.cards).toBe(doc.getMap('cards'))
    expect(roots.note).toBe(doc.getText('note'))
    expect(roots.meta).toBe(doc.getMap('meta'))
  })
})

describe('parseChatMessage', () => {
  test('a message comes back as it was written, edited or not', () => {
    expect(parseChatMessage(message)).toEqual(message)
    expect(parseChatMessage({ ...message, editedAt: 2 })).toEqual({ ...message, editedAt: 2 })
  })

  test.each([
    ['no text', { text: '' }],
    ['text one unit too long', { text: 'x'.repeat(MAX_MESSAGE_LENGTH + 1) }],
    ['no id', { id: '' }],
    ['no author', { userId: undefined }],
    ['a time that is none', { sentAt: Number.NaN }],
    ['text that is no string', { text: { length: 1 } }],
  ])('%s: no message', (_what, wrong) => {
    expect(parseChatMessage({ ...message, ...wrong })).toBeUndefined()
  })

  test('the longest text is a message', () => {
    expect(parseChatMessage({ ...message, text: 'x'.repeat(MAX_MESSAGE_LENGTH) })).toBeDefined()
  })

  test('any value gives a message or undefined, never a throw', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseChatMessage(value)?.text !== ''))
  })
})

describe('parseCard', () => {
  test('a card comes back with its live text', () => {
    const map = cardWith({})
    const card = parseCard('c1', map)
    expect(card).toEqual({
      id: 'c1',
      pos: [10, 20],
      size: [200, 120],
      text: map.get('text'),
      color: 'mint',
      order: 'a0',
      createdBy: 'u1',
    })
    expect(card?.text.toJSON()).toBe('note')
  })

  test('an unknown colour is paper; a missing order or author is empty', () => {
    expect(parseCard('c1', cardWith({ color: 'url(x)', order: 7, createdBy: null }))).toMatchObject({
      color: 'paper',
      order: '',
      createdBy: '',
    })
  })

  test.each([
    ['no place', { pos: undefined }],
    ['a place of one axis', { pos: [1] }],
    ['a place that is no number', { pos: ['1', '2'] }],
    ['no size', { size: undefined }],
    ['plain text instead of shared text', { text: 'plain' }],
  ])('%s: no card', (_what, wrong) => {
    expect(parseCard('c1', cardWith(wrong))).toBeUndefined()
  })

  test('anything that is no shared map is no card, and never a throw', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseCard('c1', value) === undefined))
    expect(parseCard('c1', new Y.Array())).toBeUndefined()
  })

  test('a place in one key: a drag of 1,000 steps leaves less than 200 bytes', () => {
    const doc = new Y.Doc()
    const map = new Y.Map<unknown>()
    roomDoc(doc).cards.set('c1', map)
    for (let step = 0; step < 1_000; step++) map.set('pos', [step, step])
    expect(Y.encodeStateAsUpdate(doc).length).toBeLessThan(200)
  })
})
