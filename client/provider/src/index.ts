export { backoffMs, FIRST_RETRY_MS, MAX_BACKOFF_MS } from './backoff.ts'
export type { OrderStep } from './card-order.ts'
export { Cards, DEFAULT_CARD_SIZE, type CardChange, type NewCard, type Pair } from './cards.ts'
export { Chat } from './chat.ts'
export { deviceClock, type ClientClock } from './clock.ts'
export type {
  ClosedReason,
  ConnectionDetail,
  ConnectionState,
  LocalCopyState,
  Pending,
} from './connection.ts'
export { discardKeptAside, forgetDevice, listKeptAside, readKeptAside, type KeptAside } from './device.ts'
export type { JoinProgress } from './fragments.ts'
export {
  Identity,
  IDENTITY_KEY,
  loadIdentity,
  type ChannelLike,
  type IdentityOptions,
  type StorageLike,
} from './identity.ts'
export { Listeners } from './listeners.ts'
export { LOCAL_ORIGIN, type LocalOrigin } from './local-origin.ts'
export type { Person, PresenceConnection } from './people.ts'
export { presenceOf, type PresenceOptions, type PresenceSource } from './presence-of.ts'
export { ALONE_INTERVAL_MS, type PresenceStore, type UserEdit } from './presence-store.ts'
export { ProviderError, type ProviderErrorCode } from './provider-error.ts'
export type {
  IdentityLike,
  ProviderEvents,
  RoomfulEvents,
  RoomfulProviderOptions,
  WebsocketProviderEvents,
  WebsocketProviderOptions,
} from './provider-options.ts'
export { randomId } from './random-id.ts'
export type { RoomContext } from './room-context.ts'
export { RoomfulProvider } from './roomful-provider.ts'
export { createUndo, type Undo, type UndoOptions, type UndoRoots } from './undo.ts'
