import { parseRoomName, type RoomName } from '@roomful/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previousRoomName } from './previous-room-name.ts'

const ALPHABET = Array.from('-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~')
const name = fc
  .string({ unit: fc.constantFrom(...ALPHABET), minLength: 1, maxLength: 6 })
  .map(parseRoomName)
  .filter((room): room is RoomName => room !== undefined)

test('the name before a name is below it, and no third fits between', () => {
  fc.assert(
    fc.property(name, name, (room, other) => {
      const before = previousRoomName(room)
      if (before === undefined) return
      expect(before < room).toBe(true)
      expect(before < other && other < room).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})

test('the alphabet stands in the order of its codes', () => {
  expect(ALPHABET).toEqual(ALPHABET.toSorted((a, b) => a.charCodeAt(0) - b.charCodeAt(0)))
  expect(previousRoomName('-' as RoomName)).toBeUndefined()
})
