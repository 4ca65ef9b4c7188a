import { presenceOf, RoomfulProvider, type UserEdit } from '@roomful/provider'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { type AnyRoom, assembleRoom } from './any-room.ts'
import { foreignLink, isForeignConnected, listen } from './foreign-link.ts'
import { roomOn } from './room.ts'

/**
 * The least of a provider that hooks need: y-websocket's, y-webrtc's, Hocuspocus' and others are one. Where there are
 * `wsconnected` or `connected`, `shouldConnect`, `synced`, and `on` and `off`, the status hooks use them.
 */
export interface AwarenessProvider {
  readonly awareness: Awareness
  /** Default: the awareness' own. */
  readonly doc?: Y.Doc
}

/** Somebody who may be renamed; an `Identity` is one. */
export interface UserSource {
  readonly user: UserEdit
  subscribe?(listener: () => void): () => void
}

/** How to take a provider as a room. */
export interface AdoptOptions {
  readonly name?: string | undefined
  /** Who this tab is. Without it: what the awareness says already. */
  readonly identity?: UserSource | undefined
}

/**
 * A room on a provider of one's own. Closing it lets go of the provider and leaves it as it is; its presence stays, as
 * long as its awareness does. It is given a user where `identity` is; people without an id get one of their connection.
 *
 * @example
 * const room = adoptProvider(new WebsocketProvider('wss://example.com', 'lobby', doc))
 */
export function adoptProvider(provider: AwarenessProvider, options: AdoptOptions = {}): AnyRoom {
  const { identity } = options
  const stops: (() => void)[] = []
  const onClose = (): void => {
    for (const stop of stops.splice(0)) stop()
  }
  const presence = presenceOf(provider, { user: identity?.user })
  if (identity?.subscribe !== undefined) {
    stops.push(identity.subscribe(() => presence.setUser(identity.user)))
  }
  if (provider instanceof RoomfulProvider) return roomOn(provider, undefined, onClose)
  const { awareness, doc = awareness.doc } = provider
  stops.push(
    listen(provider, ['connection-close'], () => {
      // y-websocket says so of failed tries too, which take nobody along
      if (isForeignConnected(provider)) presence.hold()
    }),
    listen(provider, ['status'], () => {
      if (!isForeignConnected(provider)) forgetAbsent(awareness)
    }),
  )
  const link = foreignLink(provider)
  const name = options.name ?? roomName(provider)
  return assembleRoom({ name, doc, awareness, presence, link, serverNow: () => Date.now(), onClose })
}

function roomName(provider: AwarenessProvider): string {
  // y-websocket and y-webrtc, in this order
  const name: unknown = Reflect.get(provider, 'roomname') ?? Reflect.get(provider, 'roomName')
  return typeof name === 'string' ? name : ''
}

/**
 * Forgets the clocks of those a dropped connection took along: else whoever does not move meanwhile stays invisible
 * after it, up to 15 s, because what is said of them then has the clock remembered here.
 */
function forgetAbsent(awareness: Awareness): void {
  for (const clientId of awareness.meta.keys()) {
    if (clientId !== awareness.clientID && !awareness.states.has(clientId)) awareness.meta.delete(clientId)
  }
}
