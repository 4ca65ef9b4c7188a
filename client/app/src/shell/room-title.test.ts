import { normalizeRoomName } from '@roomful/shared'
import { expect, test } from 'vitest'
import { pageTitle, roomTitle } from './room-title.ts'

test('[U37] a room is called as people write it; [U24] what is unread comes first', () => {
  const room = normalizeRoomName('Design Review!')
  if (room === undefined) throw new Error('not a room name')
  expect(roomTitle(room)).toBe('Design review')
  expect(pageTitle(room, 0)).toBe('Design review · Roomful')
  expect(pageTitle(room, 2)).toBe('(2) Design review · Roomful')
})
