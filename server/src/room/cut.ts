import { ByteWriter } from './byte-writer.ts'
import type { ClientRecord, ClientTable } from './client-table.ts'
import { writeSliced } from './slicing.ts'
import { findStruct, type StructRun } from './struct-marks.ts'
import type { StateVector } from './state-vector.ts'
import type { Tail } from './tail.ts'

/** Count, client and clock of one section fit in so many bytes. */
const HEADER_BYTES = 24
/** A sliced first struct is at most so much longer than what is copied of it. */
const SLICE_BYTES = 64

/**
 * The update that brings a replica with state vector `vector` up to date: per client the base's bytes from the first struct
 * that reaches past its clock, then all tail bytes; the first struct is sliced exactly there. Always the whole delete set:
 * a state vector says nothing about deletes.
 *
 * Same bytes as `Y.diffUpdate` of base and tail, by copying.
 */
export function cutUpdate(
  tail: Tail,
  clients: ClientTable,
  deletes: Uint8Array,
  vector: StateVector,
): Uint8Array {
  const records = clients.sorted()
  // a look-up each in an empty map, and a join of 100,000 clients takes twice as long
  const isCold = vector.size === 0
  let sections = 0
  let capacity = deletes.length + 16
  for (const record of records) {
    record.asked = isCold ? 0 : (vector.get(record.client) ?? 0)
    if (record.asked >= record.clock) continue
    sections++
    capacity += HEADER_BYTES + SLICE_BYTES * Number(record.asked > 0) + boundOf(tail, record)
  }
  const writer = new ByteWriter(capacity)
  writer.varUint(sections)
  for (const record of records) if (record.asked < record.clock) writeSection(writer, tail, record)
  writer.copy(deletes, 0, deletes.length)
  return writer.finish()
}

/** First tail section of a client that reaches past what was asked, -1 where the tail holds nothing of it. */
function firstTailSection(tail: Tail, record: ClientRecord): number {
  let section = record.lastSection
  if (section === -1) return -1
  while (tail.clock(section) > record.asked && tail.previous(section) !== -1) section = tail.previous(section)
  return section
}

/** At least as many bytes as the client's part takes. */
function boundOf(tail: Tail, record: ClientRecord): number {
  const own = record.inBase
  let bytes = own === undefined || own.endClock <= record.asked ? 0 : own.to - own.from
  for (let section = record.lastSection; section !== -1; section = tail.previous(section)) {
    bytes += tail.to(section) - tail.from(section)
    if (tail.clock(section) <= record.asked) break
  }
  return bytes
}

function writeSection(writer: ByteWriter, tail: Tail, record: ClientRecord): void {
  const asked = record.asked
  const own = record.inBase
  const inBase = own !== undefined && own.endClock > asked
  // where the base reaches past the asked clock, every tail section is wanted whole
  const first = inBase ? -1 : firstTailSection(tail, record)
  let count = 0
  let tailBytes = 0
  for (let section = record.lastSection; section !== first; section = tail.previous(section)) {
    count += tail.count(section)
    tailBytes += tail.to(section) - tail.from(section)
  }
  if (!inBase && asked === tail.clock(first)) {
    writeHeader(writer, count + tail.count(first), record)
    writer.copy(tail.writer.bytes, tail.from(first), tail.to(first))
  } else if (inBase && asked === own.clock) {
    writeHeader(writer, count + own.count, record)
    writer.copy(own.bytes, own.from, own.to)
  } else {
    const run = inBase ? own : tail.run(first)
    const place = findStruct(run, asked)
    writeHeader(writer, count + place.left, record)
    writeRun(writer, run, place.at, place.end, record.client, place.clock, asked)
  }
  copyTail(writer, tail, record.lastSection, first, tailBytes)
}

function writeHeader(writer: ByteWriter, count: number, record: ClientRecord): void {
  writer.varUint(count)
  writer.varUint(record.client)
  writer.varUint(record.asked)
}

/** Writes a run from the struct at `at` on, that one from unit `asked` on. */
function writeRun(
  writer: ByteWriter,
  run: StructRun,
  at: number,
  end: number,
  client: number,
  clock: number,
  asked: number,
): void {
  let from = at
  if (asked > clock) {
    writeSliced(writer, run.bytes, at, end, client, clock, asked - clock)
    from = end
  }
  writer.copy(run.bytes, from, run.to)
}

/** Sections are linked newest to oldest: they are copied from the end backwards. */
function copyTail(writer: ByteWriter, tail: Tail, last: number, stop: number, bytes: number): void {
  if (last === stop) return
  writer.reserve(bytes)
  writer.length += bytes
  const end = writer.length
  let at = end
  for (let section = last; section !== stop; section = tail.previous(section)) {
    const from = tail.from(section)
    const to = tail.to(section)
    at -= to - from
    writer.length = at
    writer.copy(tail.writer.bytes, from, to)
  }
  writer.length = end
}
