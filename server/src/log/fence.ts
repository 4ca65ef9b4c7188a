import { LogError } from './log-error.ts'
import { parsePosition } from './position.ts'
import type { Fence, Position } from './room-log.ts'

/** What a fence is held against: the log as it is when the compaction's turn comes. */
export interface FencedState {
  readonly epoch: string
  readonly generation: number
  readonly upTo: Position
  /** Sequence number of the last entry. */
  readonly last: number
}

/** The refusal of a compaction whose fence no longer speaks of this log; `undefined` lets it pass. */
export function fenceRefusal(room: string, fence: Fence, state: FencedState): LogError | undefined {
  const refuse = (reason: string): LogError =>
    new LogError('fenced', `compaction of room ${room} refused: ${reason}; start again from a fresh read`)
  if (fence.epoch !== state.epoch) return refuse('the stored log is another one (epoch)')
  if (fence.generation !== state.generation) return refuse('the room was deleted (generation)')
  if (fence.basedOn !== state.upTo) return refuse('another compaction came first')
  const upTo = parsePosition(fence.upTo)
  // a snapshot may never claim entries that were not stored, nor step back behind the one it replaces
  if (upTo === undefined || upTo > state.last) return refuse('it reaches beyond the last stored entry')
  if (fence.upTo < fence.basedOn) return refuse('it ends before the snapshot it replaces')
  return undefined
}
