import type { Limits, WireMessage } from '@roomful/shared'
import type { Seat } from './room-seat.ts'

/** A message that carries an update. */
export type UpdateMessage = Extract<WireMessage, { type: 'update' | 'sync-step2' }>

/** What keeps an update of a member out. `nothing-new` needs no word: a reader that wrote nothing answers so. */
export type WriteRefusal = 'read-only' | 'too-large' | 'nothing-new'

/** A document that was at its limit takes updates again below this part of it. */
const ROOM_FRACTION = 0.9

/** Whether an update may be admitted at all, before it is read. */
export function refuseWrite(
  seat: Seat,
  message: UpdateMessage,
  documentBytes: number,
  limits: Pick<Limits, 'documentBytes'>,
): WriteRefusal | undefined {
  // an update of no struct sections only deletes: even a full document takes it
  const hasStructs = message.update[0] !== 0
  if (seat.member.permission === 'read')
    return message.type === 'sync-step2' && !hasStructs ? 'nothing-new' : 'read-only'
  if (hasStructs && documentBytes + message.update.length > limits.documentBytes) return 'too-large'
  return undefined
}

/** Whether a member whose update was refused for the document's size should be asked for it again. */
export function mayWriteAgain(
  seat: Seat,
  documentBytes: number,
  limits: Pick<Limits, 'documentBytes'>,
): boolean {
  if (!seat.hasRefused || seat.member.permission === 'read' || seat.asks.holdsAcks) return false
  return documentBytes < limits.documentBytes * ROOM_FRACTION
}
