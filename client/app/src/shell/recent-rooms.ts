import { LOBBY, normalizeRoomName, type RoomName } from '@roomful/shared'

const KEY = 'roomful:rooms'
const MAX_ROOMS = 8

/** Rooms offered to somebody who has been nowhere yet. */
const SUGGESTED = ['design-review', 'launch-plan']

/** The rooms last visited on this device, latest first, filled up with suggestions. */
export function recentRooms(): readonly RoomName[] {
  const names = [...stored(), LOBBY, ...SUGGESTED].flatMap((name) => normalizeRoomName(name) ?? [])
  return [...new Set(names)].slice(0, MAX_ROOMS)
}

/** Puts a room first in the list. */
export function rememberRoom(room: RoomName): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set([room, ...stored()])].slice(0, MAX_ROOMS)))
  } catch (error) {
    // SecurityError or QuotaExceededError: the list is a convenience
    if (!(error instanceof DOMException)) throw error
  }
}

function stored(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []
  } catch {
    // SecurityError, or something else wrote there: no list
    return []
  }
}
