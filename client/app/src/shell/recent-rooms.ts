import { LOBBY, normalizeRoomName, type RoomName } from '@roomful/shared'
import { readDevice, writeDevice } from '../ui/device-storage.ts'

const KEY = 'roomful:rooms'
const MAX_ROOMS = 8

/** Rooms everybody finds. */
const SUGGESTED = [LOBBY, 'design-review', 'launch-plan']

/** The rooms last visited on this device, latest first, filled up with suggestions. */
export function recentRooms(): readonly RoomName[] {
  const visited = visitedRooms()
  return [...visited, ...suggestedRooms(visited)].slice(0, MAX_ROOMS)
}

/** The rooms last visited on this device, latest first. */
export function visitedRooms(): readonly RoomName[] {
  return named(stored()).slice(0, MAX_ROOMS)
}

/** The rooms offered to everybody, but those that are listed already. */
export function suggestedRooms(listed: readonly RoomName[]): readonly RoomName[] {
  return named(SUGGESTED).filter((room) => !listed.includes(room))
}

/** Puts a room first in the list. */
export function rememberRoom(room: RoomName): void {
  write([room, ...stored()])
}

/** Takes a room off the list; what this device keeps of it stays. */
export function dropRoom(room: RoomName): void {
  write(stored().filter((name) => name !== room))
}

function write(names: readonly string[]): void {
  writeDevice(KEY, JSON.stringify([...new Set(names)].slice(0, MAX_ROOMS)))
}

function named(names: readonly string[]): readonly RoomName[] {
  return [...new Set(names.flatMap((name) => normalizeRoomName(name) ?? []))]
}

function stored(): readonly string[] {
  try {
    const value: unknown = JSON.parse(readDevice(KEY) ?? '[]')
    return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []
  } catch {
    // SyntaxError: something else wrote there, no list
    return []
  }
}
