import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import {
  entrySeed,
  readOptionalString,
  seal,
  unseal,
  writeOptionalString,
  type Seed,
} from './embedded-envelope.ts'
import { entryKey } from './embedded-keys.ts'
import type { LateRecord } from './commit-queue.ts'
import type { RoomName } from '@roomful/shared'
import type { EntryMeta } from './room-log.ts'

/** What format 1 wrote: one entry a record. Read, never written. */
const SINGLE_VERSION = 1
const GROUP_VERSION = 2

/**
 * A record is not filled further above this: what a reader takes from LevelDB at once, and what a damaged block costs. Keystrokes
 * are about 2,000 of them.
 */
const GROUP_BYTES = 64 * 1024

/** One stored entry. */
export interface EntryRecord {
  readonly meta: EntryMeta
  readonly update: Uint8Array
}

/** The entries of one record, in order and without holes. */
export interface EntryGroup {
  /** Sequence number of the first one. */
  readonly first: number
  /** Bytes of all updates of this epoch before the first: sizes of ranges without reading them. */
  readonly totalBefore: number
  readonly entries: readonly EntryRecord[]
}

/**
 * What one room appends in one group commit: one record. LevelDB hands each record over as two objects, which costs more than
 * reading what is in it. It stands under its last entry, so that who reads on behind an entry finds the record that holds the
 * next one.
 */
export class OpenGroup implements LateRecord {
  readonly #room: RoomName
  readonly #roomSeed: Seed
  readonly #totalBefore: number
  readonly #entries: EntryRecord[] = []
  #last: number
  #bytes = 0

  /** Behind the entry `after`, where the running total is `totalBefore`. */
  constructor(room: RoomName, roomSeed: Seed, after: number, totalBefore: number) {
    this.#room = room
    this.#roomSeed = roomSeed
    this.#last = after
    this.#totalBefore = totalBefore
  }

  get isFull(): boolean {
    return this.#bytes >= GROUP_BYTES
  }

  add(entry: EntryRecord): void {
    this.#entries.push(entry)
    this.#last += 1
    this.#bytes += entry.update.byteLength
  }

  get key(): string {
    return entryKey(this.#room, this.#last)
  }

  encode(): Uint8Array {
    const entries = this.#entries
    return seal(entrySeed(this.#roomSeed, this.#last), GROUP_VERSION, (encoder) => {
      encoding.writeVarUint(encoder, entries.length)
      encoding.writeVarUint(encoder, this.#totalBefore)
      for (let from = 0; from < entries.length;) {
        const to = endOfRun(entries, from)
        encoding.writeVarUint(encoder, to - from)
        writeMeta(encoder, entries[from])
        for (const { update } of entries.slice(from, to)) encoding.writeVarUint8Array(encoder, update)
        from = to
      }
    })
  }
}

/**
 * The entries of the record that stands under `last`; `undefined` where it is damaged. Updates are views on `record`, and
 * entries of one instant share their meta.
 */
export function decodeGroup(roomSeed: Seed, last: number, record: Uint8Array): EntryGroup | undefined {
  const seed = entrySeed(roomSeed, last)
  if (record[0] === SINGLE_VERSION) return unseal(seed, SINGLE_VERSION, record, (at) => readSingle(at, last))
  return unseal(seed, GROUP_VERSION, record, (at) => readGroup(at, last))
}

function readGroup(decoder: decoding.Decoder, last: number): EntryGroup {
  const count = decoding.readVarUint(decoder)
  const totalBefore = decoding.readVarUint(decoder)
  const entries: EntryRecord[] = []
  while (entries.length < count) {
    const end = entries.length + decoding.readVarUint(decoder)
    const meta = readMeta(decoder)
    while (entries.length < end) entries.push({ meta, update: decoding.readVarUint8Array(decoder) })
  }
  return { first: last - count + 1, totalBefore, entries }
}

/** Format 1: the running total stood behind the entry. */
function readSingle(decoder: decoding.Decoder, sequence: number): EntryGroup {
  const total = decoding.readVarUint(decoder)
  const meta = readMeta(decoder)
  const update = decoding.readTailAsUint8Array(decoder)
  return { first: sequence, totalBefore: total - update.byteLength, entries: [{ meta, update }] }
}

/** The end of the entries from `from` on that were appended by the same instance for the same person at the same moment. */
function endOfRun(entries: readonly EntryRecord[], from: number): number {
  const first = entries[from]?.meta
  let to = from + 1
  for (let next = entries[to]; next !== undefined && isSameMeta(next.meta, first); next = entries[to]) to += 1
  return to
}

function isSameMeta(a: EntryMeta, b: EntryMeta | undefined): boolean {
  return a.instanceId === b?.instanceId && a.userId === b.userId && a.at === b.at
}

function writeMeta(encoder: encoding.Encoder, entry: EntryRecord | undefined): void {
  if (entry === undefined) throw new Error('a run begins with an entry')
  const { instanceId, userId, at } = entry.meta
  encoding.writeVarString(encoder, instanceId)
  writeOptionalString(encoder, userId)
  encoding.writeFloat64(encoder, at)
}

function readMeta(decoder: decoding.Decoder): EntryMeta {
  const instanceId = decoding.readVarString(decoder)
  const userId = readOptionalString(decoder)
  const at = decoding.readFloat64(decoder)
  return userId === undefined ? { instanceId, at } : { instanceId, userId, at }
}
