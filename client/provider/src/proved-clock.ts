import * as Y from 'yjs'

/** How far a document's own writing had come: units of its clientID. */
export interface OwnClock {
  readonly clientId: number
  readonly clock: number
}

/** How far the own writing of a document is now. */
export function ownClock(doc: Y.Doc): OwnClock {
  return { clientId: doc.clientID, clock: Y.getState(doc.store, doc.clientID) }
}

/**
 * The state vector to answer where a server says that it has `stateVector`: of our own writing only what it has proved to
 * have from us counts. What it has beyond, and we never got a receipt for, may be somebody else's under our clientID;
 * said again, the server can compare the two (W37).
 *
 * @param proved what the last receipt spoke for
 */
export function withoutUnproved(stateVector: Uint8Array, own: OwnClock, proved: OwnClock): Uint8Array {
  const clocks = Y.decodeStateVector(stateVector)
  const clock = proved.clientId === own.clientId ? proved.clock : 0
  if ((clocks.get(own.clientId) ?? 0) <= clock) return stateVector
  clocks.set(own.clientId, clock)
  return Y.encodeStateVector(clocks)
}
