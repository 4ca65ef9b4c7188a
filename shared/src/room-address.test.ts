import { describe, expect, test } from 'vitest'
import { readRoomAddress } from './room-address.ts'

describe('[U37] the name in an address', () => {
  test.each(['lobby', 'design-review', '42'])('%s is a room', (typed) => {
    expect(readRoomAddress(typed)).toEqual({ kind: 'room', room: typed })
  })

  test.each([
    ['Design Review', 'design-review'],
    ['  Café – Zürich! ', 'cafe-zurich'],
    ['a__b..c', 'a-b-c'],
    ['ﬁnance', 'finance'],
    ['%zz', 'zz'],
  ])('%j is another spelling of %s', (typed, room) => {
    expect(readRoomAddress(typed)).toEqual({ kind: 'respelled', room })
  })

  test.each([
    ['日本', undefined],
    ['план', undefined],
    ['🎉🎉', undefined],
    ['!!!', undefined],
    ['', undefined],
    ['日本-review', 'review'],
    ['straße', 'stra-e'],
    ['party 🎉', 'party'],
    [`${'a'.repeat(64)}b`, 'a'.repeat(64)],
  ])('%j is no room, and never taken for the %s that is left of it', (typed, left) => {
    expect(readRoomAddress(typed)).toEqual({ kind: 'unnamed', typed, left })
  })
})
