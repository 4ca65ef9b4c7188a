import { MESSAGE } from '@roomful/shared'
import { varUintLength, writeVarUint } from './room-presence-wire.ts'
import type { PresenceRecord } from './room-roster.ts'

/** What a room tells of presence in one tick, to each member its part of it. */
export interface TickFrame {
  /** Whether something of this clientID is in it: then what its member is told is nobody else's. */
  has(clientId: number | undefined): boolean
  /**
   * The message for the member with this clientID, without its own entry, in pieces; empty where nothing is left. All who
   * are told the same, and are not in the frame themselves, get the same array.
   */
  piecesFor(clientId: number | undefined): readonly Uint8Array[]
}

/**
 * The presence of one tick: one message for all who are not in it, and for each who is, the same bytes without the own
 * entry. In a busy room that is one message per member and tick: it is told in pieces, so that whoever frames it copies
 * it once.
 */
export class PresenceFrame implements TickFrame {
  /** What everybody gets who has no entry in it. */
  readonly shared: Uint8Array
  readonly #count: number
  readonly #forOthers: readonly Uint8Array[]
  /** All entries, one behind the other: the end of {@link shared}. */
  readonly #entries: Uint8Array
  /** clientID → number of its entry; entry n lies at `#ends[n - 1]`..`#ends[n]`. */
  readonly #places = new Map<number, number>()
  readonly #ends: number[] = []

  constructor(records: readonly PresenceRecord[]) {
    this.#count = records.length
    let length = 0
    for (const { clientId, entry } of records) {
      this.#places.set(clientId, this.#ends.length)
      length += entry.length
      this.#ends.push(length)
    }
    const head = encodeHead(this.#count, length)
    this.shared = new Uint8Array(head.length + length)
    this.shared.set(head)
    let at = head.length
    for (const { entry } of records) {
      this.shared.set(entry, at)
      at += entry.length
    }
    this.#entries = this.shared.subarray(head.length)
    this.#forOthers = [this.shared]
  }

  /** Of the entries. */
  get bytes(): number {
    return this.#entries.length
  }

  has(clientId: number | undefined): boolean {
    return clientId !== undefined && this.#places.has(clientId)
  }

  /** The shared message where the id has no entry. */
  piecesFor(clientId: number | undefined): readonly Uint8Array[] {
    const place = clientId === undefined ? undefined : this.#places.get(clientId)
    if (place === undefined) return this.#forOthers
    if (this.#count === 1) return []
    const from = place === 0 ? 0 : (this.#ends[place - 1] ?? 0)
    const to = this.#ends[place] ?? 0
    const head = encodeHead(this.#count - 1, this.#entries.length - (to - from))
    if (from === 0) return [head, this.#entries.subarray(to)]
    if (to === this.#entries.length) return [head, this.#entries.subarray(0, from)]
    return [head, this.#entries.subarray(0, from), this.#entries.subarray(to)]
  }
}

/** `[1, length, count]` of an awareness message with so many entries of so many bytes. */
export function encodeHead(count: number, entryBytes: number): Uint8Array {
  const length = varUintLength(count) + entryBytes
  const head = new Uint8Array(1 + varUintLength(length) + varUintLength(count))
  head[0] = MESSAGE.awareness
  writeVarUint(head, writeVarUint(head, 1, length), count)
  return head
}
