import type { LogEntry, Position, Snapshot, Tombstone } from './room-log.ts'

/** One room as the memory log keeps it. */
export interface StoredRoom {
  readonly generation: number
  readonly epoch: string
  snapshot: Snapshot | undefined
  upTo: Position
  readonly tombstone: Tombstone | undefined
  /** Everything behind `upTo`, without holes. */
  entries: LogEntry[]
  /** Sum of the updates' lengths. */
  entryBytes: number
  /** Sequence number of the last entry, 0 before the first. */
  last: number
}

/** Room names are ASCII: the order of code units is the order of bytes, as everywhere. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
