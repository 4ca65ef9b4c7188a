/** Higher clocks from clients are refused: nobody comes there honestly, and an id could be made unusable with them. */
export const MAX_PRESENCE_CLOCK: number = 2 ** 31

/** The clocks of one clientID in a room. */
export interface PresenceClock {
  /** Added to the client's clock on the way out. */
  offset: number
  /** The client's own, of the present binding; -1 before its first entry. */
  lastReceived: number
  /** What the others were told last; -1 before anything. */
  lastIssued: number
}

/** What becomes of an entry: told to the others with this clock, or not. */
export type ClockVerdict =
  | { readonly kind: 'issue'; readonly clock: number }
  | { readonly kind: 'stale' }
  | { readonly kind: 'echo' }

/** What an entry looks like to the clock rule. */
export interface ClockedEntry {
  readonly clock: number
  readonly isRemoval: boolean
  /** Whether its state is byte for byte the last one issued. */
  readonly isLastIssued: boolean
}

const STALE: ClockVerdict = { kind: 'stale' }
const ECHO: ClockVerdict = { kind: 'echo' }

export function createPresenceClock(): PresenceClock {
  return { offset: 0, lastReceived: -1, lastIssued: -1 }
}

/**
 * A connection starts to speak for the id. A page made anew around the same clientID counts from 0 again; stock clients
 * ignore everything at or below what they last heard, so its clocks are lifted above that.
 */
export function bindPresenceClock(state: PresenceClock, clock: number): void {
  state.offset = clock <= state.lastIssued ? state.lastIssued + 2 - clock : 0
  state.lastReceived = -1
}

/**
 * Takes the next entry of the connection that holds the id, and says what to do with it.
 *
 * - At or below the last received: stale. Except a removal at the same clock, which is how stock clients say goodbye
 *   (`y-websocket` encodes its present clock with `null`).
 * - Equal in clock and bytes to the last issued: the client's own entry came back to it through another tab
 *   (BroadcastChannel), it adopted our clock and sent it: swallow, and from now on count as it does. Without this two
 *   tabs lift each other's clocks for ever.
 * - Above the last issued: the client counts higher than we lifted it; no offset is needed any more.
 */
export function advancePresenceClock(state: PresenceClock, entry: ClockedEntry): ClockVerdict {
  const { clock, isRemoval, isLastIssued } = entry
  if (clock < state.lastReceived || (clock === state.lastReceived && !isRemoval)) return STALE
  if (clock !== state.lastReceived && clock === state.lastIssued && isLastIssued) {
    state.offset = 0
    state.lastReceived = clock
    return ECHO
  }
  if (clock > state.lastIssued) state.offset = 0
  state.lastReceived = clock
  state.lastIssued = clock + state.offset
  return { kind: 'issue', clock: state.lastIssued }
}
