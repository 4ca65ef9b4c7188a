import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { Malformed } from './malformed.ts'

/** clientID → clock behind its last known unit. */
export type StateVector = ReadonlyMap<number, number>

/**
 * Parses a state vector as Yjs encodes it; `undefined` where the bytes are none. A client that comes twice counts as it
 * does for Yjs: the last one.
 *
 * @example
 * parseStateVector(Y.encodeStateVector(doc))?.get(doc.clientID)
 */
export function parseStateVector(bytes: Uint8Array): StateVector | undefined {
  const reader = new ByteReader()
  reader.load(bytes, 0, bytes.length)
  const vector = new Map<number, number>()
  try {
    const count = reader.varUint()
    if (count * 2 > reader.end - reader.at) return undefined
    for (let i = 0; i < count; i++) vector.set(reader.varUint(), reader.varUint())
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
  return reader.at === reader.end ? vector : undefined
}

/** Encodes clients and clocks, which must come highest clientID first, as Yjs does. */
export function encodeStateVector(
  records: readonly { readonly client: number; readonly clock: number }[],
): Uint8Array {
  const writer = new ByteWriter(16 + 12 * records.length)
  writer.varUint(records.length)
  for (const { client, clock } of records) {
    writer.varUint(client)
    writer.varUint(clock)
  }
  return writer.bytes.slice(0, writer.length)
}
