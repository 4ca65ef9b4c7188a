/** A room's name as it stands in URLs, keys and logs: 1-128 of `A-Z a-z 0-9 . _ ~ -`, never `.` or `..`. */
export type RoomName = string & { readonly __brand: 'RoomName' }

const ROOM_NAME = /^[A-Za-z0-9._~-]{1,128}$/

/**
 * Parses a room name that is already decoded.
 *
 * @returns the branded name, or `undefined` where the value is none.
 * @example parseRoomName('lobby') // 'lobby'
 * @example parseRoomName('a/b') // undefined
 */
export function parseRoomName(value: unknown): RoomName | undefined {
  if (typeof value !== 'string' || value === '.' || value === '..') return undefined
  return ROOM_NAME.test(value) ? (value as RoomName) : undefined
}

/**
 * Parses one path segment of a URL: percent-decoded exactly once, then checked. `%2564` therefore stays refused
 * (it decodes to `%64`), so no proxy's second decoding can turn one room into another.
 */
export function parseRoomSegment(segment: string): RoomName | undefined {
  try {
    return parseRoomName(decodeURIComponent(segment))
  } catch {
    // URIError: malformed percent-encoding is simply not a room name
    return undefined
  }
}

/** The room that `/` and unknown paths lead to. */
export const LOBBY: RoomName = 'lobby' as RoomName

/**
 * Normalises what a person typed, or a path of the app, to the app's narrower form: lower-case letters, digits, hyphens.
 *
 * @returns a room name of at most 64 characters, or `undefined` where nothing usable is left.
 * @example normalizeRoomName('Design Review!') // 'design-review'
 */
export function normalizeRoomName(text: string): RoomName | undefined {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, '')
  return parseRoomName(slug)
}

/** Longer slugs do not fit a title bar or a shared link. */
const MAX_SLUG_LENGTH = 64
