import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { seal, unseal, type Seed } from './embedded-envelope.ts'
import type { Tombstone } from './room-log.ts'

/** First byte of these records: what stands in the rest. */
const RECORD_VERSION = 1

/** What a room's log is without its bodies. Sequence numbers start at 1 and have no holes. */
export interface MetaRecord {
  readonly generation: number
  readonly epoch: string
  /** The snapshot holds everything up to here; 0 without. */
  readonly upTo: number
  /** Sequence number of the last entry; 0 before the first. */
  readonly last: number
  /** Bytes of all updates of this epoch up to and with `upTo`, and up to and with `last`. */
  readonly totalUpTo: number
  readonly total: number
  readonly snapshotBytes: number | undefined
  readonly hasTitle: boolean
}

export function encodeMeta(seed: Seed, meta: MetaRecord): Uint8Array {
  return seal(seed, RECORD_VERSION, (encoder) => {
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
  return unseal(seed, RECORD_VERSION, record, (decoder) => {
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
  return seal(seed, RECORD_VERSION, (encoder) => encoding.writeUint8Array(encoder, bytes))
}

/** `undefined` where the record is damaged. The result is a view on `record`. */
export function decodeBytes(seed: Seed, record: Uint8Array): Uint8Array | undefined {
  return unseal(seed, RECORD_VERSION, record, decoding.readTailAsUint8Array)
}

export function encodeTombstone(seed: Seed, tombstone: Tombstone): Uint8Array {
  return seal(seed, RECORD_VERSION, (encoder) => {
    encoding.writeVarUint(encoder, tombstone.generation)
    encoding.writeFloat64(encoder, tombstone.deletedAt)
    encoding.writeUint8Array(encoder, tombstone.stateVector)
  })
}

/** `undefined` where the record is damaged. */
export function decodeTombstone(seed: Seed, record: Uint8Array): Tombstone | undefined {
  return unseal(seed, RECORD_VERSION, record, (decoder) => {
    const generation = decoding.readVarUint(decoder)
    const deletedAt = decoding.readFloat64(decoder)
    return { generation, stateVector: decoding.readTailAsUint8Array(decoder), deletedAt }
  })
}
