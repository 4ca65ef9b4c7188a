import type { Durability, Permission } from '@roomful/shared'
import type { JoinProgress } from './fragments.ts'

/**
 * `connecting`: the first try since `connect()` is under way. `connected`: the server talks to us. `reconnecting`: a try
 * failed or a connection dropped, the next try comes by itself. `closed`: nothing more is tried.
 */
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'closed'

/** Why nothing more is tried; `code` and `reason` are the server's, `meaning` and `advice` are for people. */
export interface ClosedReason {
  readonly code: number
  readonly reason: string
  readonly meaning: string
  readonly advice: string
}

/** The connection as a badge shows it. A new object at each change, the same between. */
export interface ConnectionDetail {
  readonly state: ConnectionState
  /** Only while `closed` by the server; absent when this side closed. */
  readonly closedReason?: ClosedReason
  /** Only while waiting for the next try: when it comes, ms since 1970 by this device. */
  readonly retryAt?: number
  /** The quickest receipt of this connection, ms: network and, where the log is durable, its write. */
  readonly rttMs?: number
  /**
   * Only while a large document arrives, that is before `synced`: what a progress bar shows. Small ones come in one
   * piece. The same is told by the event `progress`, to the last byte.
   */
  readonly progress?: JoinProgress
  readonly instanceId?: string
  /** What this connection may do with the document, now or when it last was one; absent on foreign servers. */
  readonly permission?: Permission
  /** What "saved" means on this server; absent on foreign servers. */
  readonly durability?: Durability
}

/** `off`: not asked for. `unavailable`: IndexedDB was refused or failed; everything else works. */
export type LocalCopyState = 'loading' | 'kept' | 'unavailable' | 'off'

/** Local updates not yet durable on the server; `unknown` on servers without Roomful's receipts. */
export type Pending = number | 'unknown'
