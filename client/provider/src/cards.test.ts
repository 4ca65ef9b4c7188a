import { createUser, roomDoc } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Cards, DEFAULT_CARD_SIZE } from './cards.ts'
import { presenceOf } from './presence-of.ts'

let doc: Y.Doc
let awareness: Awareness
let cards: Cards

beforeEach(() => {
  doc = new Y.Doc()
  awareness = new Awareness(doc)
  presenceOf({ awareness }, { user: createUser('ada', 'Ada', '#ca4459') })
  cards = new Cards({ doc, awareness, serverNow: () => 0 })
})

afterEach(() => {
  cards.destroy()
  awareness.destroy()
})

function order(): string[] {
  return cards.ordered.map(({ text }) => text.toString())
}

describe('cards', () => {
  test('a card is made with its defaults, in one update', () => {
    let updates = 0
    doc.on('update', () => updates++)
    const id = cards.create({ x: 10, y: 20, text: 'Ship it' })
    expect(updates).toBe(1)
    const card = cards.get(id)
    expect(card).toMatchObject({ pos: [10, 20], size: DEFAULT_CARD_SIZE, color: 'sand', createdBy: 'ada' })
    expect(card?.text.toString()).toBe('Ship it')
  })

  test('a drag of 10,000 steps stays small: the position is one key', () => {
    const id = cards.create({ x: 0, y: 0 })
    const before = Y.encodeStateAsUpdate(doc).length
    for (let step = 0; step < 10_000; step++) cards.move(id, [step, step / 2])
    expect(Y.encodeStateAsUpdate(doc).length - before).toBeLessThan(100)
    expect(cards.get(id)?.pos).toEqual([9_999, 4_999.5])
  })

  test('size and colour change the card; an id that is not there changes nothing', () => {
    const id = cards.create({ x: 0, y: 0 })
    cards.resize(id, [300, 200])
    cards.setColor(id, 'mint')
    expect(cards.get(id)).toMatchObject({ size: [300, 200], color: 'mint' })
    const before = cards.byId
    cards.move('nothing', [1, 1])
    cards.remove('nothing')
    expect(cards.byId).toBe(before)
  })

  test('new cards lie in front; bring and send change the order, and only where it changes something', () => {
    const [a, , c] = ['a', 'b', 'c'].map((text) => cards.create({ x: 0, y: 0, text }))
    expect(order()).toEqual(['a', 'b', 'c'])
    cards.bringToFront(a ?? '')
    expect(order()).toEqual(['b', 'c', 'a'])
    cards.sendToBack(c ?? '')
    expect(order()).toEqual(['c', 'b', 'a'])
    const before = cards.byId
    cards.bringToFront(a ?? '')
    cards.sendToBack(c ?? '')
    expect(cards.byId).toBe(before)
  })

  test('[U30] two cards brought to the front at once lie in the same order for everybody', () => {
    const [a, b] = ['a', 'b', 'c'].map((text) => cards.create({ x: 0, y: 0, text }))
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    const theirs = new Cards({ doc: other, awareness, serverNow: () => 0 })
    cards.bringToFront(a ?? '')
    theirs.bringToFront(b ?? '')
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    expect(cards.ordered.map(({ id }) => id)).toEqual(theirs.ordered.map(({ id }) => id))
    theirs.destroy()
  })

  test('orders that a foreign client made up do not stop anything', () => {
    const id = cards.create({ x: 0, y: 0, text: 'mine' })
    for (const bad of ['', '!!', 'zzzzzzzz', 'a00']) {
      const foreign = new Y.Map<unknown>([
        ['pos', [0, 0]],
        ['size', [1, 1]],
        ['text', new Y.Text()],
        ['order', bad],
      ])
      roomDoc(doc).cards.set(`foreign${bad}`, foreign)
    }
    roomDoc(doc).cards.set('no card', 7)
    cards.create({ x: 0, y: 0, text: 'new' })
    cards.bringToFront(id)
    cards.sendToBack(id)
    expect(cards.get('no card')).toBeUndefined()
    expect(cards.byId.size).toBe(6)
  })

  test('a duplicate has its own text, with its formats, a little aside', () => {
    const id = cards.create({ x: 0, y: 0, text: 'bold' })
    cards.get(id)?.text.format(0, 4, { bold: true })
    const copy = cards.duplicate(id) ?? ''
    cards.get(id)?.text.insert(4, '!')
    expect(cards.get(copy)?.text.toDelta()).toEqual([{ insert: 'bold', attributes: { bold: true } }])
    expect(cards.get(copy)?.pos).toEqual([24, 24])
    expect(order().at(-1)).toBe('bold')
    expect(cards.duplicate('nothing')).toBeUndefined()
  })

  test('an unchanged card keeps its object, and typing in a card changes no snapshot', () => {
    const id = cards.create({ x: 0, y: 0 })
    const other = cards.create({ x: 50, y: 50 })
    let calls = 0
    cards.subscribe(() => calls++)
    const card = cards.get(id)
    cards.get(other)?.text.insert(0, 'typing')
    expect(calls).toBe(0)
    cards.move(other, [60, 60])
    expect(calls).toBe(1)
    expect(cards.get(id)).toBe(card)
    cards.remove(other)
    expect(cards.byId.size).toBe(1)
  })

  test('several cards move, are resized and recoloured as one change, and unknown ids are passed over', () => {
    const [a = '', b = ''] = ['a', 'b'].map((text) => cards.create({ x: 0, y: 0, text }))
    let updates = 0
    doc.on('update', () => updates++)
    cards.change([
      { id: a, pos: [5, 6], size: [200, 100] },
      { id: b, color: 'sky' },
      { id: 'nothing', pos: [1, 1] },
    ])
    expect(updates).toBe(1)
    expect(cards.get(a)).toMatchObject({ pos: [5, 6], size: [200, 100], color: 'sand' })
    expect(cards.get(b)).toMatchObject({ pos: [0, 0], color: 'sky' })
  })

  test('[U51] several are deleted as one change; what is still gone can be put back once, text and place', () => {
    const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map((text) => cards.create({ x: 0, y: 0, text }))
    let updates = 0
    doc.on('update', () => updates++)
    const bringBack = cards.removeMany([a, c, 'nothing'])
    expect(updates).toBe(1)
    expect(order()).toEqual(['b'])
    bringBack()
    expect(order()).toEqual(['a', 'b', 'c'])
    cards.remove(b)
    cards.remove(a)
    bringBack()
    expect(order()).toEqual(['c'])
  })

  test('[U51] several are duplicated as one change, in their own sequence, in front of all', () => {
    const [a = '', b = ''] = ['a', 'b', 'c'].map((text) => cards.create({ x: 10, y: 20, text }))
    let updates = 0
    doc.on('update', () => updates++)
    const copies = cards.duplicateMany([b, a], [100, 0])
    expect(updates).toBe(1)
    expect(order()).toEqual(['a', 'b', 'c', 'a', 'b'])
    expect(copies.map((id) => cards.get(id)?.pos)).toEqual([
      [110, 20],
      [110, 20],
    ])
  })

  test('a step in the stack goes past the next card that is overlapped, and says when there is none', () => {
    const at = (text: string, x: number): string => cards.create({ x, y: 0, size: [100, 100], text })
    const a = at('a', 0)
    at('far', 1_000)
    at('b', 50)
    expect(cards.reorder([a], 'forward')).toBe(true)
    expect(order()).toEqual(['far', 'b', 'a'])
    expect(cards.reorder([a], 'forward')).toBe(false)
    expect(cards.reorder([a], 'front')).toBe(false)
    expect(cards.reorder([a], 'backward')).toBe(true)
    expect(order()).toEqual(['far', 'a', 'b'])
    expect(cards.reorder([a], 'back')).toBe(true)
    expect(order()).toEqual(['a', 'far', 'b'])
    expect(cards.reorder(['nothing'], 'front')).toBe(false)
  })

  test('several move in the stack as one change and keep their own sequence', () => {
    const [a = '', , c = ''] = ['a', 'b', 'c', 'd'].map((text) => cards.create({ x: 0, y: 0, text }))
    let updates = 0
    doc.on('update', () => updates++)
    cards.reorder([c, a], 'front')
    expect(updates).toBe(1)
    expect(order()).toEqual(['b', 'd', 'a', 'c'])
    cards.reorder([c, a], 'back')
    expect(order()).toEqual(['a', 'c', 'b', 'd'])
  })

  test('equal orders, as two people at once make them, are no obstacle to a step', () => {
    const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map((text) => cards.create({ x: 0, y: 0, text }))
    const root = roomDoc(doc).cards
    const same = cards.get(c)?.order
    for (const id of [b, c]) {
      const card = root.get(id)
      if (card instanceof Y.Map) card.set('order', same)
    }
    expect(cards.reorder([a], 'forward')).toBe(true)
    expect(order().at(-1)).toBe('a')
    expect(cards.reorder([a], 'backward')).toBe(true)
    expect(order()[0]).toBe('a')
  })

  test('moving a card sorts nothing: the others keep their place in the list', () => {
    const [a = ''] = ['a', 'b'].map((text) => cards.create({ x: 0, y: 0, text }))
    const before = cards.ordered
    cards.move(a, [9, 9])
    expect(cards.ordered[0]).toBe(cards.get(a))
    expect(cards.ordered[1]).toBe(before[1])
  })
})
