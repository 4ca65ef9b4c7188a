import { terminalClose, type Hello } from '@roomful/shared'
import type { ClosedReason, ConnectionDetail, ConnectionState } from './connection.ts'
import type { JoinProgress } from './fragments.ts'

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
  | { readonly state: 'dropped'; readonly was: Phase }
  | { readonly state: 'waiting'; readonly retryAt: number }

/**
 * The public state of a phase.
 *
 * @param retrying a try has failed or a connection has dropped since `connect()`.
 */
export function toConnectionState(phase: Phase, retrying: boolean): ConnectionState {
  if (phase.state === 'dropped') return toConnectionState(phase.was, retrying)
  if (phase.state === 'closed') return 'closed'
  if (phase.state === 'live') return 'connected'
  return retrying ? 'reconnecting' : 'connecting'
}

/** The public detail of a phase. */
export function toConnectionDetail(
  phase: Phase,
  retrying: boolean,
  rttMs: number | undefined,
  hello: Hello | undefined,
  progress: JoinProgress | undefined,
): ConnectionDetail {
  return {
    state: toConnectionState(phase, retrying),
    ...(phase.state === 'closed' && phase.reason !== undefined && { closedReason: phase.reason }),
    ...(phase.state === 'waiting' && { retryAt: phase.retryAt }),
    ...(progress !== undefined && { progress }),
    ...(rttMs !== undefined && { rttMs }),
    ...(hello !== undefined && {
      instanceId: hello.instanceId,
      durability: hello.durability,
      permission: hello.permission,
    }),
  }
}

/** What to tell people of a close nothing will be tried after. */
export function toClosedReason(code: number, reason: string): ClosedReason {
  const known = terminalClose(code)
  return {
    code,
    reason,
    meaning: known?.meaning ?? 'the server refused this connection',
    advice: known?.advice ?? 'reload the page',
  }
}
