import type { RoomName } from '@roomful/shared'

/** Rooms that were opened anew in this page, because their copy had come apart from the server's, until it is read. */
const rooms = new Set<RoomName>()
const listeners = new Set<() => void>()

/** The copy of a room has come apart, and is kept aside. The page around the room is new in a moment: this is not. */
export function noteComeApart(room: RoomName): void {
  rooms.add(room)
  tell()
}

/** The person has read it. */
export function forgetComeApart(room: RoomName): void {
  rooms.delete(room)
  tell()
}

/** Whether there is something to tell of a room. */
export function hasComeApart(room: RoomName): boolean {
  return rooms.has(room)
}

/** Called at each change. Returns how to stop. */
export function subscribeComeApart(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  for (const listener of listeners) listener()
}
