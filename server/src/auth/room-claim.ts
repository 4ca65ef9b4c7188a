import { PERMISSIONS, type RoomName } from '@roomful/shared'
import type { Access } from '../authorize.ts'

/** Which rooms a token opens: pattern → access. */
export type RoomClaim = ReadonlyMap<string, Access>

/** A room's name, or its beginning and a star. */
const PATTERN = /^(?:[A-Za-z0-9._~-]{1,128}|[A-Za-z0-9._~-]{0,128}\*)$/

/**
 * Parses the claim `rooms` of a token: an object of pattern → `read`, `write`, `admin` or `none`, or a list of patterns,
 * which may be written to. Without the claim a token opens no room.
 *
 * @returns `undefined` where it is something else: such a token is invalid as a whole.
 * @example parseRoomClaim({ 'team-*': 'write', 'team-board': 'read' })
 */
export function parseRoomClaim(claim: unknown): RoomClaim | undefined {
  if (claim === undefined) return new Map()
  if (typeof claim !== 'object' || claim === null) return undefined
  const entries: [string, unknown][] = Array.isArray(claim)
    ? claim.map((pattern: unknown) => [typeof pattern === 'string' ? pattern : '', 'write'])
    : Object.entries(claim)
  const rules = new Map<string, Access>()
  for (const [pattern, access] of entries) {
    if (!PATTERN.test(pattern) || !isAccess(access)) return undefined
    rules.set(pattern, access)
  }
  return rules
}

/** What the claim gives in a room: the exact name decides, else the longest beginning that fits, else `none`. */
export function accessTo(claim: RoomClaim, room: RoomName): Access {
  const exact = claim.get(room)
  if (exact !== undefined) return exact
  for (let length = room.length; length >= 0; length--) {
    const access = claim.get(`${room.slice(0, length)}*`)
    if (access !== undefined) return access
  }
  return 'none'
}

function isAccess(value: unknown): value is Access {
  return value === 'none' || PERMISSIONS.some((permission) => permission === value)
}
