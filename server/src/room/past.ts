import * as Y from 'yjs'

/**
 * An update without what lies below a state vector. Slow: it is read through Yjs.
 *
 * @returns `undefined` where the bytes are no update.
 */
export function withoutPast(update: Uint8Array, stateVector: Uint8Array): Uint8Array | undefined {
  try {
    return Y.diffUpdate(update, stateVector)
  } catch {
    // lib0 and Yjs throw on truncated or unknown content: not an update
    return undefined
  }
}
