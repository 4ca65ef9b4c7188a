import type { Tombstone } from './log/room-log.ts'
import { encodeStateVector, parseStateVector } from './room/state-vector.ts'

/**
 * What has to be taken out of an update of a client that knows nothing of generations: a stock client that still has the
 * document as it was deleted would bring all of it back. Clients that know generations are refused earlier, by `gen`.
 *
 * @returns the state vector of the deleted past, `undefined` where there is none.
 */
export function deletedPast(tombstone: Tombstone | undefined): Uint8Array | undefined {
  if (tombstone === undefined) return undefined
  const deleted = parseStateVector(tombstone.stateVector)
  return deleted === undefined || deleted.size === 0 ? undefined : tombstone.stateVector
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
