import type { Admission, KnownUnits, Missing, RoomParts } from './admission.ts'
import { ByteWriter } from './byte-writer.ts'
import type { ClientRecord } from './client-table.ts'
import type { FreshDeletes } from './fresh-deletes.ts'
import type { Tail } from './tail.ts'
import type { UpdateLayout } from './update-layout.ts'

/** An update that was read to its end: what of it can be integrated, and what of that is new. */
export interface ReadyUpdate {
  readonly update: Uint8Array
  readonly layout: UpdateLayout
  /** The room's records of the layout's sections, `reach` being the clock they get. */
  readonly records: readonly ClientRecord[]
  readonly fresh: FreshDeletes
  readonly missing: Missing | undefined
  /** The classifier's structs of the chat. */
  readonly chat: readonly number[]
}

/** So many overlaps are told of one update: the own id of an honest client is the first or the only one. */
const MAX_OVERLAPS = 16

/** Units of an update that the room had already, where it begins below what the room has. */
export function overlapsOf(
  layout: UpdateLayout,
  records: readonly ClientRecord[],
): readonly KnownUnits[] | undefined {
  let overlaps: KnownUnits[] | undefined
  for (let section = 0; section < layout.sections; section++) {
    const { client, clock } = records[section] as ClientRecord
    const from = layout.clock[section] as number
    if (from >= clock) continue
    overlaps ??= []
    overlaps.push({ client, from, to: Math.min(clock, layout.endClock[section] as number) })
    if (overlaps.length === MAX_OVERLAPS) break
  }
  return overlaps
}

/** Stores what is new, where anything is. */
export function commitUpdate(room: RoomParts, ready: ReadyUpdate): Admission {
  const { update, layout, records, fresh, missing, chat } = ready
  let isWhole = fresh.isWhole
  let changed = 0
  const overlaps = overlapsOf(layout, records)
  for (let section = 0; section < layout.sections; section++) {
    const keep = layout.keep[section] as number
    if (keep === -1) {
      isWhole = false
      continue
    }
    changed++
    isWhole &&=
      keep === layout.first[section] &&
      layout.offset[section] === 0 &&
      layout.stop[section] === layout.first[section + 1]
  }
  if (changed === 0 && fresh.count === 0)
    return { kind: 'known', missing, guarded: fresh.guardedUnits || undefined, overlaps }
  room.changes++
  const firstSection = room.tail.sections
  if (changed > 1) room.tail.reserve(changed)
  for (let section = 0; section < layout.sections; section++) {
    if (layout.keep[section] === -1) continue
    const record = records[section] as ClientRecord
    room.tail.append(record, layout, section)
    if (record.clock === 0) room.clients.confirm(record)
    record.clock = record.reach
  }
  const appended = isWhole ? update : rewritten(room.tail, firstSection, layout, fresh)
  fresh.addTo(room.deletes)
  room.tail.endEntry(appended.length)
  const units = room.chat.take(layout, chat, fresh)
  return {
    kind: 'append',
    update: appended,
    missing,
    chat: units,
    guarded: fresh.guardedUnits || undefined,
    overlaps,
  }
}

/** The update as it is stored: the tail's sections from `firstSection` on and the deletes that are new. */
function rewritten(tail: Tail, firstSection: number, layout: UpdateLayout, fresh: FreshDeletes): Uint8Array {
  const writer = new ByteWriter(64)
  writer.varUint(tail.sections - firstSection)
  let next = firstSection
  for (let section = 0; section < layout.sections; section++) {
    if (layout.keep[section] === -1) continue
    writer.varUint(tail.count(next))
    writer.varUint(layout.client[section] as number)
    writer.varUint(tail.clock(next))
    writer.copy(tail.writer.bytes, tail.from(next), tail.to(next))
    next++
  }
  fresh.write(writer)
  return writer.bytes.slice(0, writer.length)
}
