import type { WireMessage } from '@roomful/shared'
import type { RoomOptions } from './room-options.ts'
import type { Seat } from './room-seat.ts'

/** A message that carries an update. */
export type UpdateMessage = Extract<WireMessage, { type: 'update' | 'sync-step2' }>

/** What keeps an update of a member out. `nothing-new` needs no word: a reader that wrote nothing answers so. */
export type WriteRefusal = 'read-only' | 'too-large' | 'unsaved' | 'nothing-new'

/** The document as far as it decides who may write. */
export interface WrittenDocument {
  /** Bytes held of it. */
  readonly bytes: number
  /** Whether an update holds nothing it lacks. */
  knows(update: Uint8Array): boolean
}

/** A document that was at its limit takes updates again below this part of it. */
const ROOM_FRACTION = 0.9

/** Whether an update may be admitted at all, before it is. */
export function refuseWrite(
  seat: Seat,
  message: UpdateMessage,
  document: WrittenDocument,
  { limits, bounds }: Pick<RoomOptions, 'limits' | 'bounds'>,
): WriteRefusal | undefined {
  const { update } = message
  // an answer brings all of the sender's deletes: only what the room lacks of them was written by a reader
  if (seat.member.permission === 'read')
    return message.type === 'sync-step2' && document.knows(update) ? 'nothing-new' : 'read-only'
  // an update of no struct sections only deletes: even a full document takes it
  const hasStructs = update[0] !== 0
  if (hasStructs && document.bytes + update.length > limits.documentBytes) return 'too-large'
  // a sync step 2 that brings nothing is how every join ends
  return bounds.unsaved.takes(update.length) || document.knows(update) ? undefined : 'unsaved'
}

/** Whether a member whose update was refused for the document's size, or for a disk that fails, should be asked for it again. */
export function mayWriteAgain(
  seat: Seat,
  documentBytes: number,
  { limits, bounds }: Pick<RoomOptions, 'limits' | 'bounds'>,
): boolean {
  if (!seat.hasRefused || seat.isOverCount || seat.member.permission === 'read' || seat.asks.holdsAcks)
    return false
  return bounds.unsaved.takesAgain && documentBytes < limits.documentBytes * ROOM_FRACTION
}
