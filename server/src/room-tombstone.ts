import * as Y from 'yjs'
import type { Tombstone } from './log/room-log.ts'
import { encodeStateVector, parseStateVector } from './room/state-vector.ts'

/**
 * Takes out of an update what was deleted with the room's last generation: a stock client that still has the old document
 * would bring all of it back. Clients that know generations are refused earlier, by `gen`.
 *
 * Reading the update through Yjs is slow, so it is only done for rooms that were deleted once. What it gives goes through
 * admission like anything else.
 *
 * @returns `undefined` where the bytes are no update.
 */
export function withoutDeletedPast(update: Uint8Array, tombstone: Tombstone): Uint8Array | undefined {
  const deleted = parseStateVector(tombstone.stateVector)
  if (deleted === undefined || deleted.size === 0) return update
  try {
    return Y.diffUpdate(update, tombstone.stateVector)
  } catch {
    // lib0 and Yjs throw on truncated or unknown content: not an update
    return undefined
  }
}

/**
 * The state vector a deletion leaves behind: what the room holds now, and what its earlier deletions left. Without the
 * latter a second deletion would forget the first.
 */
export function tombstoneVector(stateVector: Uint8Array, earlier: Tombstone | undefined): Uint8Array {
  const clocks = new Map(parseStateVector(stateVector))
  for (const [client, clock] of earlier === undefined ? [] : (parseStateVector(earlier.stateVector) ?? []))
    clocks.set(client, Math.max(clock, clocks.get(client) ?? 0))
  return encodeStateVector(
    [...clocks].map(([client, clock]) => ({ client, clock })).sort((a, b) => b.client - a.client),
  )
}
