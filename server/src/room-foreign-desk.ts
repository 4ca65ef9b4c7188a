import { YREDIS_WRITER } from './log/yredis-mode.ts'
import type { ForeignDesk, LogHead, Position } from './log/room-log.ts'
import type { RoomEvents } from './room-events.ts'
import type { LargeUpdates } from './room-large-updates.ts'
import { deletedPast } from './room-tombstone.ts'
import { withoutPast } from './room/past.ts'
import type { RoomContent } from './room/room-content.ts'

/** What the desk needs of its document. */
export interface DeskOwner {
  readonly content: RoomContent
  readonly large: LargeUpdates
  readonly events: RoomEvents
  head(): LogHead
  /** The log holds what the room does, up to this position; `undefined` while own appends are on their way. */
  upTo(): Position | undefined
}

const NOTHING_KNOWN: Uint8Array = Uint8Array.of(0)

/**
 * What processes write beside the log passes here: held against the rules of a client's update, without what was deleted with
 * an earlier generation, and never admitted before it is in the log.
 */
export function createForeignDesk({ content, large, events, head, upTo }: DeskOwner): ForeignDesk {
  return {
    async inspect(update) {
      const past = deletedPast(head().tombstone)
      if (large.isLarge(update, past)) {
        const found = await large.inspect(update, past)
        // what own appends brought may still be lost: then this is its only copy
        return found.kind === 'known' && upTo() === undefined ? { kind: 'new', update: found.update } : found
      }
      const current = past === undefined ? update : withoutPast(update, past)
      if (current === undefined) return { kind: 'refused', reason: 'not an update' }
      const reason = content.refusalOf(current)
      if (reason !== undefined) return { kind: 'refused', reason }
      return upTo() !== undefined && content.knows(current)
        ? { kind: 'known' }
        : { kind: 'new', update: current }
    },
    state() {
      const position = upTo()
      if (position === undefined) return undefined
      return { update: content.answer(NOTHING_KNOWN) ?? Uint8Array.of(0, 0), upTo: position }
    },
    imported: (count) => events.foreign('imported', count),
    quarantined: (error) => events.foreign('quarantined', 1, error),
    healed: (reason) => events.foreign('healed', 1, reason),
    failed: (error) => events.foreign('failed', 1, error),
  }
}

/** Whether an entry came from such a process: what is refused of it is as if it were not there. */
export function isForeignWriter(writer: string): boolean {
  return writer === YREDIS_WRITER
}
