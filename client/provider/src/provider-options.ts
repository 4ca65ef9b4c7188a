import type { Hello, Notice, PresenceUser } from '@roomful/shared'
import type { WebsocketProvider } from 'y-websocket'
import type { ClientClock } from './clock.ts'
import type { ConnectionDetail, ConnectionState, LocalCopyState, Pending } from './connection.ts'
import type { JoinProgress } from './fragments.ts'

/** y-websocket's own options. */
export type WebsocketProviderOptions = NonNullable<ConstructorParameters<typeof WebsocketProvider>[3]>

/** Who this tab is, as a provider needs it; an `Identity` is one. */
export interface IdentityLike {
  readonly user: PresenceUser
  readonly key: string
  subscribe(listener: () => void): () => void
}

/** Everything y-websocket takes, and what Roomful adds. */
export interface RoomfulProviderOptions extends WebsocketProviderOptions {
  /** Sent as `?token=`. A function is asked at each connect, and may be async. */
  readonly token?: string | (() => string | Promise<string>) | undefined
  /** Keep a copy in IndexedDB. Default: in browsers yes, elsewhere no. */
  readonly persist?: boolean | undefined
  /** Gives the tab's key, and its user, said as `user` in the awareness; changes are followed. */
  readonly identity?: IdentityLike | undefined
  /** Who this tab is, where no `identity` is given: `user` in the awareness. */
  readonly user?: PresenceUser | undefined
  /** Longest wait between two tries, ms. Default 30,000; y-websocket's `maxBackoffTime` means the same. */
  readonly maxBackoffMs?: number | undefined
  /**
   * Asks people before they close the tab while `isAtRisk`: only then something would be lost. Default: no. The browser
   * words the question, and asks only people who have done something on the page.
   */
  readonly warnOnUnsynced?: boolean | undefined
  readonly clock?: ClientClock | undefined
  /** Numbers in 0..1, for the jitter. */
  readonly random?: (() => number) | undefined
}

/** Events beside y-websocket's `status`, `sync`, `synced`, `connection-close`, `connection-error`, `closed`. */
export interface RoomfulEvents {
  connection: (state: ConnectionState, detail: ConnectionDetail) => void
  pending: (pending: Pending) => void
  /**
   * The connection, or a try, came to an end that nobody here asked for; the others are still in the awareness.
   * `announcedMs`: how long a restarting server asked us to stay away, else 0.
   */
  dropped: (announcedMs: number) => void
  hello: (hello: Hello) => void
  notice: (notice: Notice) => void
  'local-copy': (state: LocalCopyState) => void
  /**
   * The document shows something else than the server's with the same changes, and nothing can bring them together. It has
   * been kept aside on the device (`listKeptAside`), this provider is closed: open the room anew with a fresh document.
   */
  diverged: () => void
  /** A large document arrives: once per part, the last time with `receivedBytes === totalBytes`. */
  progress: (progress: JoinProgress) => void
}

/** y-websocket's events, with their arguments. */
export interface WebsocketProviderEvents {
  'connection-close': (event: CloseEvent | null, provider: WebsocketProvider) => void
  closed: (event: { code: number; reason: string }, provider: WebsocketProvider) => void
  status: (event: { status: 'connected' | 'disconnected' | 'connecting' }) => void
  'connection-error': (event: Event, provider: WebsocketProvider) => void
  sync: (state: boolean) => void
  synced: (state: boolean) => void
}

/** All events of a `RoomfulProvider`. */
export type ProviderEvents = RoomfulEvents & WebsocketProviderEvents
