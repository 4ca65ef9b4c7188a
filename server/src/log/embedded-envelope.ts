import { crc32 } from 'node:zlib'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** Version and CRC-32 (little endian) of place and body. */
const ENVELOPE_BYTES = 5

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

/** Wraps a body with checksum and `version`, which says what stands in it. */
export function seal(seed: Seed, version: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeUint8(encoder, version)
  encoding.writeUint32(encoder, 0)
  write(encoder)
  const record = encoding.toUint8Array(encoder)
  const checksum = crc32(record.subarray(ENVELOPE_BYTES), seed)
  for (let byte = 0; byte < 4; byte += 1) record[1 + byte] = checksum >>> (8 * byte)
  return record
}

/** The body of a record of that version; `undefined` where it is another one, or damaged. */
export function unseal<T>(
  seed: Seed,
  version: number,
  record: Uint8Array,
  read: (decoder: decoding.Decoder) => T,
): T | undefined {
  if (record.byteLength < ENVELOPE_BYTES || record[0] !== version) return undefined
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

export function writeOptionalString(encoder: encoding.Encoder, text: string | undefined): void {
  encoding.writeUint8(encoder, text === undefined ? 0 : 1)
  if (text !== undefined) encoding.writeVarString(encoder, text)
}

export function readOptionalString(decoder: decoding.Decoder): string | undefined {
  return decoding.readUint8(decoder) === 0 ? undefined : decoding.readVarString(decoder)
}
