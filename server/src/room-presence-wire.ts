import { encodeAwareness } from '@roomful/shared'

/** One entry of an awareness update (y-protocols/awareness), its state unread. */
export interface PresenceEntry {
  readonly clientId: number
  readonly clock: number
  /** UTF-8 of the JSON; a view into the frame. */
  readonly json: Uint8Array
}

/** Higher integers are no integers of this wire: lib0 refuses them as well. */
const MAX_INTEGER = Number.MAX_SAFE_INTEGER

/** Reads `[count, (clientID, clock, varString)*]` entry by entry, without an object for each. */
class PresenceReader {
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  left = 0
  clientId = 0
  clock = 0
  from = 0
  to = 0

  /** @returns `false` where the bytes are no awareness update: none of it may be taken then. */
  begin(bytes: Uint8Array): boolean {
    this.#bytes = bytes
    this.#at = 0
    const count = this.#varUint()
    this.left = count
    while (this.left > 0) if (!this.next()) return false
    if (count === -1 || this.#at !== bytes.length) return false
    this.#at = 0
    this.left = this.#varUint()
    return true
  }

  next(): boolean {
    this.left -= 1
    this.clientId = this.#varUint()
    this.clock = this.#varUint()
    const length = this.#varUint()
    this.from = this.#at
    this.to = this.#at + length
    if (this.clientId === -1 || this.clock === -1 || length === -1 || this.to > this.#bytes.length)
      return false
    this.#at = this.to
    return true
  }

  entry(): PresenceEntry {
    return { clientId: this.clientId, clock: this.clock, json: this.#bytes.subarray(this.from, this.to) }
  }

  release(): void {
    this.#bytes = NOTHING
  }

  /** -1 where the bytes end, or the number is too high. */
  #varUint(): number {
    let value = 0
    let factor = 1
    while (this.#at < this.#bytes.length) {
      const byte = this.#bytes[this.#at++] ?? 0
      value += (byte & 127) * factor
      if (value > MAX_INTEGER) return -1
      if (byte < 128) return value
      factor *= 128
    }
    return -1
  }
}

const NOTHING = new Uint8Array(0)
// Reading is synchronous: one reader serves all rooms of the process.
const reader = new PresenceReader()

/** Reads an awareness update; `undefined` where the bytes are none. No state is parsed. */
export function readPresence(update: Uint8Array): PresenceEntry[] | undefined {
  if (!reader.begin(update)) return undefined
  const entries: PresenceEntry[] = []
  while (reader.left > 0 && reader.next()) entries.push(reader.entry())
  reader.release()
  return entries
}

/** An awareness update, with what it says of others only counted. */
export interface OwnPresence {
  /** The entries of the id that was asked for: one, from every client that is not broken. */
  readonly entries: readonly PresenceEntry[]
  readonly foreign: number
}

const NO_ENTRIES: readonly PresenceEntry[] = []

/**
 * What an update says of one id. Stock clients send every remote change back: what others are said to be is skipped
 * unread.
 */
export function readOwnPresence(update: Uint8Array, ownId: number): OwnPresence | undefined {
  if (!reader.begin(update)) return undefined
  let entries: PresenceEntry[] | undefined
  let foreign = 0
  while (reader.left > 0 && reader.next()) {
    if (reader.clientId === ownId) (entries ??= []).push(reader.entry())
    else foreign += 1
  }
  reader.release()
  return { entries: entries ?? NO_ENTRIES, foreign }
}

/** The bytes of one entry; copies `json`. */
export function encodePresenceEntry(clientId: number, clock: number, json: Uint8Array): Uint8Array {
  return writePresenceEntry(undefined, clientId, clock, json)
}

/** Room for a few digits more: a pointer that moves is not always equally long. */
const SPARE_BYTES = 32

/**
 * Writes an entry, into the memory of an earlier one where that fits: somebody who moves costs no memory. `json` may lie
 * in that memory.
 */
export function writePresenceEntry(
  earlier: Uint8Array | undefined,
  clientId: number,
  clock: number,
  json: Uint8Array,
): Uint8Array {
  const head = varUintLength(clientId) + varUintLength(clock) + varUintLength(json.length)
  const length = head + json.length
  const entry = earlier === undefined ? new Uint8Array(length) : within(earlier.buffer, earlier, length)
  // before the head: it may lie where the head will be
  entry.set(json, head)
  writeVarUint(entry, writeVarUint(entry, writeVarUint(entry, 0, clientId), clock), json.length)
  return entry
}

function within(memory: ArrayBufferLike, earlier: Uint8Array, length: number): Uint8Array {
  if (earlier.length === length) return earlier
  const isWaste = memory.byteLength > 2 * (length + SPARE_BYTES)
  if (memory.byteLength >= length && !isWaste) return new Uint8Array(memory, 0, length)
  return new Uint8Array(new ArrayBuffer(length + SPARE_BYTES), 0, length)
}

/** Bytes of a lib0 variable-length integer: 7 bits each. */
export function varUintLength(value: number): number {
  let length = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length += 1
  return length
}

/** @returns the place behind it. */
export function writeVarUint(bytes: Uint8Array, at: number, value: number): number {
  let end = at
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[end++] = 128 | (rest % 128)
  bytes[end++] = rest
  return end
}

/** An awareness update of encoded entries, by copying. */
export function joinPresence(entries: readonly Uint8Array[]): Uint8Array {
  const length = entries.reduce((sum, entry) => sum + entry.length, varUintLength(entries.length))
  const update = new Uint8Array(length)
  let at = writeVarUint(update, 0, entries.length)
  for (const entry of entries) {
    update.set(entry, at)
    at += entry.length
  }
  return update
}

/** The awareness message of encoded entries. */
export function encodePresenceMessage(entries: readonly Uint8Array[]): Uint8Array {
  return encodeAwareness(joinPresence(entries))
}

/** `null` as JSON bytes: the state of somebody who is not there. */
export const NULL_STATE: Uint8Array = new TextEncoder().encode('null')

export function isNullState(json: Uint8Array): boolean {
  return isSameBytes(json, NULL_STATE)
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false
  return true
}
