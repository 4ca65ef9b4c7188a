import type { Durability, RoomName } from '@roomful/shared'
import type { RevocationLog } from './revocation-log.ts'

/** A place in a room's log: sortable as a string, comparable within one epoch only. `''` is before everything. */
export type Position = string

/** What is kept with each entry. */
export interface EntryMeta {
  /** The process that appended it. */
  readonly instanceId: string
  /** The person, where known. */
  readonly userId?: string | undefined
  /** Ms since 1970, clock of the appending process. */
  readonly at: number
}

/** One admitted update as the log holds it. */
export interface LogEntry {
  readonly position: Position
  readonly update: Uint8Array
  readonly meta: EntryMeta
}

/** A room's merged state up to a position: one Yjs update (format v1). */
export interface Snapshot {
  readonly bytes: Uint8Array
  /** `meta.title` of the document, for listings. */
  readonly title?: string | undefined
}

/** What was deleted: its generation and its last state vector. Structs at or below it from stock clients are dropped. */
export interface Tombstone {
  /** The deleted generation. */
  readonly generation: number
  /** Encoded Yjs state vector at deletion. */
  readonly stateVector: Uint8Array
  /** Ms since 1970. */
  readonly deletedAt: number
}

/** What is known of a room when it is opened. */
export interface LogHead {
  /** Starts at 0, +1 at each deletion. */
  readonly generation: number
  /** One incarnation of the stored log; changes when the store comes back empty or older. */
  readonly epoch: string
  readonly snapshot?: Snapshot | undefined
  /** The snapshot holds every entry at or before this position; `''` without a snapshot. */
  readonly upTo: Position
  readonly tombstone?: Tombstone | undefined
}

/** Proves that a compaction still speaks of the log it was started on. */
export interface Fence {
  readonly epoch: string
  readonly generation: number
  /** The `upTo` of the head the compaction started from: another compaction in between refuses this one. */
  readonly basedOn: Position
  /** The new snapshot holds every entry at or before this position. */
  readonly upTo: Position
}

/** One line of a listing. */
export interface RoomSummary {
  readonly room: RoomName
  readonly generation: number
  readonly entries: number
  /** Stored bytes: snapshot and entries. */
  readonly bytes: number
  readonly title?: string | undefined
}

/** What an opened room hears from its log. Callbacks must not throw. */
export interface LogSink {
  /** Each entry appended after `open`, by anyone, once and in log order; own appends too. */
  onEntry(entry: LogEntry): void
  /** What another instance broadcast; `instanceId` names it, in this log alone. */
  onAwareness(instanceId: string, bytes: Uint8Array): void
  /**
   * Everything another instance has to know of who is present here, in the form of {@link RoomLog.broadcastAwareness}. Asked
   * when one begins to listen, and again when something may have been lost. Only logs that instances share call it.
   */
  presence?(): Uint8Array | undefined
  /** Another instance is gone: its presence entries are void. */
  onInstanceGone(instanceId: string): void
  /** Delivery may have a hole: read on from the last position. */
  onGap(error: Error): void
  /**
   * What is stored is not what was read: it came back empty, or as another or an older copy (a new epoch). `head` is what
   * holds now and all positions of before are void: read everything again and append what the store lacks. Only logs that
   * instances share call it.
   */
  onRewound(head: LogHead): void
  /** Another instance deleted the room: everything rejects with `deleted` from now on. */
  onDeleted(): void
}

/** What became of an update that somebody wrote beside the log. `known`: nothing in it is new. */
export type ForeignVerdict =
  | { readonly kind: 'new'; readonly update: Uint8Array }
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly reason: string }

/** A room as a log needs it that others write beside: processes that are no instances and are not trusted. */
export interface ForeignDesk {
  /** Whether an update may be appended, and what of it. Changes nothing. Rejects where it cannot be read now. */
  inspect(update: Uint8Array): Promise<ForeignVerdict>
  /**
   * All that the room holds as one update; the log holds nothing else up to `upTo`. `undefined` while own appends are on
   * their way.
   */
  state(): { readonly update: Uint8Array; readonly upTo: Position } | undefined
  /** So many entries were taken over. */
  imported(count: number): void
  /** An entry was refused and emptied in its place. */
  quarantined(error: Error): void
  /** What others read was in disorder and was put right. */
  healed(reason: string): void
  /** Something failed and is tried again. */
  failed(error: Error): void
}

/**
 * One room of a log. Replay is `head.snapshot`, then `read(head.upTo)` to its end; entries appended meanwhile come
 * through the sink, so between replay and live there is no gap (an entry may come both ways: positions tell).
 */
export interface RoomLog {
  readonly head: LogHead
  /** Entries behind `after` in order, up to the end at the time of the call. */
  read(after: Position): AsyncIterable<LogEntry>
  /**
   * Appends one update; resolves once it is durable as {@link LogBackend.durability} says. Appends of one instance are
   * a queue: order of calls is order in the log, and after a failed one nothing behind it is stored before it is.
   * After a write error the log repairs itself and appends again what was not acknowledged; the promise stays pending
   * meanwhile and rejects only when the log was left, closed or deleted.
   */
  append(update: Uint8Array, meta: EntryMeta): Promise<Position>
  /**
   * Only of logs that others write beside. Called once, after the replay: takes over what they wrote, and goes on doing so
   * until the log is left. Resolves once what was there is appended (read on then); rejects where it cannot be had now.
   */
  admitForeign?(desk: ForeignDesk): Promise<void>
  /**
   * To the other instances that have the room open, in order. Best effort, never stored, never throws.
   *
   * @param isSaidOnce {@link LogSink.presence} does not say it again: where something has to be left out, it is not this.
   */
  broadcastAwareness(bytes: Uint8Array, isSaidOnce?: boolean): void
  /** Whether another instance has the room open; where not, nothing has to be broadcast. Absent: never. */
  readonly isHeard?: boolean
  /**
   * Replaces the snapshot and drops the entries it holds, all or nothing. Rejects with `LogError` `fenced` where the log is
   * no longer the one of the fence; nothing is changed then.
   */
  compact(snapshot: Snapshot, fence: Fence): Promise<void>
  /**
   * Takes nothing more; what was appended is settled (and comes through `onEntry`) before it resolves, then no callback
   * follows. While storage fails it waits; `close` of the backend ends that. Idempotent.
   */
  leave(): Promise<void>
}

/** Storage and fan-out as one thing: a log that replays, then goes live. */
export interface LogBackend {
  /** What a resolved append means. */
  readonly durability: Durability
  /** Where access that was taken back is kept. Absent: in the memory of each instance. */
  readonly revocations?: RevocationLog
  /**
   * Opens a room, creating nothing until the first append. One open log per room and backend instance: a second open
   * rejects with `LogError` `already-open`, one during `leave` waits for it. Rejects with `unavailable` while storage fails.
   */
  open(room: RoomName, sink: LogSink): Promise<RoomLog>
  /** Rooms with stored entries or a snapshot, in name order, behind `after`. Deleted rooms are not listed. */
  rooms(after?: RoomName): AsyncIterable<RoomSummary>
  /**
   * Deletes snapshot and entries, keeps a tombstone, and starts generation +1 under a new epoch, also where nothing was
   * stored. An open log of the room rejects from then on. `stateVector` replaces that of an earlier tombstone: the
   * caller merges it in where it should still hold.
   */
  delete(room: RoomName, stateVector: Uint8Array): Promise<void>
  /**
   * Whether storage serves now: rejects with `unavailable` or `closed` where `open` and `delete` would. Changes nothing, and
   * costs the same however many rooms there are. Absent: whoever has to know reads the first of `rooms`.
   */
  check?(): Promise<void>
  /** Settles all appends, then closes. Idempotent. */
  close(): Promise<void>
}
