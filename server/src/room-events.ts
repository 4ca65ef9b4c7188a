import type { Difference, LimitName } from '@roomful/shared'
import type { ChatVerdict } from './room-chat.ts'

/** Why a presence entry was not passed on. */
export type PresenceDrop =
  | 'foreign'
  | 'stale'
  | 'echo'
  | 'too-large'
  | 'too-deep'
  | 'invalid'
  | 'clock'
  | 'conflict'

/** What befell entries that processes wrote beside the log. */
export type ForeignEvent = 'imported' | 'quarantined' | 'healed' | 'failed'

/** Why a member was closed as too slow. */
export type OverloadKind = 'buffer' | 'stall'

/**
 * What a room tells its surroundings, for metrics and logs. Calls are synchronous, carry numbers and constant strings
 * only (nothing is allocated for them) and must not throw.
 */
export interface RoomEvents {
  /** An update of a member was admitted and handed to the log. */
  appended(bytes: number): void
  /** An update held nothing new. */
  known(bytes: number): void
  /** An update was refused as malformed (its member is closed with 4400); `reason` is the reader's. */
  refused(reason: string): void
  /** A frame was no message at all (its member is closed with 4400). */
  malformed(): void
  /** A message number this server does not handle was ignored. */
  ignored(messageType: number): void
  /** An update was dropped: its member may only read. */
  readOnly(): void
  /** An update was not admitted: the document is at its limit. */
  tooLarge(bytes: number): void
  /** Somebody wrote under a member's clientID before that member did: what both hold there differs. */
  stolen(): void
  /** A large update is being read away from the room's turns. */
  large(bytes: number): void
  /** A large update could not be read; its member was closed with 1013 and comes again. */
  unread(error: Error): void
  /** A member was asked for what an update of it builds on. */
  asked(): void
  /** A SyncStep1 was answered with so many bytes, from the shared cold frame or cut for this member. */
  answered(bytes: number, cached: boolean): void
  /** So many sync statuses of one member were answered. */
  acknowledged(count: number): void
  /** So many units of the chat: deleted by the server, or kept from a deletion. */
  chatReviewed(verdict: ChatVerdict | 'kept', units: number): void
  presenceIssued(): void
  presenceDropped(reason: PresenceDrop): void
  /** So many states were told at once only to those who have them in view; to the others within a second. */
  presenceThinned(states: number): void
  /** A slow member gets no more live traffic until it has drained. */
  lagging(): void
  /** A slow member drained and got what it had missed. */
  resumed(): void
  overloaded(kind: OverloadKind): void
  /** A member found that it holds something else than the room. */
  differed(what: Difference): void
  /** A limit that no other event stands for had its effect. */
  limited(limit: LimitName): void
  /** The log refused an append for good; acknowledgements of this room have stopped. */
  appendFailed(error: unknown): void
  /** The log's feed had a hole and is being read again. */
  gap(error: Error): void
  /** So many tail entries went into a verified snapshot of so many bytes. */
  compacted(entries: number, bytes: number): void
  /** A compaction was not stored: another instance's came first, or the log is another one by now. */
  outrun(): void
  /** A compaction failed, or an entry of the log could not be read: the room goes on without it. */
  quarantined(what: 'compaction' | 'entry', error: unknown): void
  /**
   * What processes beside the log did: entries taken over, entries emptied because they were refused (`reason` = why), what
   * they read put right, and what failed and is tried again.
   */
  foreign(what: ForeignEvent, count: number, reason?: unknown): void
  /** Something threw that must not: caught at the door; the connection it came from was closed with 1011. */
  failed(error: unknown): void
}

const nothing = (): void => undefined

/** Events that go nowhere. */
export const SILENT_EVENTS: RoomEvents = {
  appended: nothing,
  known: nothing,
  refused: nothing,
  malformed: nothing,
  ignored: nothing,
  readOnly: nothing,
  tooLarge: nothing,
  stolen: nothing,
  large: nothing,
  unread: nothing,
  asked: nothing,
  answered: nothing,
  acknowledged: nothing,
  chatReviewed: nothing,
  presenceIssued: nothing,
  presenceDropped: nothing,
  presenceThinned: nothing,
  lagging: nothing,
  resumed: nothing,
  overloaded: nothing,
  differed: nothing,
  limited: nothing,
  appendFailed: nothing,
  gap: nothing,
  compacted: nothing,
  outrun: nothing,
  quarantined: nothing,
  foreign: nothing,
  failed: nothing,
}
