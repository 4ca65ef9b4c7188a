import { Base, type BaseSection } from './base.ts'
import { Classifier } from './classifier.ts'
import { type ClientRecord, ClientTable } from './client-table.ts'
import { Integration } from './integration.ts'
import { LongStruct, Malformed } from './malformed.ts'
import { RangeList } from './range-list.ts'
import { readUpdate, type ReadResult } from './read-update.ts'
import { markStructs } from './struct-marks.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

/** Between two yields: a few milliseconds of work, far below the 50 ms a loop may block. */
const BYTES_PER_TURN = 128 * 1024
const STRUCTS_PER_TURN = 16_384
/** A longer struct takes too long for one turn: ten milliseconds at worst. */
const STRUCT_BYTES_PER_TURN = 512 * 1024

/** Reads a whole update away from the room's own turn; rejects where that is not possible now. */
export type ReadElsewhere = (update: Uint8Array) => Promise<ReadResult>

/** A stored snapshot that cannot be a room's base. */
export class SnapshotError extends Error {
  constructor(reason: string) {
    super(`The stored snapshot cannot be read: ${reason}. Restore it from a backup, or delete the room.`)
    this.name = 'SnapshotError'
  }
}

/** A snapshot as a room needs it. */
export interface LoadedSnapshot {
  readonly base: Base
  /** S, D and K of the snapshot. */
  readonly clients: ClientTable
  /** Its delete set stands here, as ranges. */
  readonly layout: UpdateLayout
  /** The classifier's structs of the chat. */
  readonly chat: readonly number[]
}

/**
 * Reads a snapshot once: structure, whether all of it can be integrated from nothing, marks, S, D and K.
 *
 * @param yieldTurn - awaited every few milliseconds of work
 * @param readElsewhere - for what holds a value of many megabytes, which no step can stop within; without it that is read here
 * @throws SnapshotError where the bytes are not one valid, self-contained update
 */
export async function loadSnapshot(
  bytes: Uint8Array,
  yieldTurn: () => Promise<void>,
  readElsewhere: ReadElsewhere = async (update) => readUpdate(update, Infinity),
): Promise<LoadedSnapshot> {
  // what cannot be read elsewhere now is read here: without it there is no room
  const readWhole = (): Promise<ReadResult> => readElsewhere(bytes).catch(() => readUpdate(bytes, Infinity))
  const layout = (await scanInSteps(bytes, yieldTurn)) ?? layoutOf(await readWhole())
  if (layout.hasSkip) throw new SnapshotError('it has gaps')
  const clients = new ClientTable()
  const records = sectionRecords(layout, clients)
  const classifier = new Classifier(layout, clients)
  const integration = new Integration(layout, clients, records, classifier)
  while (!integration.step(STRUCTS_PER_TURN)) await yieldTurn()
  for (const [section, record] of records.entries()) {
    if (record.reach !== layout.endClock[section] || layout.clock[section] !== 0) {
      throw new SnapshotError('it refers to what it does not hold')
    }
    record.clock = record.reach
    record.section = -1
    clients.confirm(record)
  }
  takeDeletes(layout, clients)
  for (const [section, record] of records.entries()) {
    record.inBase = baseSection(layout, section, bytes)
    if (section % 1_024 === 1_023) await yieldTurn()
  }
  return { base: new Base(bytes, layout.structs), clients, layout, chat: classifier.chat }
}

/** `undefined` where a struct is too long for one step. */
async function scanInSteps(
  bytes: Uint8Array,
  yieldTurn: () => Promise<void>,
): Promise<UpdateLayout | undefined> {
  const layout = new UpdateLayout()
  const scan = new UpdateScan(layout)
  try {
    scan.begin(bytes, new ClientTable(), { maxStructBytes: STRUCT_BYTES_PER_TURN })
    while (!scan.step(BYTES_PER_TURN)) await yieldTurn()
    return layout
  } catch (error) {
    if (error instanceof LongStruct) return undefined
    if (error instanceof Malformed) throw new SnapshotError(error.message)
    throw error
  }
}

function layoutOf(result: ReadResult): UpdateLayout {
  if (result.kind === 'read') return result.layout
  throw new SnapshotError(result.kind === 'malformed' ? result.reason : 'too many structs')
}

function sectionRecords(layout: UpdateLayout, clients: ClientTable): ClientRecord[] {
  const records: ClientRecord[] = []
  for (let section = 0; section < layout.sections; section++) {
    const record = clients.obtain(layout.client[section] as number)
    record.section = section
    records.push(record)
  }
  return records
}

function takeDeletes(layout: UpdateLayout, clients: ClientTable): void {
  for (let i = 0; i < layout.deleteClients; i++) {
    const record = clients.find(layout.deleteClient[i] as number)
    const first = layout.firstRange[i] as number
    const end = layout.firstRange[i + 1] as number
    if (record === undefined || (layout.range[2 * end - 1] as number) > record.clock) {
      throw new SnapshotError('it deletes what it does not hold')
    }
    record.deleted = new RangeList()
    record.deleted.merge(layout.range, first, end)
  }
}

function baseSection(layout: UpdateLayout, section: number, bytes: Uint8Array): BaseSection {
  const first = layout.first[section] as number
  const stop = layout.first[section + 1] as number
  const from = layout.at[first] as number
  const to = layout.endByte[section] as number
  const marks = markStructs(layout, first, stop, 0, to)
  return {
    bytes,
    from,
    to,
    clock: 0,
    count: stop - first,
    marks,
    endClock: layout.endClock[section] as number,
  }
}
