import { packNumbers } from '@roomful/shared'
import { encodePresenceEntry } from './room-presence-wire.ts'
import type { PresenceRecord } from './room-roster.ts'

/**
 * Who of a tick is told to members with texts (W40) by numbers alone: everybody whose text was told before. Known as the
 * tick is made, packed once and only when the first member wants it, in the same turn.
 */
export class MovedEntries {
  readonly #records: PresenceRecord[] = []
  #packed: ReadonlyMap<PresenceRecord, Uint8Array> | undefined

  constructor(records: Iterable<PresenceRecord>) {
    for (const record of records) if (record.isTextTold) this.#records.push(record)
  }

  /** At most so many. */
  get size(): number {
    return this.#records.length
  }

  /** The entry of each of them in message 108; who has numbers that cannot be packed is left out. */
  packed(): ReadonlyMap<PresenceRecord, Uint8Array> {
    return (this.#packed ??= this.#pack())
  }

  #pack(): ReadonlyMap<PresenceRecord, Uint8Array> {
    const packed = new Map<PresenceRecord, Uint8Array>()
    for (const record of this.#records) {
      const numbers = record.json === undefined ? undefined : packNumbers(record.json)
      if (numbers === undefined) continue
      packed.set(record, encodePresenceEntry(record.clientId, record.clock.lastIssued, numbers))
    }
    return packed
  }
}
