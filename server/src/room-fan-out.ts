import { MessageBatch, type PiecedMessages } from './member.ts'
import type { TickFrame } from './room-presence-frame.ts'
import type { Seat } from './room-seat.ts'

const NOTHING: readonly Uint8Array[] = []
const NO_PRESENCE: PiecedMessages = []

/**
 * What the room says in one turn, framed once: members who said nothing of it share one batch, a sender gets one without
 * its own updates, and nobody gets the own presence entry.
 */
export class FanOut {
  #messages: Uint8Array[] = []
  /** Who said each of the messages. */
  #from: (Seat | undefined)[] = []
  readonly #senders = new Set<Seat>()

  /** One message for everybody but its sender. */
  say(message: Uint8Array, sender: Seat | undefined): void {
    this.#messages.push(message)
    this.#from.push(sender)
    if (sender !== undefined) this.#senders.add(sender)
  }

  /**
   * Sends all of it. Members that lag are left out.
   *
   * @param sent called after each write: the place to notice that a member has become slow.
   */
  flush(
    seats: Iterable<Seat>,
    presence: TickFrame | undefined,
    now: number,
    sent: (seat: Seat) => void,
  ): void {
    const updates = this.#messages
    if (updates.length === 0 && presence === undefined) return
    const updatesOnly = new MessageBatch(updates)
    const shared = new Map<PiecedMessages, MessageBatch>()
    for (const seat of seats) {
      const { outbox } = seat
      if (outbox.lag !== undefined) continue
      const { ownId, isBegun, hasTexts } = seat.presence
      const told = presence === undefined || !isBegun ? NO_PRESENCE : presence.messagesFor(ownId, hasTexts)
      let batch = told.length === 0 ? updatesOnly : shared.get(told)
      if (this.#senders.has(seat)) batch = new MessageBatch(this.#without(seat), told)
      else if (batch === undefined) {
        batch = new MessageBatch(updates, told)
        if (presence?.has(ownId) === false) shared.set(told, batch)
      }
      if (batch.isEmpty) continue
      outbox.sendBatch(batch, now)
      sent(seat)
    }
    if (updates.length === 0) return
    this.#messages = []
    this.#from = []
    this.#senders.clear()
  }

  #without(sender: Seat): readonly Uint8Array[] {
    if (this.#messages.length === 1) return NOTHING
    return this.#messages.filter((_message, i) => this.#from[i] !== sender)
  }
}
