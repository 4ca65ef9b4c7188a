import { MessageBatch } from './member.ts'
import type { PresenceFrame } from './room-presence-frame.ts'
import type { Seat } from './room-seat.ts'

interface Said {
  readonly message: Uint8Array
  readonly sender: Seat | undefined
}

interface Parcel {
  readonly batch: MessageBatch
  readonly bytes: number
}

/**
 * What the room says in one turn, framed once: members who said nothing of it share one batch, a sender gets one without
 * its own updates, and nobody gets the own presence entry.
 */
export class FanOut {
  #said: Said[] = []
  readonly #senders = new Set<Seat>()

  /** One message for everybody but its sender. */
  say(message: Uint8Array, sender: Seat | undefined): void {
    this.#said.push({ message, sender })
    if (sender !== undefined) this.#senders.add(sender)
  }

  /**
   * Sends all of it. Members that lag are left out.
   *
   * @param sent called after each write: the place to notice that a member has become slow.
   */
  flush(
    seats: Iterable<Seat>,
    presence: PresenceFrame | undefined,
    now: number,
    sent: (seat: Seat) => void,
  ): void {
    if (this.#said.length === 0 && presence === undefined) return
    const said = this.#said
    const updates = said.map(({ message }) => message)
    const updatesOnly = createParcel(updates)
    const everything = presence === undefined ? updatesOnly : createParcel([...updates, presence.shared])
    for (const seat of seats) {
      if (seat.outbox.lag !== undefined) continue
      const frame = seat.presence.isBegun ? presence : undefined
      const isSender = this.#senders.has(seat)
      let parcel = frame === undefined ? updatesOnly : everything
      if (isSender || frame?.has(seat.presence.ownId) === true) {
        const messages = isSender ? withoutSender(said, seat) : [...updates]
        const others =
          frame?.has(seat.presence.ownId) === true ? frame.without(seat.presence.ownId) : frame?.shared
        if (others !== undefined) messages.push(others)
        parcel = createParcel(messages)
      }
      if (parcel.batch.messages.length === 0) continue
      seat.outbox.sendBatch(parcel.batch, parcel.bytes, now)
      sent(seat)
    }
    this.#said = []
    this.#senders.clear()
  }
}

function withoutSender(said: readonly Said[], sender: Seat): Uint8Array[] {
  const messages: Uint8Array[] = []
  for (const one of said) if (one.sender !== sender) messages.push(one.message)
  return messages
}

function createParcel(messages: readonly Uint8Array[]): Parcel {
  let bytes = 0
  for (const message of messages) bytes += message.length
  return { batch: new MessageBatch(messages), bytes }
}
