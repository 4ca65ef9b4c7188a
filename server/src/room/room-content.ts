import { type Admission, admitUpdate, refusalOf, type RoomParts } from './admission.ts'
import { Base } from './base.ts'
import { ByteWriter } from './byte-writer.ts'
import { ChatLedger } from './chat-ledger.ts'
import { classAt, ID_CLASS, type IdClass } from './class-runs.ts'
import { ClientTable } from './client-table.ts'
import { type ContentBounds, UNBOUNDED } from './content-bounds.ts'
import { cutUpdate } from './cut.ts'
import { DeleteIndex } from './delete-index.ts'
import { type DeleteGuard, FreshDeletes } from './fresh-deletes.ts'
import { isKnownUpdate } from './known-update.ts'
import {
  admitInSlices,
  inspectInSlices,
  type Inspection,
  type SliceBudget,
  type SliceNeed,
} from './large-admission.ts'
import { loadSnapshot, SnapshotError, type ReadElsewhere } from './snapshot-loader.ts'
import { encodeStateVector, parseStateVector, type StateVector } from './state-vector.ts'
import { Tail, type TailMark } from './tail.ts'
import type { UpdateLayout } from './update-layout.ts'

export type { Admission, Missing } from './admission.ts'

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
  readonly #parts: RoomParts
  #base: Base
  #vector: Uint8Array | undefined
  #version = 0

  private constructor(base: Base, clients: ClientTable, bounds: ContentBounds) {
    this.#base = base
    const baseStructs = base.structs
    const deletes = new DeleteIndex(clients)
    const chat = new ChatLedger()
    this.#parts = { clients, deletes, tail: new Tail(), chat, bounds, baseStructs, changes: 0 }
  }

  /**
   * Reads a snapshot, or begins empty.
   *
   * @param yieldTurn - awaited every few milliseconds of work, so that a large snapshot does not block the loop
   * @param bounds - what `admit` answers `full` beyond; a snapshot may be over them
   * @param readElsewhere - for a snapshot with a value of many megabytes
   * @throws SnapshotError where the snapshot is not one valid, self-contained update
   */
  static async open(
    snapshot: Uint8Array | undefined,
    yieldTurn: () => Promise<void> = () => Promise.resolve(),
    bounds: ContentBounds = UNBOUNDED,
    readElsewhere?: ReadElsewhere,
  ): Promise<RoomContent> {
    if (snapshot === undefined) return new RoomContent(Base.empty, new ClientTable(), bounds)
    const { base, clients, layout, chat } = await loadSnapshot(snapshot, yieldTurn, readElsewhere)
    const content = new RoomContent(base, clients, bounds)
    await content.chat.load(layout, chat, clients, yieldTurn)
    return content
  }

  /** The messages of the chat, and whose they are. */
  get chat(): ChatLedger {
    return this.#parts.chat
  }

  /** Changes whenever an answer would: the key of cached answers. */
  get version(): number {
    return this.#version
  }

  /** Admitted updates since the base. */
  get tailCount(): number {
    return this.#parts.tail.entries
  }

  /** Bytes of the admitted updates since the base, as the log holds them. */
  get tailBytes(): number {
    return this.#parts.tail.updateBytes
  }

  get baseBytes(): number {
    return this.#base.bytes.length
  }

  get baseStructs(): number {
    return this.#base.structs
  }

  /** S of a client, 0 where it never wrote. */
  clock(client: number): number {
    return this.#parts.clients.clock(client)
  }

  /** K of a known unit: what it is to the room's rules. */
  classOf(client: number, clock: number): IdClass {
    const record = this.#parts.clients.find(client)
    return record === undefined ? ID_CLASS.other : classAt(record.classes, clock)
  }

  /** S, as SyncStep1 carries it. Cached until it changes; do not write into it. */
  encodeStateVector(): Uint8Array {
    this.#vector ??= encodeStateVector(this.#parts.clients.sorted())
    return this.#vector
  }

  /**
   * Takes an update in: refuses what no honest client writes, keeps what can be integrated and is new, names what is
   * missing. Advances S, D, K and the tail when the answer is `append`; changes nothing otherwise. What `guard` keeps is not
   * deleted by it.
   */
  admit(update: Uint8Array, guard?: DeleteGuard): Admission {
    return this.#admitted(admitUpdate(this.#parts, update, undefined, guard))
  }

  /** The same for an entry of the log: what is stored is taken whatever the bounds say by now. */
  admitStored(update: Uint8Array): Admission {
    return this.#admitted(admitUpdate(this.#parts, update, UNBOUNDED))
  }

  /**
   * The same for a large update that was scanned already, in slices: each `next()` is a few milliseconds of work, the last
   * one commits. Other updates may be admitted between two of them.
   */
  *admitInSlices(
    layout: UpdateLayout,
    budget?: SliceBudget,
    guard?: DeleteGuard,
  ): Generator<SliceNeed, Admission, undefined> {
    return this.#admitted(yield* admitInSlices(this.#parts, layout, budget, guard))
  }

  /** {@link RoomContent.admitInSlices} for what is stored: it is taken whatever the bounds say by now. */
  *admitStoredInSlices(
    layout: UpdateLayout,
    budget?: SliceBudget,
  ): Generator<SliceNeed, Admission, undefined> {
    return this.#admitted(yield* admitInSlices(this.#parts, layout, budget, undefined, UNBOUNDED))
  }

  #admitted(admission: Admission): Admission {
    if (admission.kind === 'append') {
      this.#version++
      this.#vector = undefined
    }
    return admission
  }

  /** Why an update would be refused now; `undefined` where it would not. Changes nothing. */
  refusalOf(update: Uint8Array): string | undefined {
    return refusalOf(this.#parts, update)
  }

  /** Whether a large update that was scanned already would be refused now, and whether it holds anything new. */
  inspectInSlices(layout: UpdateLayout, budget?: SliceBudget): Generator<SliceNeed, Inspection, undefined> {
    return inspectInSlices(this.#parts, layout, budget)
  }

  /** Whether an update holds nothing new; `false` for bytes that are none. Changes nothing. */
  knows(update: Uint8Array): boolean {
    return isKnownUpdate(this.#parts.clients, update)
  }

  /**
   * The update for the one SyncStep2 that answers a SyncStep1 with this state vector, whoever asks; `undefined` where the
   * vector is malformed.
   */
  answer(stateVector: Uint8Array): Uint8Array | undefined {
    const vector = parseStateVector(stateVector)
    return vector === undefined ? undefined : this.#cut(vector)
  }

  /** An update with all units of one client from a clock on, and of nobody else. */
  unitsOf(client: number, from: number): Uint8Array {
    const vector = new Map(this.#parts.clients.sorted().map((record) => [record.client, record.clock]))
    return this.#cut(vector.set(client, from))
  }

  #cut(vector: StateVector): Uint8Array {
    return cutUpdate(this.#parts.tail, this.#parts.clients, this.#parts.deletes.encode(), vector)
  }

  /** The content as it is now, for a compaction elsewhere. */
  freeze(): FrozenContent {
    return {
      update: this.#cut(EVERYTHING),
      tailCount: this.#parts.tail.entries,
      stateVector: this.encodeStateVector(),
      tailMark: this.#parts.tail.mark(),
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
    readElsewhere?: ReadElsewhere,
  ): Promise<Uint8Array | undefined> {
    const loaded = await loadSnapshot(snapshot, yieldTurn, readElsewhere)
    if (frozen.base !== this.#base) throw new SnapshotError('another compaction came first')
    const vector = encodeStateVector(loaded.clients.sorted())
    if (!isEqual(vector, frozen.stateVector))
      throw new SnapshotError('its state vector is not the frozen one')
    this.#base = loaded.base
    this.#parts.baseStructs = loaded.base.structs
    this.#parts.tail.drop(frozen.tailMark)
    for (const record of this.#parts.clients.sorted()) {
      record.inBase = loaded.clients.find(record.client)?.inBase
      record.lastSection = Math.max(-1, record.lastSection - frozen.tailMark.sections)
    }
    this.#version++
    const fresh = new FreshDeletes()
    fresh.collect(loaded.layout, this.#parts.clients, undefined)
    if (fresh.count === 0) return undefined
    fresh.addTo(this.#parts.deletes)
    this.#parts.chat.deleteFresh(fresh)
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
