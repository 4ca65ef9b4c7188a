import { parseRoomName, type RoomName } from '@roomful/shared'

/** The characters of a room name in the order of their codes, which is the order of listings. */
const ALPHABET = '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~'
const MAX_LENGTH = 128

/**
 * The last room name before this one: a listing that starts behind it starts with this room, if it is there.
 *
 * @returns `undefined` for the very first name.
 */
export function previousRoomName(room: RoomName): RoomName | undefined {
  const head = room.slice(0, -1)
  const index = ALPHABET.indexOf(room.slice(-1))
  const text = index === 0 ? head : `${head}${ALPHABET.charAt(index - 1)}`.padEnd(MAX_LENGTH, '~')
  // "." and ".." are no names; an earlier bound only means one more room is looked at
  return text === '' ? undefined : parseRoomName(text)
}
