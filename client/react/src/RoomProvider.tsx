import {
  createContext,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useState,
} from 'react'
import { openRoom, type Room, type RoomOptions } from './room.ts'
import { RoomLeases } from './room-leases.ts'

const RoomContext = createContext<Room | undefined>(undefined)

/** {@link RoomOptions} and what to show. */
export interface RoomProviderProps extends RoomOptions {
  readonly children?: ReactNode
  /** Opens the room; for tests and for rooms on a provider of one's own. */
  readonly open?: (options: RoomOptions) => Room
}

/** On a server there is no layout and no room either. */
const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * Opens a room for the components inside and leaves it with them. Another `serverUrl` or `room` closes the old room and
 * opens the new one; other props are read at opening. Safe under StrictMode: mounting twice connects once.
 *
 * @example
 * <RoomProvider serverUrl="wss://example.com/ws" room="lobby" identity={identity}>
 *   <People />
 * </RoomProvider>
 */
export function RoomProvider(props: RoomProviderProps): ReactElement | null {
  const { serverUrl, room: name, children } = props
  const [leases] = useState(() => new RoomLeases<Room>())
  const [room, setRoom] = useState<Room>()

  useBeforePaint(() => {
    const key = `${serverUrl} ${name}`
    const { open = openRoom } = props
    setRoom(leases.acquire(key, () => open(props)))
    return () => leases.release(key)
    // identity, options and open count at opening only
    // oxlint-disable-next-line react/exhaustive-deps
  }, [leases, serverUrl, name])

  // between a change of props and its effect the old room is still there, but no longer the one asked for
  if (room === undefined || room.name !== name) return null
  return <RoomContext value={room}>{children}</RoomContext>
}

/**
 * The room of the nearest `<RoomProvider>`: the same object until another room is opened.
 *
 * @throws Error outside a provider: a mistake in the program.
 * @example const { chat } = useRoom()
 */
export function useRoom(): Room {
  const room = useContext(RoomContext)
  if (room === undefined) throw new Error('useRoom needs a <RoomProvider> around it')
  return room
}
