import { roomDoc } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { roomText } from './room-text.ts'

const message = (text: string, sentAt: number) => ({
  id: `${sentAt}`,
  userId: 'u',
  name: 'Ada',
  color: '#1c75d6',
  text,
  sentAt,
})

test('an empty room is no text', () => {
  expect(roomText(new Y.Doc())).toBe('')
})

test('[U32] cards, chat by its times, and note are taken along; what is none of them is left out', () => {
  const doc = new Y.Doc()
  const { cards, chat, note } = roomDoc(doc)
  const card = new Y.Map<unknown>()
  cards.set('a', card)
  for (const [key, value] of Object.entries({
    pos: [0, 0],
    size: [1, 1],
    text: new Y.Text('Name the moment'),
  }))
    card.set(key, value)
  cards.set('broken', 1)
  chat.push([message('second', 2), message('first', 1), null])
  note.insert(0, 'Decided: yes\n')
  expect(roomText(doc)).toBe(
    '# Cards\n\nName the moment\n\n# Chat\n\nAda: first\nAda: second\n\n# Note\n\nDecided: yes\n\n',
  )
})
