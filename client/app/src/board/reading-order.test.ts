import { roomDoc } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { readingOrder } from './reading-order.ts'

function card(id: string, x: number, y: number, height: number = 160) {
  const text = new Y.Text()
  roomDoc(new Y.Doc()).cards.set(id, new Y.Map([['text', text]]))
  return {
    id,
    pos: [x, y] as const,
    size: [240, height] as const,
    text,
    color: 'sand' as const,
    order: 'a0',
    createdBy: '',
  }
}

const order = (...cards: ReturnType<typeof card>[]): string =>
  readingOrder(cards)
    .map(({ id }) => id)
    .join(' ')

test('[U35] cards are visited in rows from the top, each row from the left, however crooked it is', () => {
  expect(order(card('d', 300, 420), card('b', 300, 40), card('a', 20, 70), card('c', 10, 400))).toBe(
    'a b c d',
  )
})

test('a card whose top is below the middle of the row’s first one begins the next row', () => {
  expect(order(card('a', 300, 0), card('b', 0, 79), card('c', 600, 81))).toBe('b a c')
})

test('cards at one place are visited in the same order by everybody', () => {
  expect(order(card('b', 0, 0), card('a', 0, 0))).toBe('a b')
})
