import {
  type ReactElement,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { RoomfulProvider } from '@roomful/provider'
import type { AnyRoom } from './any-room.ts'
import { adoptProvider, type AwarenessProvider, type UserSource } from './foreign-room.ts'
import { openRoom, type Room, type RoomOptions } from './room.ts'
import { RoomContext } from './room-context.ts'
import { RoomLeases } from './room-leases.ts'
import { createServerRoom } from './server-room.ts'

/** A room to be opened, and what to show in it. */
export interface OpenRoomProps extends RoomOptions {
  readonly children?: ReactNode
  /** Opens the room; for tests. */
  readonly open?: (options: RoomOptions) => Room
  readonly provider?: undefined
}

/** A provider of one's own, and what to show in its room. */
export interface AdoptProviderProps {
  readonly children?: ReactNode
  /** Any provider with an `awareness`. It stays yours: nothing here connects or destroys it. */
  readonly provider: AwarenessProvider
  /** Who this tab is. Without it: what the awareness says already. */
  readonly identity?: UserSource | undefined
  /** The room's name, where the provider has none. */
  readonly room?: string
}

/** What {@link RoomProvider} takes: a room to open, or a provider. */
export type RoomProviderProps = OpenRoomProps | AdoptProviderProps

/** On a server there is no layout and no room either. */
const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * Opens a room for the components inside and leaves it with them. Another `serverUrl` or `room` closes the old room and
 * opens the new one; other props are read at opening. Safe under StrictMode: mounting twice connects once. In markup made
 * on a server, and until the page has taken it over, the room is an empty one that is connecting.
 *
 * @example
 * <RoomProvider serverUrl="wss://example.com/ws" room="lobby" identity={identity}>
 *   <People />
 * </RoomProvider>
 * @example
 * <RoomProvider provider={new WebsocketProvider('wss://example.com', 'lobby', doc)}>…</RoomProvider>
 */
export function RoomProvider(props: RoomProviderProps): ReactElement | null {
  const { provider, room: name = '', children } = props
  const serverUrl = props.provider === undefined ? props.serverUrl : undefined
  const [leases] = useState(() => new RoomLeases<AnyRoom>())
  const [opened, setOpened] = useState<{ readonly key: unknown; readonly room: AnyRoom }>()
  const isMarkup = useSyncExternalStore(subscribeToNothing, inPage, inMarkup)
  const [markupRoom] = useState(() => (isMarkup ? createServerRoom(name) : undefined))
  const [life, setLife] = useState(0)
  const key = provider ?? `${serverUrl} ${name} ${life}`

  useBeforePaint(() => {
    const room = leases.acquire(key, () =>
      props.provider === undefined
        ? (props.open ?? openRoom)(props)
        : adoptProvider(props.provider, { name: props.room, identity: props.identity }),
    )
    setOpened((last) => (last?.room === room ? last : { key, room }))
    // come apart from the server's: kept aside by now, and begun anew from what the server holds
    const stop = onDiverged(room, () => setLife((last) => last + 1))
    return () => {
      stop()
      leases.release(key)
    }
    // identity, options and open count at opening only
    // oxlint-disable-next-line react/exhaustive-deps
  }, [leases, key])

  // between a change of props and its effect the old room is still there, but no longer the one asked for
  const room = opened?.key === key ? opened.room : opened === undefined ? markupRoom : undefined
  return room === undefined ? null : <RoomContext value={room}>{children}</RoomContext>
}

/** Calls back when the document of a room that was opened here has come apart from the server's. Returns how to stop. */
function onDiverged(room: AnyRoom, run: () => void): () => void {
  const provider = 'provider' in room ? room.provider : undefined
  if (!(provider instanceof RoomfulProvider)) return () => {}
  provider.on('diverged', run)
  return () => provider.off('diverged', run)
}

const subscribeToNothing = () => () => {}
const inPage = (): boolean => false
const inMarkup = (): boolean => true
