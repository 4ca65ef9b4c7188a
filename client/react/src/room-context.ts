import { type Context, createContext, useContext } from 'react'
import type { AnyRoom } from './any-room.ts'
import type { Room } from './room.ts'

/** The room around a component. */
export const RoomContext: Context<AnyRoom | undefined> = createContext<AnyRoom | undefined>(undefined)

/**
 * The room of the nearest `<RoomProvider>`, on whatever provider: the same object until another room is opened.
 *
 * @throws Error outside a provider: a mistake in the program.
 * @example const { awareness } = useAnyRoom()
 */
export function useAnyRoom(): AnyRoom {
  const room = useContext(RoomContext)
  if (room === undefined) throw new Error('Roomful hooks need a <RoomProvider>')
  return room
}

/**
 * The room of the nearest `<RoomProvider>`, with its `RoomfulProvider`: the same object until another room is opened.
 *
 * @throws Error outside a provider, and on a provider that is not Roomful's (`useAnyRoom`): mistakes in the program.
 * @example const { provider } = useRoom()
 */
export function useRoom(): Room {
  const room = useAnyRoom()
  if (isRoom(room)) return room
  throw new Error('useRoom needs a RoomfulProvider; useAnyRoom does not')
}

function isRoom(room: AnyRoom): room is Room {
  return 'provider' in room
}
