import { encodeAwareness } from '@roomful/shared'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** One entry of an awareness update (y-protocols/awareness), its state unread. */
export interface PresenceEntry {
  readonly clientId: number
  readonly clock: number
  /** UTF-8 of the JSON; a view into the frame. */
  readonly json: Uint8Array
}

/** Reads `[count, (clientID, clock, varString)*]`; `undefined` where the bytes are none. No state is parsed. */
export function readPresence(update: Uint8Array): PresenceEntry[] | undefined {
  const decoder = decoding.createDecoder(update)
  try {
    const entries: PresenceEntry[] = []
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const clientId = decoding.readVarUint(decoder)
      const clock = decoding.readVarUint(decoder)
      const length = decoding.readVarUint(decoder)
      if (length > update.length - decoder.pos) return undefined
      entries.push({ clientId, clock, json: decoding.readUint8Array(decoder, length) })
    }
    return decoding.hasContent(decoder) ? undefined : entries
  } catch {
    // lib0 throws on truncated input and on integers out of range: no awareness update
    return undefined
  }
}

/** The bytes of one entry; copies `json`. */
export function encodePresenceEntry(clientId: number, clock: number, json: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, clientId)
  encoding.writeVarUint(encoder, clock)
  encoding.writeVarUint8Array(encoder, json)
  return encoding.toUint8Array(encoder)
}

/** An awareness update of encoded entries, by copying. */
export function joinPresence(entries: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, entries.length)
  for (const entry of entries) encoding.writeUint8Array(encoder, entry)
  return encoding.toUint8Array(encoder)
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
