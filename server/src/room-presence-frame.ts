import { MESSAGE } from '@roomful/shared'
import type { PresenceRecord } from './room-roster.ts'

/**
 * The presence of one tick: one message for all who are not in it, and for each who is, the same bytes without the own
 * entry. In a busy room that is one message per member and tick, so it is two copies and no encoder.
 */
export class PresenceFrame {
  /** What everybody gets who has no entry in it. */
  readonly shared: Uint8Array
  readonly #count: number
  /** All entries, one behind the other. */
  readonly #entries: Uint8Array
  /** clientID → where its entry starts and ends in {@link #entries}. */
  readonly #places = new Map<number, readonly [from: number, to: number]>()

  constructor(records: readonly PresenceRecord[]) {
    this.#count = records.length
    this.#entries = new Uint8Array(records.reduce((sum, { entry }) => sum + entry.length, 0))
    let at = 0
    for (const { clientId, entry } of records) {
      this.#entries.set(entry, at)
      this.#places.set(clientId, [at, at + entry.length])
      at += entry.length
    }
    this.shared = this.#encode(this.#count, at, at)
  }

  has(clientId: number | undefined): boolean {
    return clientId !== undefined && this.#places.has(clientId)
  }

  /** The message without the entry of `clientId`: a member never gets its own back. */
  without(clientId: number | undefined): Uint8Array | undefined {
    const place = clientId === undefined ? undefined : this.#places.get(clientId)
    if (place === undefined) return this.shared
    return this.#count === 1 ? undefined : this.#encode(this.#count - 1, place[0], place[1])
  }

  /** `[1, length, count, entries]` of all but the bytes `from` to `to`. */
  #encode(count: number, from: number, to: number): Uint8Array {
    const entries = this.#entries
    const length = varUintLength(count) + entries.length - (to - from)
    const message = new Uint8Array(1 + varUintLength(length) + length)
    message[0] = MESSAGE.awareness
    let at = writeVarUint(message, 1, length)
    at = writeVarUint(message, at, count)
    message.set(entries.subarray(0, from), at)
    message.set(entries.subarray(to), at + from)
    return message
  }
}

/** Bytes of a lib0 variable-length integer: 7 bits each. */
function varUintLength(value: number): number {
  let length = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length += 1
  return length
}

/** @returns the place behind it. */
function writeVarUint(bytes: Uint8Array, at: number, value: number): number {
  let end = at
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[end++] = 128 | (rest % 128)
  bytes[end++] = rest
  return end
}
