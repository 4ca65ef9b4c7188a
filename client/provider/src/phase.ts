import type { ClosedReason, ConnectionState } from './connection.ts'
import { assertNever } from './assert-never.ts'

/** Where the provider stands, inside. Each phase is a new object, so that a late callback can see that it is late. */
export type Phase =
  | { readonly state: 'closed'; readonly reason: ClosedReason | undefined }
  /** The local copy is read first: with it in the document the server only sends what is new. */
  | { readonly state: 'loading' }
  | { readonly state: 'asking-token' }
  /** A socket that has not said anything yet. */
  | { readonly state: 'opening' }
  | { readonly state: 'live'; readonly since: number }
  /** The socket is gone, y-websocket is still telling of it: in this very turn it is decided what comes. */
  | { readonly state: 'dropped'; readonly was: Phase; readonly code: number | undefined }
  | { readonly state: 'waiting'; readonly retryAt: number }

/**
 * The public state of a phase.
 *
 * @param retrying a try has failed or a connection has dropped since `connect()`.
 */
export function toConnectionState(phase: Phase, retrying: boolean): ConnectionState {
  switch (phase.state) {
    case 'closed':
      return 'closed'
    case 'live':
      return 'connected'
    case 'dropped':
      return toConnectionState(phase.was, retrying)
    case 'loading':
    case 'asking-token':
    case 'opening':
    case 'waiting':
      return retrying ? 'reconnecting' : 'connecting'
    default:
      return assertNever(phase)
  }
}
