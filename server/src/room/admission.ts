import type { ChatLedger } from './chat-ledger.ts'
import type { ChatUnit } from './chat-units.ts'
import { Classifier } from './classifier.ts'
import { ClientRecord, ClientTable } from './client-table.ts'
import { commitUpdate, overlapsOf } from './commit.ts'
import { excessOf, type ContentBounds, type Excess } from './content-bounds.ts'
import type { DeleteIndex } from './delete-index.ts'
import { type DeleteGuard, FreshDeletes } from './fresh-deletes.ts'
import { Integration } from './integration.ts'
import { Malformed } from './malformed.ts'
import { StructReader } from './struct-reader.ts'
import type { Tail } from './tail.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

/** clientID → lowest clock that is lacking: once S of the client passes it, asking again makes sense. */
export type Missing = ReadonlyMap<number, number>

/** Units of one client that an update told and the room knew already: clocks `[from, to)`. */
export interface KnownUnits {
  readonly client: number
  readonly from: number
  readonly to: number
}

/** What became of an update. */
export type Admission =
  | {
      readonly kind: 'append'
      /** What goes to the log and to the members: the given bytes where untouched, else rewritten. */
      readonly update: Uint8Array
      readonly missing?: Missing | undefined
      /** What came to the top level of the chat and is still there. */
      readonly chat?: readonly ChatUnit[] | undefined
      /** Units the sender may not delete, and which are still there. */
      readonly guarded?: number | undefined
      readonly overlaps?: readonly KnownUnits[] | undefined
    }
  | {
      readonly kind: 'known'
      readonly missing?: Missing | undefined
      readonly guarded?: number | undefined
      readonly overlaps?: readonly KnownUnits[] | undefined
    }
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** It is well-formed and clashes with what the room holds, which somebody else may have put there. */
      readonly isClash?: true
      readonly overlaps?: readonly KnownUnits[] | undefined
    }
  /** The document would hold more than it may. */
  | { readonly kind: 'full'; readonly excess: Excess; readonly missing?: undefined }

/** The parts of a room's content that an admission reads and advances. */
export interface RoomParts {
  /** S and K. */
  readonly clients: ClientTable
  /** D. */
  readonly deletes: DeleteIndex
  readonly tail: Tail
  readonly chat: ChatLedger
  readonly bounds: ContentBounds
  /** Structs of the base. */
  baseStructs: number
  /** Updates taken so far. */
  changes: number
}

// Admission is synchronous: one scratch serves all rooms of the process.
const layout = new UpdateLayout()
const scan = new UpdateScan(layout)
const fresh = new FreshDeletes()
const reader = new StructReader()
// used behind the scan only
reader.isTrusted = true
const classifier = new Classifier(layout, new ClientTable())
const records: ClientRecord[] = []
/** In place of bounds: whatever may be admitted is not. */
const NOTHING = 'nothing'
const NO_RECORD = new ClientRecord(-1)
const KEPT_RECORDS = 1_024

/**
 * Scan, integrable part, deletes, trim and slice, map rule, store: `room-log.md` section 2. Changes the parts when the answer is
 * `append`, and nothing otherwise. Makes no object per struct.
 */
export function admitUpdate(
  room: RoomParts,
  update: Uint8Array,
  bounds: ContentBounds = room.bounds,
  guard?: DeleteGuard,
): Admission {
  try {
    scan.begin(update, room.clients)
    scan.step(Infinity)
    return admitScanned(room, update, bounds, guard)
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'refused', reason: error.message }
    throw error
  } finally {
    layout.release()
    fresh.release()
  }
}

/** What the map rule refuses, `room-log.md` section 2. */
export const POISON = 'a map entry longer than one unit'

/** Refused by the map rule. */
export function poisoned(update: UpdateLayout, of: readonly ClientRecord[]): Admission {
  return { kind: 'refused', reason: POISON, isClash: true, overlaps: overlapsOf(update, of) }
}

/** Why an update would be refused now, whatever the bounds; `undefined` where it would not. Changes nothing. */
export function refusalOf(room: RoomParts, update: Uint8Array): string | undefined {
  try {
    scan.begin(update, room.clients)
    scan.step(Infinity)
    const admission = admitScanned(room, update, NOTHING, undefined)
    return admission.kind === 'refused' ? admission.reason : undefined
  } catch (error) {
    if (error instanceof Malformed) return error.message
    throw error
  } finally {
    layout.release()
    fresh.release()
  }
}

function admitScanned(
  room: RoomParts,
  update: Uint8Array,
  bounds: ContentBounds | typeof NOTHING,
  guard: DeleteGuard | undefined,
): Admission {
  classifier.begin(room.clients)
  openRecords(room)
  let missing: Map<number, number> | undefined
  if (layout.isReady) {
    takeAll()
  } else {
    const integration = new Integration(layout, room.clients, records, classifier)
    integration.step(Infinity)
    missing = integration.addMissing(missing)
  }
  missing = fresh.collect(layout, room.clients, missing, guard)
  if (classifier.hasPoison) {
    const refusal = poisoned(layout, records)
    undoRecords(room)
    return refusal
  }
  if (bounds === NOTHING) {
    undoRecords(room)
    return { kind: 'known' }
  }
  const excess = excessOf(room, bounds, layout, records, fresh)
  if (excess !== undefined) {
    undoRecords(room)
    return { kind: 'full', excess }
  }
  const admission = commitUpdate(room, { update, layout, records, fresh, missing, chat: classifier.chat })
  closeRecords(room)
  return admission
}

/** Finds or makes the record of each section. */
function openRecords(room: RoomParts): void {
  for (let section = 0; section < layout.sections; section++) {
    const record = room.clients.obtain(layout.client[section] as number)
    record.section = section
    layout.runsBefore[section] = record.classes.length
    layout.keep[section] = -1
    records[section] = record
  }
}

/** Lets the records go, one by one: emptying the array would make the next admission allocate it again. */
function closeRecords(room: RoomParts): void {
  for (let section = 0; section < layout.sections; section++) {
    const record = records[section] as ClientRecord
    record.section = -1
    record.reach = record.clock
    if (record.clock === 0 && record.drafts === 0) room.clients.remove(record)
    records[section] = NO_RECORD
  }
  if (records.length > KEPT_RECORDS) records.length = 0
}

function undoRecords(room: RoomParts): void {
  for (let section = 0; section < layout.sections; section++) {
    const record = records[section] as ClientRecord
    record.classes.length = layout.runsBefore[section] as number
  }
  closeRecords(room)
}

/** The common case, where all of the update can be integrated in the order it stands. */
function takeAll(): void {
  for (let section = 0; section < layout.sections; section++) {
    const record = records[section] as ClientRecord
    const stop = layout.first[section + 1] as number
    layout.stop[section] = stop
    if ((layout.endClock[section] as number) <= record.clock) continue
    let i = layout.first[section] as number
    let clock = layout.clock[section] as number
    while (clock + (layout.length[i] as number) <= record.clock) clock += layout.length[i++] as number
    layout.keep[section] = i
    layout.offset[section] = record.clock - clock
    for (let offset = record.clock - clock; i < stop; i++, offset = 0) {
      reader.load(layout.bytes, layout.at[i] as number, layout.structEnd(section, i))
      reader.head()
      classifier.visit(reader, record, i, clock, offset)
      clock += layout.length[i] as number
    }
    record.reach = clock
  }
}
