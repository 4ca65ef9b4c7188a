import type { EncodeHead } from './room-presence-heads.ts'
import type { PresenceRecord } from './room-roster.ts'

const NOTHING: readonly Uint8Array[] = []

/** One message of entries for all, and for each who has one in it, the same bytes without that one. */
export class PresenceEntries {
  /** The whole message. */
  readonly shared: Uint8Array
  readonly #count: number
  readonly #encodeHead: EncodeHead
  readonly #forOthers: readonly Uint8Array[]
  /** All entries, one behind the other: the end of {@link shared}. */
  readonly #entries: Uint8Array
  /** clientID → number of its entry; entry n lies at `#ends[n - 1]`..`#ends[n]`. */
  readonly #places = new Map<number, number>()
  readonly #ends: number[] = []

  constructor(
    records: readonly PresenceRecord[],
    entryOf: (record: PresenceRecord) => Uint8Array,
    encodeHead: EncodeHead,
  ) {
    this.#count = records.length
    this.#encodeHead = encodeHead
    let length = 0
    for (const record of records) {
      this.#places.set(record.clientId, this.#ends.length)
      length += entryOf(record).length
      this.#ends.push(length)
    }
    const head = encodeHead(this.#count, length)
    this.shared = new Uint8Array(head.length + length)
    this.shared.set(head)
    let at = head.length
    for (const record of records) {
      const entry = entryOf(record)
      this.shared.set(entry, at)
      at += entry.length
    }
    this.#entries = this.shared.subarray(head.length)
    this.#forOthers = [this.shared]
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** Of the entries. */
  get bytes(): number {
    return this.#entries.length
  }

  has(clientId: number | undefined): boolean {
    return clientId !== undefined && this.#places.has(clientId)
  }

  /** The shared message where the id has no entry; nothing where it has the only one. */
  piecesFor(clientId: number): readonly Uint8Array[] {
    const place = this.#places.get(clientId)
    if (place === undefined) return this.#forOthers
    if (this.#count === 1) return NOTHING
    const from = place === 0 ? 0 : (this.#ends[place - 1] ?? 0)
    const to = this.#ends[place] ?? 0
    const head = this.#encodeHead(this.#count - 1, this.#entries.length - (to - from))
    if (from === 0) return [head, this.#entries.subarray(to)]
    if (to === this.#entries.length) return [head, this.#entries.subarray(0, from)]
    return [head, this.#entries.subarray(0, from), this.#entries.subarray(to)]
  }
}
