import type { Awareness } from 'y-protocols/awareness'
import type { ClientClock } from './clock.ts'
import { PresenceStore, type UserEdit } from './presence-store.ts'
import type { RoomfulProvider } from './roomful-provider.ts'

/** Where presence is read from: a provider, of whatever make, or anything else with an awareness. */
export interface PresenceSource {
  readonly awareness: Awareness
}

/** What {@link presenceOf} may be told. */
export interface PresenceOptions {
  /** Who this tab is, as by `setUser`. A `RoomfulProvider` has said it already, where it was given `identity` or `user`. */
  readonly user?: UserEdit | undefined
  /** For tests; heeded by the first call. */
  readonly clock?: ClientClock | undefined
}

/** By awareness, and by source where that has been followed. */
const stores = new WeakMap<object, PresenceStore>()

/**
 * Who is in the room of a provider: one store for each awareness, made by the first call, at an end with the awareness.
 * Of a `RoomfulProvider` it also follows the connection: people stay for a moment when it drops, and whom the server
 * takes this tab for is not edited away.
 *
 * @example
 * const presence = presenceOf(provider)
 * presence.subscribe(() => draw(presence.others))
 * @example
 * presenceOf(new WebsocketProvider(url, 'lobby', doc), { user: { id: 'ada', name: 'Ada' } })
 */
export function presenceOf(source: PresenceSource, { user, clock }: PresenceOptions = {}): PresenceStore {
  const { awareness } = source
  const store = stores.get(awareness) ?? new PresenceStore(awareness, clock)
  if (isRoomful(source) && stores.get(source) !== store) {
    store.verify(source.hello?.user)
    source.on('hello', (hello) => store.verify(hello.user))
    source.on('dropped', (announcedMs) => store.hold(announcedMs))
    // who has an id is one of ours: said in full from here on
    if (awareness.getLocalState()?.['user']?.id) user ??= {}
  }
  stores.set(awareness, store).set(source, store)
  if (user) store.setUser(user)
  return store
}

/** By what it has, not by its class: that would bring in the whole provider with it. */
function isRoomful(source: PresenceSource): source is RoomfulProvider {
  return 'connectionDetail' in source
}
