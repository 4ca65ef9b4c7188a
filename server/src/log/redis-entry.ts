import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { encodePosition } from './position.ts'
import type { RedisReply } from './redis-commands.ts'
import { presenceKind, type PresenceKind } from './redis-room-presence.ts'
import { countOf, listOf, textOf } from './redis-reply.ts'
import type { EntryMeta, LogEntry } from './room-log.ts'

/** An entry and what tells it from another one under the same number in another copy of the log. */
export interface StoredEntry {
  readonly sequence: number
  /** `<author>:<counter>`, where an author is a writer at one attempt: no two entries that were ever stored have the same. */
  readonly token: string
  /** Of the entry in front of it; empty where it is not known. */
  readonly before: string
  readonly entry: LogEntry
}

/** What is appended. */
export interface NewEntry {
  readonly update: Buffer
  readonly meta: EntryMeta
}

/** What a room's channel carries. */
export type FeedMessage =
  /** Entries behind `previous` up to `last`; `payload` is empty where they have to be fetched. */
  | {
      readonly kind: 'entries'
      readonly epoch: string
      readonly previous: number
      readonly last: number
      /** Its writer, at one attempt. */
      readonly author: string
      readonly counter: number
      /** So many entries of y-redis's list are in the log now, where it is kept. */
      readonly listed?: number | undefined
      /** Of the entry at `previous`; empty where it is not known. */
      readonly token: string
      readonly payload: Uint8Array
    }
  /** The room was deleted, or its log is another one: look. */
  | { readonly kind: 'changed' }
  /** Who is present on another instance. */
  | {
      readonly kind: 'presence'
      readonly what: PresenceKind
      readonly instance: string
      readonly bytes: Uint8Array
    }

const NEWLINE = 0x0a

/** The arguments of the append script that stand for one entry. */
export function entryArgs({ update, meta }: NewEntry): readonly [Buffer, string, string, string] {
  return [update, meta.instanceId, meta.userId ?? '', String(meta.at)]
}

/**
 * One answer of XRANGE: id, then the fields in the order of the append script. `undefined` where it is none of ours.
 *
 * @param before token of the entry in front of it; empty where it is not known.
 */
export function parseStreamEntry(reply: RedisReply, before: string): StoredEntry | undefined {
  const [id, fieldsReply] = listOf(reply)
  const fields = listOf(fieldsReply)
  const sequence = countOf(textOf(id)?.split('-', 1)[0])
  const update = fields[1]
  const at = Number(textOf(fields[7]))
  const token = textOf(fields[11])
  if (sequence === undefined || !Buffer.isBuffer(update) || Number.isNaN(at) || token === undefined)
    return undefined
  const meta = createMeta(textOf(fields[3]) ?? '', textOf(fields[5]) ?? '', at)
  return { sequence, token, before, entry: { position: encodePosition(sequence), update, meta } }
}

/** The entries as they are published. */
export function encodePayload(entries: readonly NewEntry[]): Buffer {
  const encoder = encoding.createEncoder()
  for (const { update, meta } of entries) {
    encoding.writeVarString(encoder, meta.instanceId)
    encoding.writeVarString(encoder, meta.userId ?? '')
    encoding.writeFloat64(encoder, meta.at)
    encoding.writeVarUint8Array(encoder, update)
  }
  return Buffer.from(encoding.toUint8Array(encoder))
}

/** `undefined` where the message is none of ours. */
export function parseFeedMessage(message: Buffer): FeedMessage | undefined {
  const end = message.indexOf(NEWLINE)
  if (end < 0) return undefined
  const [kind, epoch = '', ...rest] = message.toString('latin1', 0, end).split(' ')
  if (kind === 'd' || kind === 'r') return { kind: 'changed' }
  const what = presenceKind(kind)
  // after the kind stands the instance
  if (what !== undefined) return { kind: 'presence', what, instance: epoch, bytes: message.subarray(end + 1) }
  const [previous, last] = [countOf(rest[0]), countOf(rest[1])]
  const [author, counter] = [rest[2], countOf(rest[3])]
  if (kind !== 'e' || previous === undefined || last === undefined) return undefined
  if (author === undefined || counter === undefined) return undefined
  const payload = message.subarray(end + 1)
  const [listed, token = ''] = [countOf(rest[4]), rest[5]]
  return { kind: 'entries', epoch, previous, last, author, counter, listed, token, payload }
}

/** The entries of a message; none where they have to be fetched, or where the payload is not what the header says. */
export function parsePayload(message: Extract<FeedMessage, { kind: 'entries' }>): StoredEntry[] {
  const entries: StoredEntry[] = []
  let before = message.token
  const decoder = decoding.createDecoder(message.payload)
  try {
    for (let sequence = message.previous + 1; sequence <= message.last; sequence += 1) {
      if (!decoding.hasContent(decoder)) return []
      const instanceId = decoding.readVarString(decoder)
      const userId = decoding.readVarString(decoder)
      const meta = createMeta(instanceId, userId, decoding.readFloat64(decoder))
      const update = decoding.readVarUint8Array(decoder)
      const token = tokenOf(message.author, message.counter + entries.length)
      entries.push({ sequence, token, before, entry: { position: encodePosition(sequence), update, meta } })
      before = token
    }
  } catch {
    // lib0 throws on a short payload: what cannot be read here is read from the stream
    return []
  }
  return entries
}

/**
 * A writer at one attempt to store something: what is sent again after its answer was lost may be stored twice, in two copies
 * of the log, and the entries in front of it are not the same there.
 */
export function authorOf(writer: string, attempt: number): string {
  return `${writer}.${attempt}`
}

/** How an entry is told from every other one. */
export function tokenOf(author: string, counter: number): string {
  return `${author}:${counter}`
}

/** Whether another entry stands under the same number; one that was trimmed tells nothing. */
export function isAnother(found: string, read: string): boolean {
  return read !== '' && found !== '' && found !== read
}

function createMeta(instanceId: string, userId: string, at: number): EntryMeta {
  return userId === '' ? { instanceId, at } : { instanceId, userId, at }
}
