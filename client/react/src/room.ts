import { type Identity, presenceOf, RoomfulProvider, type RoomfulProviderOptions } from '@roomful/provider'
import * as Y from 'yjs'
import { type AnyRoom, assembleRoom } from './any-room.ts'
import { roomfulLink } from './link.ts'

/** A room on a `RoomfulProvider`. */
export interface Room extends AnyRoom {
  readonly provider: RoomfulProvider
}

/** Which room to open, as whom. */
export interface RoomOptions {
  /** Base of the room sockets, without the room: `wss://example.com/ws`. */
  readonly serverUrl: string
  readonly room: string
  readonly identity?: Identity
  /** Everything else the provider takes: `token`, `persist`, `connect`, `params`… */
  readonly options?: Omit<RoomfulProviderOptions, 'identity'>
}

/**
 * Opens a room: document, connection, presence and the typed helpers. `close()` leaves it.
 *
 * @example
 * const room = openRoom({ serverUrl: 'ws://127.0.0.1:3000/ws', room: 'lobby' })
 * room.chat.send('hello')
 * room.close()
 */
export function openRoom(options: RoomOptions): Room {
  const doc = new Y.Doc()
  const provider = new RoomfulProvider(options.serverUrl, options.room, doc, {
    ...options.options,
    identity: options.identity,
  })
  return roomOn(provider, options.options?.clock, () => {
    provider.destroy()
    doc.destroy()
  })
}

/** The room of a provider that is there already. */
export function roomOn(
  provider: RoomfulProvider,
  clock: RoomfulProviderOptions['clock'],
  onClose: () => void,
): Room {
  const { doc, awareness, roomname: name } = provider
  const presence = presenceOf(provider, { clock })
  const link = roomfulLink(provider)
  const serverNow = (): number => provider.serverNow()
  return { ...assembleRoom({ name, doc, awareness, presence, link, serverNow, clock, onClose }), provider }
}
