import type { PiecedMessages } from './member.ts'
import { PresenceEntries } from './room-presence-entries.ts'
import { encodeAwarenessHead, encodeMovedHead } from './room-presence-heads.ts'
import { MovedEntries } from './room-presence-moved.ts'
import type { PresenceRecord } from './room-roster.ts'

/** What a room tells of presence in one tick, to each member its part of it. */
export interface TickFrame {
  /** Whether something of this clientID is in it: then what its member is told is nobody else's. */
  has(clientId: number | undefined): boolean
  /**
   * The messages for the member with this clientID, without its own entry; none where nothing is left. All who are told the
   * same, and are not in the frame themselves, get the same array. Ask in the turn it was made in.
   *
   * @param hasTexts whether it may be told of who only moved by numbers alone (108)
   */
  messagesFor(clientId: number | undefined, hasTexts: boolean): PiecedMessages
}

/**
 * The presence of one tick: one message for all who are not in it, and for each who is, the same bytes without the own
 * entry. In a busy room that is one message per member and tick: it is told in pieces, so that whoever frames it copies
 * it once. Who takes moved entries gets two: of some in full, of the others their numbers.
 */
export class PresenceFrame implements TickFrame {
  readonly #entries: PresenceEntries
  readonly #records: readonly PresenceRecord[]
  readonly #moved: MovedEntries
  readonly #forOthers: PiecedMessages
  /** In full, and moved. */
  #short: readonly PresenceEntries[] | undefined
  #shortForOthers: PiecedMessages = []

  /** It tells everybody: the text of each is told then. */
  constructor(records: readonly PresenceRecord[]) {
    this.#records = records
    this.#entries = new PresenceEntries(records, ({ entry }) => entry, encodeAwarenessHead)
    this.#forOthers = this.#entries.isEmpty ? [] : [[this.#entries.shared]]
    this.#moved = new MovedEntries(records)
    for (const record of records) record.isTextTold = record.json !== undefined
  }

  /** What everybody gets who has no entry in it. */
  get shared(): Uint8Array {
    return this.#entries.shared
  }

  /** Of the entries, in full. */
  get bytes(): number {
    return this.#entries.bytes
  }

  has(clientId: number | undefined): boolean {
    return this.#entries.has(clientId)
  }

  messagesFor(clientId: number | undefined, hasTexts: boolean): PiecedMessages {
    const short = hasTexts && this.#moved.size > 0 ? (this.#short ??= this.#shorten()) : undefined
    if (clientId === undefined || !this.#entries.has(clientId))
      return short === undefined ? this.#forOthers : this.#shortForOthers
    const messages: (readonly Uint8Array[])[] = []
    for (const entries of short ?? [this.#entries]) {
      const pieces = entries.piecesFor(clientId)
      if (pieces.length > 0) messages.push(pieces)
    }
    return messages
  }

  #shorten(): readonly PresenceEntries[] {
    const packed = this.#moved.packed()
    const inFull = this.#records.filter((record) => !packed.has(record))
    const moved = this.#records.filter((record) => packed.has(record))
    const short = [
      new PresenceEntries(inFull, ({ entry }) => entry, encodeAwarenessHead),
      new PresenceEntries(moved, (record) => packed.get(record) ?? record.entry, encodeMovedHead),
    ].filter(({ isEmpty }) => !isEmpty)
    this.#shortForOthers = short.map(({ shared }) => [shared])
    return short
  }
}
