import { encodePresenceMessage } from './room-presence-wire.ts'
import type { PresenceRecord } from './room-roster.ts'

/** The presence of one tick: one message for all who are not in it, one of their own for the others. */
export class PresenceFrame {
  /** What everybody gets who has no entry in it. */
  readonly shared: Uint8Array
  readonly #records: readonly PresenceRecord[]
  readonly #ids: ReadonlySet<number>

  constructor(records: readonly PresenceRecord[]) {
    this.#records = records
    this.#ids = new Set(records.map((record) => record.clientId))
    this.shared = encodePresenceMessage(records.map((record) => record.entry))
  }

  has(clientId: number | undefined): boolean {
    return clientId !== undefined && this.#ids.has(clientId)
  }

  /** The message without the entry of `clientId`: a member never gets its own back. */
  without(clientId: number | undefined): Uint8Array | undefined {
    const others = this.#records.filter((record) => record.clientId !== clientId)
    return others.length === 0 ? undefined : encodePresenceMessage(others.map((record) => record.entry))
  }
}
