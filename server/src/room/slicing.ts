import type { ByteWriter } from './byte-writer.ts'
import { HAS_KEY, HAS_ORIGIN, HAS_RIGHT_ORIGIN, KIND, StructReader } from './struct-reader.ts'
import { byteOfUnit } from './utf8.ts'

const reader = new StructReader()
// only what was scanned is cut
reader.isTrusted = true

/**
 * Writes the right part of a struct, cut `offset` units (at least one, less than its length) behind its first, as Yjs'
 * own encoder does: origin = the unit before, right origin kept, no parent, content from the offset. A string cut
 * inside a surrogate pair begins with U+FFFD, as in Yjs.
 *
 * @param bytes - where the struct stands, in `[at, end)`; already scanned
 * @param clock - of the struct's first unit
 * @see yjs `Item.write`, `ContentString.splice`
 */
export function writeSliced(
  writer: ByteWriter,
  bytes: Uint8Array,
  at: number,
  end: number,
  client: number,
  clock: number,
  offset: number,
): void {
  reader.load(bytes, at, end)
  reader.head()
  if (reader.kind === KIND.gc) {
    writer.byte(KIND.gc)
    writer.varUint(reader.clock() - offset)
    return
  }
  writer.byte(reader.kind | HAS_ORIGIN | (reader.info & HAS_RIGHT_ORIGIN) | (reader.keyed ? HAS_KEY : 0))
  writer.varUint(client)
  writer.varUint(clock + offset - 1)
  if (reader.hasRightOrigin) {
    writer.varUint(reader.rightClient)
    writer.varUint(reader.rightClock)
  }
  if (reader.kind === KIND.string) {
    writeText(writer, bytes, offset)
    return
  }
  // deleted, JSON and any begin with their length in units
  writer.varUint(reader.clock() - offset)
  if (reader.kind === KIND.json) reader.skipJson(offset)
  else if (reader.kind === KIND.any) reader.skipAny(offset)
  writer.copy(bytes, reader.at, end)
}

function writeText(writer: ByteWriter, bytes: Uint8Array, offset: number): void {
  const size = reader.varUint()
  const end = reader.at + size
  const from = byteOfUnit(bytes, reader.at, offset)
  if (from >= 0) {
    writer.varUint(end - from)
    writer.copy(bytes, from, end)
    return
  }
  writer.varUint(end + from + 3)
  writer.byte(0xef)
  writer.byte(0xbf)
  writer.byte(0xbd)
  writer.copy(bytes, -from, end)
}
