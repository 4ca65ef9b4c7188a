import { crc32 } from 'node:zlib'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { EntryMeta, Tombstone } from './room-log.ts'

/** First byte of each record: what stands in the rest. */
const RECORD_VERSION = 1
/** Version and CRC-32 (little endian) of place and body. */
const ENVELOPE_BYTES = 5

/** One stored entry. */
export interface EntryRecord {
  /** Bytes of all updates of this epoch up to and with this one: sizes of ranges without reading them. */
  readonly total: number
  readonly meta: EntryMeta
  readonly update: Uint8Array
}

/** What a room's log is without its bodies. Sequence numbers start at 1 and have no holes. */
export interface MetaRecord {
  readonly generation: number
  readonly epoch: string
  /** The snapshot holds everything up to here; 0 without. */
  readonly upTo: number
  /** Sequence number of the last entry; 0 before the first. */
  readonly last: number
  /** {@link EntryRecord.total} at `upTo` and at `last`. */
  readonly totalUpTo: number
  readonly total: number
  readonly snapshotBytes: number | undefined
  readonly hasTitle: boolean
}

/**
 * What a checksum starts from: the place of the record, so that one which stands under another key is as damaged as one
 * with a flipped bit.
 */
export type Seed = number

/** The seed of a record that stands alone under its key. */
export function seedOf(key: string): Seed {
  return crc32(key)
}

/** The seed of one of the entries whose room has `roomSeed`: cheaper than a checksum over each key. */
export function entrySeed(roomSeed: Seed, sequence: number): Seed {
  return (roomSeed + sequence) >>> 0
}

/** Wraps a body with version and checksum. */
function seal(seed: Seed, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeUint8(encoder, RECORD_VERSION)
  encoding.writeUint32(encoder, 0)
  write(encoder)
  const record = encoding.toUint8Array(encoder)
  const checksum = crc32(record.subarray(ENVELOPE_BYTES), seed)
  for (let byte = 0; byte < 4; byte += 1) record[1 + byte] = checksum >>> (8 * byte)
  return record
}

function unseal<T>(seed: Seed, record: Uint8Array, read: (decoder: decoding.Decoder) => T): T | undefined {
  if (record.byteLength < ENVELOPE_BYTES || record[0] !== RECORD_VERSION) return undefined
  const body = record.subarray(ENVELOPE_BYTES)
  const checksum = crc32(body, seed)
  for (let byte = 0; byte < 4; byte += 1) {
    if (record[1 + byte] !== ((checksum >>> (8 * byte)) & 0xff)) return undefined
  }
  try {
    return read(decoding.createDecoder(body))
  } catch {
    // lib0 throws on a short body: the checksum held, so another program wrote it
    return undefined
  }
}

export function encodeEntry(seed: Seed, entry: EntryRecord): Uint8Array {
  return seal(seed, (encoder) => {
    encoding.writeVarUint(encoder, entry.total)
    encoding.writeVarString(encoder, entry.meta.instanceId)
    writeOptionalString(encoder, entry.meta.userId)
    encoding.writeFloat64(encoder, entry.meta.at)
    encoding.writeUint8Array(encoder, entry.update)
  })
}

/** `undefined` where the record is damaged. The update is a view on `record`. */
export function decodeEntry(seed: Seed, record: Uint8Array): EntryRecord | undefined {
  return unseal(seed, record, (decoder) => {
    const total = decoding.readVarUint(decoder)
    const instanceId = decoding.readVarString(decoder)
    const userId = readOptionalString(decoder)
    const at = decoding.readFloat64(decoder)
    const meta = userId === undefined ? { instanceId, at } : { instanceId, userId, at }
    return { total, meta, update: decoding.readTailAsUint8Array(decoder) }
  })
}

export function encodeMeta(seed: Seed, meta: MetaRecord): Uint8Array {
  return seal(seed, (encoder) => {
    encoding.writeVarUint(encoder, meta.generation)
    encoding.writeVarString(encoder, meta.epoch)
    encoding.writeVarUint(encoder, meta.upTo)
    encoding.writeVarUint(encoder, meta.last)
    encoding.writeVarUint(encoder, meta.totalUpTo)
    encoding.writeVarUint(encoder, meta.total)
    // 0 = none, else length + 1
    encoding.writeVarUint(encoder, meta.snapshotBytes === undefined ? 0 : meta.snapshotBytes + 1)
    encoding.writeUint8(encoder, meta.hasTitle ? 1 : 0)
  })
}

/** `undefined` where the record is damaged. */
export function decodeMeta(seed: Seed, record: Uint8Array): MetaRecord | undefined {
  return unseal(seed, record, (decoder) => {
    const generation = decoding.readVarUint(decoder)
    const epoch = decoding.readVarString(decoder)
    const upTo = decoding.readVarUint(decoder)
    const last = decoding.readVarUint(decoder)
    const totalUpTo = decoding.readVarUint(decoder)
    const total = decoding.readVarUint(decoder)
    const snapshotBytes = decoding.readVarUint(decoder)
    const hasTitle = decoding.readUint8(decoder) === 1
    return {
      generation,
      epoch,
      upTo,
      last,
      totalUpTo,
      total,
      snapshotBytes: snapshotBytes === 0 ? undefined : snapshotBytes - 1,
      hasTitle,
    }
  })
}

/** A body of nothing but bytes: snapshots, titles. */
export function encodeBytes(seed: Seed, bytes: Uint8Array): Uint8Array {
  return seal(seed, (encoder) => encoding.writeUint8Array(encoder, bytes))
}

/** `undefined` where the record is damaged. The result is a view on `record`. */
export function decodeBytes(seed: Seed, record: Uint8Array): Uint8Array | undefined {
  return unseal(seed, record, decoding.readTailAsUint8Array)
}

export function encodeTombstone(seed: Seed, tombstone: Tombstone): Uint8Array {
  return seal(seed, (encoder) => {
    encoding.writeVarUint(encoder, tombstone.generation)
    encoding.writeFloat64(encoder, tombstone.deletedAt)
    encoding.writeUint8Array(encoder, tombstone.stateVector)
  })
}

/** `undefined` where the record is damaged. */
export function decodeTombstone(seed: Seed, record: Uint8Array): Tombstone | undefined {
  return unseal(seed, record, (decoder) => {
    const generation = decoding.readVarUint(decoder)
    const deletedAt = decoding.readFloat64(decoder)
    return { generation, stateVector: decoding.readTailAsUint8Array(decoder), deletedAt }
  })
}

function writeOptionalString(encoder: encoding.Encoder, text: string | undefined): void {
  encoding.writeUint8(encoder, text === undefined ? 0 : 1)
  if (text !== undefined) encoding.writeVarString(encoder, text)
}

function readOptionalString(decoder: decoding.Decoder): string | undefined {
  return decoding.readUint8(decoder) === 0 ? undefined : decoding.readVarString(decoder)
}
