import { Base } from './base.ts'
import { ByteWriter } from './byte-writer.ts'
import { classAt, ID_CLASS, type IdClass } from './class-runs.ts'
import { Classifier } from './classifier.ts'
import { ClientRecord, ClientTable } from './client-table.ts'
import { cutUpdate } from './cut.ts'
import { DeleteIndex } from './delete-index.ts'
import { FreshDeletes } from './fresh-deletes.ts'
import { Integration } from './integration.ts'
import { Malformed } from './malformed.ts'
import { loadSnapshot, SnapshotError } from './snapshot-loader.ts'
import { encodeStateVector, parseStateVector, type StateVector } from './state-vector.ts'
import { StructReader } from './struct-reader.ts'
import { Tail, type TailMark } from './tail.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

/** clientID → lowest clock that is lacking: once S of the client passes it, asking again makes sense. */
export type Missing = ReadonlyMap<number, number>

/** What became of an update. */
export type Admission =
  | {
      readonly kind: 'append'
      /** What goes to the log and to the members: the given bytes where untouched, else rewritten. */
      readonly update: Uint8Array
      readonly missing?: Missing | undefined
    }
  | { readonly kind: 'known'; readonly missing?: Missing | undefined }
  | { readonly kind: 'refused'; readonly reason: string }

/** A room's content at one moment: input of a compaction, and what its result is compared with. */
export interface FrozenContent {
  /** Everything, as one update. */
  readonly update: Uint8Array
  readonly tailCount: number
  /** S at that moment, encoded. */
  readonly stateVector: Uint8Array
  /** Where the tail stood. */
  readonly tailMark: TailMark
  /** The base it was taken from: another one in between makes it stale. */
  readonly base: Base
}

const EVERYTHING: StateVector = new Map()
const NO_DELETES = 0

// Admission is synchronous: one scratch serves all rooms of the process.
const layout = new UpdateLayout()
const scan = new UpdateScan(layout)
const fresh = new FreshDeletes()
const reader = new StructReader()
const classifier = new Classifier(layout, new ClientTable())
const records: ClientRecord[] = []
const NO_RECORD = new ClientRecord(-1)
const KEPT_RECORDS = 1_024

/**
 * A room's document as bytes: base, tail, S, D and K of `room-log.md`, without a Y.Doc. Answers are cut by copying, updates are
 * read once and stored so that the structs of one client are contiguous.
 *
 * @example
 * const content = await RoomContent.open(undefined)
 * const admission = content.admit(update)
 * if (admission.kind === 'append') append(admission.update)
 */
export class RoomContent {
  readonly #clients: ClientTable
  readonly #deletes: DeleteIndex
  readonly #tail = new Tail()
  #base: Base
  #vector: Uint8Array | undefined
  #version = 0

  private constructor(base: Base, clients: ClientTable) {
    this.#base = base
    this.#clients = clients
    this.#deletes = new DeleteIndex(clients)
  }

  /**
   * Reads a snapshot, or begins empty.
   *
   * @param yieldTurn - awaited every few milliseconds of work, so that a large snapshot does not block the loop
   * @throws SnapshotError where the snapshot is not one valid, self-contained update
   */
  static async open(
    snapshot: Uint8Array | undefined,
    yieldTurn: () => Promise<void> = () => Promise.resolve(),
  ): Promise<RoomContent> {
    if (snapshot === undefined) return new RoomContent(Base.empty, new ClientTable())
    const { base, clients } = await loadSnapshot(snapshot, yieldTurn)
    return new RoomContent(base, clients)
  }

  /** Changes whenever an answer would: the key of cached answers. */
  get version(): number {
    return this.#version
  }

  /** Admitted updates since the base. */
  get tailCount(): number {
    return this.#tail.entries
  }

  /** Bytes of the admitted updates since the base, as the log holds them. */
  get tailBytes(): number {
    return this.#tail.updateBytes
  }

  get baseBytes(): number {
    return this.#base.bytes.length
  }

  /** S of a client, 0 where it never wrote. */
  clock(client: number): number {
    return this.#clients.clock(client)
  }

  /** K of a known unit: what it is to the room's rules. */
  classOf(client: number, clock: number): IdClass {
    const record = this.#clients.find(client)
    return record === undefined ? ID_CLASS.other : classAt(record.classes, clock)
  }

  /** S, as SyncStep1 carries it. Cached until it changes; do not write into it. */
  encodeStateVector(): Uint8Array {
    this.#vector ??= encodeStateVector(this.#clients.sorted())
    return this.#vector
  }

  /**
   * Takes an update in: refuses what no honest client writes, keeps what can be integrated and is new, names what is
   * missing. Advances S, D, K and the tail when the answer is `append`; changes nothing otherwise.
   */
  admit(update: Uint8Array): Admission {
    try {
      return this.#admit(update)
    } catch (error) {
      if (error instanceof Malformed) return { kind: 'refused', reason: error.message }
      throw error
    } finally {
      layout.release()
      fresh.release()
    }
  }

  #admit(update: Uint8Array): Admission {
    scan.begin(update, this.#clients)
    scan.step(Infinity)
    classifier.begin(this.#clients)
    this.#openRecords()
    let missing: Map<number, number> | undefined
    if (layout.isReady) {
      this.#takeAll()
    } else {
      const integration = new Integration(layout, this.#clients, records, classifier)
      integration.step(Infinity)
      missing = integration.addMissing(missing)
    }
    missing = fresh.collect(layout, this.#clients, missing)
    if (classifier.hasPoison) {
      this.#undoRecords()
      return { kind: 'refused', reason: 'a map entry longer than one unit' }
    }
    const admission = this.#commit(update, missing)
    this.#closeRecords()
    return admission
  }

  /** Finds or makes the record of each section. */
  #openRecords(): void {
    for (let section = 0; section < layout.sections; section++) {
      const record = this.#clients.obtain(layout.client[section] as number)
      record.section = section
      layout.runsBefore[section] = record.classes.length
      layout.keep[section] = -1
      records[section] = record
    }
  }

  /** Lets the records go, one by one: emptying the array would make the next admission allocate it again. */
  #closeRecords(): void {
    for (let section = 0; section < layout.sections; section++) {
      const record = records[section] as ClientRecord
      record.section = -1
      record.reach = record.clock
      if (record.clock === 0) this.#clients.remove(record)
      records[section] = NO_RECORD
    }
    if (records.length > KEPT_RECORDS) records.length = 0
  }

  #undoRecords(): void {
    for (let section = 0; section < layout.sections; section++) {
      const record = records[section] as ClientRecord
      record.classes.length = layout.runsBefore[section] as number
    }
    this.#closeRecords()
  }

  /** The common case, where all of the update can be integrated in the order it stands. */
  #takeAll(): void {
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

  #commit(update: Uint8Array, missing: Missing | undefined): Admission {
    let isWhole = fresh.isWhole
    let changed = 0
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
    if (changed === 0 && fresh.count === NO_DELETES) return { kind: 'known', missing }
    const firstSection = this.#tail.sections
    for (let section = 0; section < layout.sections; section++) {
      if (layout.keep[section] !== -1) this.#take(records[section] as ClientRecord, section)
    }
    const appended = isWhole ? update : this.#rewritten(firstSection)
    fresh.addTo(this.#deletes)
    this.#tail.endEntry(appended.length)
    this.#version++
    return { kind: 'append', update: appended, missing }
  }

  #take(record: ClientRecord, section: number): void {
    this.#tail.append(record, layout, section)
    if (record.clock === 0) this.#clients.confirm()
    record.clock = record.reach
    this.#vector = undefined
  }

  /** The update as it is stored: the tail's sections from `firstSection` on and the deletes that are new. */
  #rewritten(firstSection: number): Uint8Array {
    const tail = this.#tail
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

  /**
   * The update for the one SyncStep2 that answers a SyncStep1 with this state vector, whoever asks; `undefined` where the
   * vector is malformed.
   */
  answer(stateVector: Uint8Array): Uint8Array | undefined {
    const vector = parseStateVector(stateVector)
    return vector === undefined ? undefined : this.#cut(vector)
  }

  #cut(vector: StateVector): Uint8Array {
    return cutUpdate(this.#base, this.#tail, this.#clients, this.#deletes.encode(), vector)
  }

  /** The content as it is now, for a compaction elsewhere. */
  freeze(): FrozenContent {
    return {
      update: this.#cut(EVERYTHING),
      tailCount: this.#tail.entries,
      stateVector: this.encodeStateVector(),
      tailMark: this.#tail.mark(),
      base: this.#base,
    }
  }

  /**
   * Replaces the base by a verified snapshot of `frozen` and drops the entries it holds; what was admitted since stays as
   * tail. Admissions may happen while it awaits.
   *
   * @returns a delete-only update with what the snapshot deletes and D lacked, for the members; `undefined` where nothing
   * @throws SnapshotError, with nothing changed, where the snapshot is invalid, holds more or less than `frozen`, or the
   * base is another one by now
   */
  async rebase(
    snapshot: Uint8Array,
    frozen: FrozenContent,
    yieldTurn: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Uint8Array | undefined> {
    const loaded = await loadSnapshot(snapshot, yieldTurn)
    if (frozen.base !== this.#base) throw new SnapshotError('another compaction came first')
    const vector = encodeStateVector(loaded.clients.sorted())
    if (!isEqual(vector, frozen.stateVector))
      throw new SnapshotError('its state vector is not the frozen one')
    this.#base = loaded.base
    this.#tail.drop(frozen.tailMark)
    for (const record of this.#clients.sorted()) {
      record.lastSection = Math.max(-1, record.lastSection - frozen.tailMark.sections)
    }
    this.#version++
    fresh.collect(loaded.layout, this.#clients, undefined)
    if (fresh.count === NO_DELETES) return undefined
    fresh.addTo(this.#deletes)
    const writer = new ByteWriter(64)
    writer.varUint(0)
    fresh.write(writer)
    return writer.bytes.slice(0, writer.length)
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  return a.every((byte, i) => byte === b[i])
}
