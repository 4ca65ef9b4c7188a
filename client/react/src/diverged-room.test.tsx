// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ReactRoom } from '../../../tests/support/react-room.tsx'
import { useChat, useNote } from './index.ts'

let page: ReactRoom
beforeEach(() => {
  page = new ReactRoom()
})
afterEach(() => page.destroy())

/** The note as it is when the chat has changed: what the room's document holds. */
function Text(): string {
  useChat()
  return useNote().text.toJSON()
}

test('[W35] a room whose document has come apart from the server’s is opened anew, with an empty document', () => {
  page.show(<Text />)
  const { room: first } = page
  const opened = page.rooms.length
  act(() => {
    first.doc.getText('note').insert(0, 'come apart')
    first.doc
      .getArray('chat')
      .push([{ id: 'a', userId: 'u', name: 'N', color: '#1c75d6', text: 'x', sentAt: 1 }])
  })
  expect(page.text).toBe('come apart')
  act(() => first.provider.emit('diverged', []))
  expect(page.rooms.length).toBe(opened + 1)
  expect(page.room.doc).not.toBe(first.doc)
  expect(page.text).toBe('')
})
