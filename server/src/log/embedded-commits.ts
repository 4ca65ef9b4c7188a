import type { CommitBatch, CommitQueue } from './commit-queue.ts'
import { entryKey, snapshotKey, titleKey, tombstoneKey } from './embedded-keys.ts'
import { encodeBytes, encodeTombstone, seedOf } from './embedded-records.ts'
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

/** One entry under its key. */
export function planAppend(state: RoomState, sequence: number, total: number, record: Uint8Array): Plan {
  return (batch) => {
    batch.put(entryKey(state.room, sequence), record)
    state.plan(batch, { ...state.planned, last: sequence, total })
    return undefined
  }
}

/** The snapshot in, the entries it holds out. `total` = the running total of the entry at `fence.upTo`. */
export function planCompaction(state: RoomState, snapshot: Snapshot, fence: Fence, total: number): Plan {
  return (batch) => {
    const { room, planned } = state
    const refusal = fenceRefusal(room, fence, { ...planned, upTo: encodePosition(planned.upTo) })
    if (refusal !== undefined) return refusal
    const upTo = parsePosition(fence.upTo) ?? planned.upTo
    putBytes(batch, snapshotKey(room), snapshot.bytes)
    if (snapshot.title === undefined) batch.del(titleKey(room))
    else putBytes(batch, titleKey(room), new TextEncoder().encode(snapshot.title))
    for (let sequence = planned.upTo + 1; sequence <= upTo; sequence += 1) batch.del(entryKey(room, sequence))
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
