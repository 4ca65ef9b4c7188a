import type { CommitBatch, CommitQueue } from './commit-queue.ts'
import { entryKey, snapshotKey, titleKey, tombstoneKey } from './embedded-keys.ts'
import { seedOf } from './embedded-envelope.ts'
import type { EntryRecord } from './embedded-group.ts'
import { encodeBytes, encodeTombstone } from './embedded-records.ts'
import { emptyMeta, type RoomState } from './embedded-state.ts'
import { fenceRefusal } from './fence.ts'
import type { LogError } from './log-error.ts'
import { encodePosition, parsePosition } from './position.ts'
import type { Fence, Snapshot, Tombstone } from './room-log.ts'

/** Adds changes of one room; returns why it may not. */
export type Plan = (batch: CommitBatch) => LogError | undefined

/**
 * Queues changes of one room. Resolves, once they are on disk, with what `onDurable` returned in log order; rejects with
 * `LogError` where they are refused.
 */
export function commitTo<T>(
  queue: CommitQueue,
  state: RoomState,
  change: { readonly bytes: number; readonly plan: Plan },
  onDurable: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let planned = state.planned
    queue.push({
      bytes: change.bytes,
      plan(batch) {
        const refusal = change.plan(batch)
        planned = state.planned
        return refusal
      },
      committed() {
        state.durable = planned
        resolve(onDurable())
      },
      refused: reject,
    })
  })
}

/** One entry behind those of the same batch. `total`: the running total with it. */
export function planAppend(state: RoomState, sequence: number, total: number, entry: EntryRecord): Plan {
  return (batch) => {
    state.putEntry(batch, entry)
    state.plan(batch, { ...state.planned, last: sequence, total })
    return undefined
  }
}

/** What a compaction up to a position leaves behind. */
export interface Covered {
  /** Keys of the records that hold nothing behind the position. */
  readonly keys: readonly string[]
  /** The running total of the entry at the position. */
  readonly total: number
}

/** The snapshot in, the entries it holds out. */
export function planCompaction(
  state: RoomState,
  snapshot: Snapshot,
  fence: Fence,
  { keys, total }: Covered,
): Plan {
  return (batch) => {
    const { room, planned } = state
    const refusal = fenceRefusal(room, fence, { ...planned, upTo: encodePosition(planned.upTo) })
    if (refusal !== undefined) return refusal
    const upTo = parsePosition(fence.upTo) ?? planned.upTo
    putBytes(batch, snapshotKey(room), snapshot.bytes)
    if (snapshot.title === undefined) batch.del(titleKey(room))
    else putBytes(batch, titleKey(room), new TextEncoder().encode(snapshot.title))
    for (const key of keys) batch.del(key)
    state.plan(batch, {
      ...planned,
      upTo,
      totalUpTo: total,
      snapshotBytes: snapshot.bytes.byteLength,
      hasTitle: snapshot.title !== undefined,
    })
    return undefined
  }
}

/** Everything out, the tombstone in, one generation on. */
export function planDeletion(
  state: RoomState,
  epoch: string,
  tombstone: Omit<Tombstone, 'generation'>,
): Plan {
  return (batch) => {
    const { room, planned } = state
    // one of them for each record, and nothing for the others: which, only a look at the disk would tell
    for (let sequence = planned.upTo + 1; sequence <= planned.last; sequence += 1)
      batch.del(entryKey(room, sequence))
    batch.del(snapshotKey(room))
    batch.del(titleKey(room))
    const key = tombstoneKey(room)
    batch.put(key, encodeTombstone(seedOf(key), { ...tombstone, generation: planned.generation }))
    state.plan(batch, emptyMeta(planned.generation + 1, epoch))
    return undefined
  }
}

function putBytes(batch: CommitBatch, key: string, bytes: Uint8Array): void {
  batch.put(key, encodeBytes(seedOf(key), bytes))
}
