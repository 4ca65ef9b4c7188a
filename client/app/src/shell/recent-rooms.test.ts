// @vitest-environment jsdom
import type { RoomName } from '@roomful/shared'
import { beforeEach, expect, test } from 'vitest'
import { dropRoom, recentRooms, rememberRoom, suggestedRooms, visitedRooms } from './recent-rooms.ts'

const room = (name: string): RoomName => name as RoomName

beforeEach(() => localStorage.clear())

test('[U61] somebody who has been nowhere is offered the lobby and two rooms more', () => {
  expect(visitedRooms()).toEqual([])
  expect(recentRooms()).toEqual(['lobby', 'design-review', 'launch-plan'])
})

test('[U54] rooms come latest first, each once, at most eight of them', () => {
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'b']) rememberRoom(room(name))
  expect(visitedRooms()).toEqual(['b', 'i', 'h', 'g', 'f', 'e', 'd', 'c'])
})

test('[U54] a room that is taken off the list stays off, and a suggestion that was visited is listed once', () => {
  rememberRoom(room('secret-plan'))
  rememberRoom(room('design-review'))
  dropRoom(room('secret-plan'))
  expect(visitedRooms()).toEqual(['design-review'])
  expect(suggestedRooms(visitedRooms())).toEqual(['lobby', 'launch-plan'])
})

test('what something else wrote under the key is no list', () => {
  for (const text of ['{', '{"a":1}', '[1,null]', '["/","..",""]']) {
    localStorage.setItem('roomful:rooms', text)
    expect([text, visitedRooms()]).toEqual([text, []])
  }
})
