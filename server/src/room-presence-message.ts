import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { digest } from 'lib0/hash/sha256'
import { joinPresence } from './room-presence-wire.ts'

/**
 * What the room of one instance says to the same room on others, about presence:
 *
 * - `changed`: states that were issued here, with their clocks.
 * - `roster`: all of them. Whoever is not in it is not here any more.
 * - `claims`: a connection here says to be a clientID that was last heard of elsewhere.
 * - `yields` / `keeps`: the answer of the instance that had it.
 * - `holds`: somebody is bound here, since when, though another instance says the same; of two since the same millisecond the
 *   one whose room has the lesser name stays.
 * - `brought`: the tab with this key is here now; what it left elsewhere under another clientID goes.
 * - `farewell`: this instance ends; whoever was on it comes back on another.
 */
export type PresenceMessage =
  | { readonly kind: 'changed' | 'roster'; readonly update: Uint8Array }
  | {
      readonly kind: 'claims'
      readonly by: string
      readonly clientId: number
      readonly isIntroduction: boolean
      readonly mark: string
    }
  | { readonly kind: 'yields' | 'keeps'; readonly to: string; readonly clientId: number }
  | { readonly kind: 'holds'; readonly clientId: number; readonly since: number; readonly by: string }
  | { readonly kind: 'brought'; readonly mark: string }
  | { readonly kind: 'farewell'; readonly marks: ReadonlyMap<number, string> }

/** The order is the number on the wire: new ones at the end, unknown ones are ignored. */
const KINDS = ['changed', 'roster', 'claims', 'yields', 'keeps', 'holds', 'brought', 'farewell'] as const

/** 64 bits tell the tabs of one room apart. */
const MARK_BYTES = 8

/** What is said of a tab's key, which is its secret: equal where the keys are. Empty where it has none. */
export function markOf(key: string | undefined): string {
  if (key === undefined) return ''
  const hash = digest(new TextEncoder().encode(key)).subarray(0, MARK_BYTES)
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** States as they were issued; copies them. */
export function encodeStates(kind: 'changed' | 'roster', entries: readonly Uint8Array[]): Uint8Array {
  const update = joinPresence(entries)
  const message = new Uint8Array(1 + update.length)
  message[0] = KINDS.indexOf(kind)
  message.set(update, 1)
  return message
}

export function encodePresenceMessage(
  message: Exclude<PresenceMessage, { readonly kind: 'changed' | 'roster' }>,
): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeUint8(encoder, KINDS.indexOf(message.kind))
    switch (message.kind) {
      case 'claims':
        encoding.writeVarString(encoder, message.by)
        encoding.writeVarUint(encoder, message.clientId)
        encoding.writeUint8(encoder, message.isIntroduction ? 1 : 0)
        encoding.writeVarString(encoder, message.mark)
        return
      case 'yields':
      case 'keeps':
        encoding.writeVarString(encoder, message.to)
        encoding.writeVarUint(encoder, message.clientId)
        return
      case 'holds':
        encoding.writeVarUint(encoder, message.clientId)
        encoding.writeVarUint(encoder, message.since)
        encoding.writeVarString(encoder, message.by)
        return
      case 'brought':
        encoding.writeVarString(encoder, message.mark)
        return
      case 'farewell':
        encoding.writeVarUint(encoder, message.marks.size)
        for (const [clientId, mark] of message.marks) {
          encoding.writeVarUint(encoder, clientId)
          encoding.writeVarString(encoder, mark)
        }
    }
  })
}

/** `undefined` where the bytes are none of this version's messages. */
export function parsePresenceMessage(bytes: Uint8Array): PresenceMessage | undefined {
  const kind = KINDS[bytes[0] ?? KINDS.length]
  const decoder = decoding.createDecoder(bytes.subarray(1))
  try {
    switch (kind) {
      case undefined:
        return undefined
      case 'changed':
      case 'roster':
        return { kind, update: bytes.subarray(1) }
      case 'claims': {
        const by = decoding.readVarString(decoder)
        const clientId = decoding.readVarUint(decoder)
        const isIntroduction = decoding.readUint8(decoder) === 1
        return { kind, by, clientId, isIntroduction, mark: decoding.readVarString(decoder) }
      }
      case 'yields':
      case 'keeps': {
        const to = decoding.readVarString(decoder)
        return { kind, to, clientId: decoding.readVarUint(decoder) }
      }
      case 'holds': {
        const clientId = decoding.readVarUint(decoder)
        const since = decoding.readVarUint(decoder)
        return { kind, clientId, since, by: decoding.readVarString(decoder) }
      }
      case 'brought':
        return { kind, mark: decoding.readVarString(decoder) }
      case 'farewell': {
        const marks = new Map<number, string>()
        for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
          const clientId = decoding.readVarUint(decoder)
          marks.set(clientId, decoding.readVarString(decoder))
        }
        return { kind, marks }
      }
    }
  } catch {
    // lib0 throws where the bytes end early
    return undefined
  }
}
