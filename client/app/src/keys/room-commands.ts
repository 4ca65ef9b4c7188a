import { normalizeRoomName, type RoomName } from '@roomful/shared'
import { DoorOpen, Plus } from 'lucide-react'
import { recentRooms } from '../shell/recent-rooms.ts'
import { roomTitle } from '../shell/room-title.ts'
import type { Command, CommandGroup } from './command.ts'

/** Rooms visited last, but the one this is. */
export function roomCommands(here: RoomName, go: (room: RoomName) => void): CommandGroup {
  const rooms = recentRooms().filter((room) => room !== here)
  return {
    title: 'Rooms',
    commands: rooms.map((room): Command => ({
      id: `room-${room}`,
      label: `Go to ${roomTitle(room)}`,
      words: ['room', 'open', 'recent', room],
      icon: DoorOpen,
      run: () => go(room),
    })),
  }
}

/** What was typed, taken as a room's name: any room can be gone to, and is there once somebody has. */
export function typedRoom(typed: string, here: RoomName, go: (room: RoomName) => void): Command | undefined {
  const room = normalizeRoomName(typed)
  if (room === undefined || room === here) return undefined
  return { id: 'typed-room', label: `Go to the room “${room}”`, icon: Plus, run: () => go(room) }
}
