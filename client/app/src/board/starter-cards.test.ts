import { LOCAL_ORIGIN } from '@roomful/provider'
import { parseCard, roomDoc } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { addStarterCards, nextSet, starterUpdate } from './starter-cards.ts'

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
}

const ids = (doc: Y.Doc): string[] => [...roomDoc(doc).cards.keys()].sort()

describe('starter cards', () => {
  test('[U60] are four cards inside the board, with a title and a text each', () => {
    const doc = new Y.Doc()
    addStarterCards(doc)
    const cards = [...roomDoc(doc).cards.entries()].map(([id, value]) => parseCard(id, value))
    expect(cards).toHaveLength(4)
    for (const card of cards) {
      expect(card?.text.toJSON()).toMatch(/^.+\n.+/)
      expect((card?.pos[0] ?? NaN) + (card?.size[0] ?? NaN)).toBeLessThan(4_000)
    }
    expect(new Set(cards.map((card) => card?.order)).size).toBe(4)
  })

  test('[U60] accepted by two people at once are there once', () => {
    const [ada, ben] = [new Y.Doc(), new Y.Doc()]
    addStarterCards(ada)
    addStarterCards(ben)
    exchange(ada, ben)
    expect(ids(ada)).toHaveLength(4)
    expect(ids(ben)).toEqual(ids(ada))
    expect(Y.encodeStateAsUpdate(ben)).toEqual(Y.encodeStateAsUpdate(ada))
  })

  test('[U60] after they were deleted, the next set comes, for two people at once too', () => {
    const [ada, ben] = [new Y.Doc(), new Y.Doc()]
    addStarterCards(ada)
    ada.transact(() => ids(ada).forEach((id) => roomDoc(ada).cards.delete(id)))
    exchange(ada, ben)
    expect(nextSet(ben)).toBe(1)
    addStarterCards(ada)
    addStarterCards(ben)
    exchange(ada, ben)
    expect(ids(ada)).toHaveLength(4)
    expect(ids(ben)).toEqual(ids(ada))
    const texts = ids(ada).map((id) => parseCard(id, roomDoc(ada).cards.get(id))?.text.toJSON())
    const fresh = new Y.Doc()
    addStarterCards(fresh)
    expect(texts).toEqual(ids(fresh).map((id) => parseCard(id, roomDoc(fresh).cards.get(id))?.text.toJSON()))
  })

  test('each set is the same bytes whoever makes it', () => {
    for (const set of [0, 1, 7]) expect(starterUpdate(set)).toEqual(starterUpdate(set))
    expect(starterUpdate(1)).not.toEqual(starterUpdate(2))
  })

  test('the first set is frozen: other bytes under the same number would tear rooms apart', async () => {
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(starterUpdate(0)))
    expect(Buffer.from(digest).toString('hex')).toBe(
      '0666a9f5fa0f13b89acab152d9a2099bd26fdffaac39508bafa9eb9e12e23a2f',
    )
  })

  test('accepting is an own edit, which undo takes back', () => {
    const doc = new Y.Doc()
    const undo = new Y.UndoManager(roomDoc(doc).cards, { trackedOrigins: new Set([LOCAL_ORIGIN]) })
    addStarterCards(doc)
    undo.undo()
    expect(ids(doc)).toEqual([])
    undo.redo()
    expect(ids(doc)).toHaveLength(4)
  })
})
