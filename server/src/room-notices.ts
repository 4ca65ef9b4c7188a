import { encodeNotice, encodePermissionDenied, type NoticeCode } from '@roomful/shared'
import type { Seat } from './room-seat.ts'

type RoomNotice = Extract<
  NoticeCode,
  'read-only' | 'too-large' | 'refused' | 'clientid-conflict' | 'clock-stolen'
>

const MESSAGES: Readonly<Record<RoomNotice, string>> = {
  'read-only': 'You may read this room but not change it.',
  'too-large': 'The document is at its limit: delete something, or raise LIMIT_DOCUMENT_BYTES.',
  refused: 'The server cannot store more now: the change is kept here and asked for again.',
  'clientid-conflict': 'Another connection uses this clientID: take a new one and join again.',
  'clock-stolen':
    'Somebody wrote under your clientID before you did: keep what you have aside and join again with a new document.',
}

const PRESENCE_TOO_LARGE = 'The presence state is over its limit: the others keep seeing the last one.'

/** Notices (104) a room sends. Stock clients get none of them. */
export function notify(seat: Seat, code: RoomNotice, now: number): void {
  send(seat, { code, message: MESSAGES[code] }, now)
}

/** The member's presence state was dropped for its size. */
export function notifyPresenceTooLarge(seat: Seat, now: number): void {
  send(seat, { code: 'too-large', message: PRESENCE_TOO_LARGE }, now)
}

/** Once per connection: a notice, or to a stock client the message of y-protocols' auth. */
export function tellReadOnly(seat: Seat, now: number): void {
  if (seat.isToldReadOnly) return
  seat.isToldReadOnly = true
  if (seat.member.extended) notify(seat, 'read-only', now)
  else seat.outbox.send(encodePermissionDenied(MESSAGES['read-only']), now)
}

function send(seat: Seat, notice: object, now: number): void {
  if (seat.member.extended) seat.outbox.send(encodeNotice(JSON.stringify(notice)), now)
}
