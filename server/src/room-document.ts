import { laneBytes } from '@roomful/shared'
import { LogError } from './log/log-error.ts'
import { START } from './log/position.ts'
import type { LogEntry, LogHead, Position, RoomLog } from './log/room-log.ts'
import { Appends } from './room-appends.ts'
import { Compaction } from './room-compaction.ts'
import { Coverage, smallest } from './room-coverage.ts'
import { Feed } from './room-feed.ts'
import { createForeignDesk } from './room-foreign-desk.ts'
import { ForeignEntries } from './room-foreign.ts'
import type { CompactionResult } from './room-compactor.ts'
import type { RoomOptions } from './room-options.ts'
import { LargeUpdates, type LargeAdmission } from './room-large-updates.ts'
import { Rewinds } from './room-rewind.ts'
import { StoredEntries } from './room-stored-entries.ts'
import { deletedPast, tombstoneVector } from './room-tombstone.ts'
import type { KnownUnits } from './room/admission.ts'
import { withoutPast } from './room/past.ts'
import type { ChatLedger } from './room/chat-ledger.ts'
import type { DeleteGuard } from './room/fresh-deletes.ts'
import { RoomContent, type Admission, type FrozenContent } from './room/room-content.ts'
import { createInlineReader, wholeBy, type UpdateReader } from './update-reader.ts'

/** What the document tells its room. */
export interface DocumentOwner {
  /** An update that did not come from a member: it goes to everybody. */
  readonly arrived: (update: Uint8Array) => void
  /** More is durable. */
  readonly settled: () => void
  /** A compaction has replaced the base. */
  readonly rebased: () => void
  /** The room was deleted under it. */
  readonly deleted: () => void
  readonly awareness: (instanceId: string, bytes: Uint8Array) => void
  /** Everything other instances have to know of who is here. */
  readonly presence: () => Uint8Array | undefined
  readonly instanceGone: (instanceId: string) => void
}

/** The latest units tell: a clock that was stolen differs from there on. */
const MAX_COMPARED_UNITS = 10_000

/** The state vector of an empty document. */
const EMPTY_VECTOR: Uint8Array = Uint8Array.of(0)

/**
 * A room's document and its log: what is admitted, where it stands in the log, how far it is durable, and when it is
 * compacted. Members are the room's business.
 */
export class RoomDocument {
  readonly #options: RoomOptions
  readonly #log: RoomLog
  readonly #content: RoomContent
  readonly #feed: Feed
  readonly #owner: DocumentOwner
  readonly #appends: Appends
  readonly #stored: StoredEntries
  readonly #foreign: ForeignEntries
  readonly #compaction: Compaction
  readonly #coverage: Coverage
  readonly #reader: UpdateReader
  readonly #large: LargeUpdates
  readonly #rewinds: Rewinds
  #digest: { readonly version: number; readonly bytes: Uint8Array } | undefined
  #isClosed = false

  private constructor(
    options: RoomOptions,
    owner: DocumentOwner,
    log: RoomLog,
    content: RoomContent,
    feed: Feed,
  ) {
    this.#options = options
    this.#owner = owner
    this.#log = log
    this.#content = content
    this.#feed = feed
    const told = { settled: () => owner.settled(), failed: (error: unknown) => this.#appendFailed(error) }
    this.#appends = new Appends(log, told, options.bounds.unsaved)
    this.#reader = readerOf(options)
    this.#large = new LargeUpdates({
      content,
      options,
      reader: this.#reader,
      admitted: (admission) => this.#admitted(admission),
    })
    this.#rewinds = new Rewinds({
      clock: options.clock,
      events: options.events,
      log,
      content,
      reader: this.#reader,
      isClosed: () => this.#isClosed,
      began: (head) => this.#rewound(head),
      take: (entry) => void this.#foreign.take(entry, START),
      taken: () => this.#stored.idle(),
      append: (update) => this.#append(update),
    })
    this.#stored = new StoredEntries({
      content,
      large: this.#large,
      events: options.events,
      arrived: (update) => owner.arrived(update),
      isClosed: () => this.#isClosed,
    })
    this.#foreign = new ForeignEntries({
      take: (entry, took) => this.#stored.take(entry, took),
      cameBehind: (before) => this.#coverage.foreign(before),
      clockOf: (client) => content.clock(client),
      quarantined: (error) => options.events.quarantined('entry', error),
    })
    this.#coverage = new Coverage({
      freeze: () => content.freeze(),
      settled: () => this.#appends.settled(),
      reached: () => feed.last,
      limit: () => this.#foreign.limit,
      rewinds: () => this.#rewinds.count,
    })
    this.#compaction = new Compaction({
      content,
      compactor: options.compactor,
      log,
      events: options.events,
      freeze: () => this.#coverage.freeze(),
      rebase: (result, frozen) => this.#rebase(result, frozen),
    })
  }

  /** Opens the log and replays it. Rejects when storage cannot be read; the log is left then. */
  static async open(options: RoomOptions, owner: DocumentOwner): Promise<RoomDocument> {
    const { backend, name, clock, events, limits } = options
    const bounds = {
      clients: limits.roomClients,
      structs: limits.roomStructs,
      deleteRanges: limits.roomDeleteRanges,
    }
    const opened: { document?: RoomDocument } = {}
    const feed = new Feed(
      {
        instanceId: writerOf(options),
        foreign: (entry, before) => opened.document?.takeForeign(entry, before),
        reached: () => opened.document?.feedReached(),
        gap: (error) => events.gap(error),
        rewound: (head, resume) => void opened.document?.takeRewind(head, resume),
        deleted: () => owner.deleted(),
        awareness: owner.awareness,
        presence: owner.presence,
        instanceGone: owner.instanceGone,
      },
      clock,
    )
    const pause = (): Promise<void> => new Promise((resolve) => clock.endOfTurn(resolve))
    const log = await backend.open(name, feed)
    try {
      const content = await RoomContent.open(
        log.head.snapshot?.bytes,
        pause,
        bounds,
        wholeBy(readerOf(options)),
      )
      const document = new RoomDocument(options, owner, log, content, feed)
      opened.document = document
      await feed.replay(log, pause)
      await document.#retryForeign()
      await document.#admitForeign(pause)
      return document
    } catch (error) {
      feed.close()
      await log.leave()
      throw error
    }
  }

  async #admitForeign(pause: () => Promise<void>): Promise<void> {
    if (this.#log.admitForeign === undefined) return
    const { events } = this.#options
    await this.#log.admitForeign(
      createForeignDesk({
        content: this.#content,
        large: this.#large,
        events,
        head: () => this.#log.head,
        upTo: () => this.#settledUpTo(),
      }),
    )
    // before anybody is answered (I9)
    await this.#feed.readOn(this.#log, pause)
    await this.#retryForeign()
  }

  /** Until nothing more of what is held fits. */
  async #retryForeign(): Promise<void> {
    for (let version = -1; version !== this.version;) {
      version = this.version
      this.#foreign.retry()
      await this.#stored.idle()
    }
  }

  #settledUpTo(): Position | undefined {
    if (this.#appends.submitted !== this.#appends.durable || !this.#feed.isLive) return undefined
    return smallest(this.#feed.last, this.#foreign.limit)
  }

  get head(): LogHead {
    return this.#log.head
  }

  /** Changes with everything admitted. */
  get version(): number {
    return this.#content.version
  }

  /** Digest of what is visible, where nothing was admitted since the last compaction. */
  get digest(): Uint8Array | undefined {
    return this.#digest?.version === this.#content.version ? this.#digest.bytes : undefined
  }

  /** Bytes held of the document. */
  get bytes(): number {
    return this.#content.baseBytes + this.#content.tailBytes
  }

  /** The number of the last append. */
  get submitted(): number {
    return this.#appends.submitted
  }

  /** Appends up to this number are durable. */
  get durable(): number {
    return this.#appends.durable
  }

  /** A large admission never ends unless nothing else is admitted meanwhile. */
  get isAlone(): boolean {
    return this.#large.isAlone
  }

  /** Whether an update takes so long that it has to go through {@link admitLarge}. */
  isLarge(update: Uint8Array, mayBeOld: boolean): boolean {
    return this.#large.isLarge(update, this.#pastOf(mayBeOld))
  }

  /** The messages of the chat, and whose they are. */
  get chat(): ChatLedger {
    return this.#content.chat
  }

  /**
   * Admits an update of a member and hands it to the log. `mayBeOld`: its sender knows nothing of generations. `guard`: what
   * it may not delete.
   */
  admit(update: Uint8Array, mayBeOld: boolean, guard?: DeleteGuard): Admission {
    const past = this.#pastOf(mayBeOld)
    const current = past === undefined ? update : withoutPast(update, past)
    if (current === undefined) return { kind: 'refused', reason: 'not an update' }
    return this.#admitted(this.#content.admit(current, guard))
  }

  /**
   * The same for a large one: read elsewhere, admitted in slices while others are admitted in between. `took` hears of it in
   * the turn in which it came into force, and before anything else does.
   */
  admitLarge(
    update: Uint8Array,
    mayBeOld: boolean,
    took: (admission: LargeAdmission) => void,
    guard?: DeleteGuard,
  ): void {
    this.#large.admit(update, this.#pastOf(mayBeOld), took, guard)
  }

  #admitted(admission: Admission): Admission {
    if (admission.kind === 'append') this.#append(admission.update)
    return admission
  }

  #append(update: Uint8Array): void {
    this.#appends.append(update, { instanceId: writerOf(this.#options), at: this.#options.clock.now() })
  }

  /**
   * Whether an update holds nothing the room lacks: of bytes that are no update it is not, nor of what takes too long to read.
   * Changes nothing.
   */
  knows(update: Uint8Array): boolean {
    return !this.#large.isLarge(update) && this.#content.knows(update)
  }

  #pastOf(mayBeOld: boolean): Uint8Array | undefined {
    return mayBeOld ? deletedPast(this.#log.head.tombstone) : undefined
  }

  /**
   * Whether an update tells the same of units the room knew as the room does. Compared elsewhere; `true` where that fails, for
   * nobody may be accused without proof.
   */
  async agrees(update: Uint8Array, { client, from, to }: KnownUnits): Promise<boolean> {
    const first = Math.max(from, to - MAX_COMPARED_UNITS)
    const stored = this.#content.unitsOf(client, first)
    try {
      return await this.#reader.compare({ client, from: first, to, stored, claimed: update })
    } catch {
      // the thread ended, or was closed
      return true
    }
  }

  /** The update of the one SyncStep2; `undefined` where the vector is malformed. */
  answer(stateVector: Uint8Array): Uint8Array | undefined {
    return this.#content.answer(stateVector)
  }

  /** Everything admitted as one update. */
  encode(): Uint8Array {
    return this.#content.answer(EMPTY_VECTOR) ?? Uint8Array.of(0, 0)
  }

  encodeStateVector(): Uint8Array {
    return this.#content.encodeStateVector()
  }

  /** What a deletion of the room has to remember. */
  tombstoneVector(): Uint8Array {
    return tombstoneVector(this.#content.encodeStateVector(), this.#log.head.tombstone)
  }

  clock(client: number): number {
    return this.#content.clock(client)
  }

  /** Once a turn in which something was admitted: tries what waited for it, and whether it is time to compact. */
  advanced(): void {
    if (this.#foreign.heldCount > 0) this.#foreign.retry()
    this.#compaction.consider()
  }

  /** Compacts now, whatever the size. Never rejects. */
  compact(): Promise<void> {
    return this.#compaction.run()
  }

  /** Whether another instance has the room open. */
  get isHeard(): boolean {
    return this.#log.isHeard === true
  }

  broadcastAwareness(bytes: Uint8Array, isSaidOnce: boolean): void {
    this.#log.broadcastAwareness(bytes, isSaidOnce)
  }

  /** Resolves once all that is appended now is durable, or once it is sure that it never will be. */
  async settled(): Promise<void> {
    await this.#appends.settled()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#compaction.close()
    await this.#log.leave()
    this.#feed.close()
    this.#coverage.close()
  }

  /** The feed's: an entry of somebody else. */
  takeForeign(entry: LogEntry, before: Position): Promise<void> | undefined {
    return this.#foreign.take(entry, before)
  }

  /** The feed's: the log is another one. */
  takeRewind(head: LogHead, resume: () => Promise<void>): Promise<void> {
    return this.#rewinds.take(head, resume)
  }

  #rewound(head: LogHead): void {
    this.#appends.rewound()
    this.#compaction.rewound(head.upTo)
    this.#foreign.rewound()
    this.#coverage.rewound()
  }

  /** The feed's: its position moved. */
  feedReached(): void {
    this.#coverage.advanced()
  }

  async #rebase({ snapshot, digest }: CompactionResult, frozen: FrozenContent): Promise<void> {
    const { clock } = this.#options
    const pause = (): Promise<void> => new Promise((resolve) => clock.endOfTurn(resolve))
    const deletes = await this.#content.rebase(snapshot, frozen, pause, wholeBy(this.#reader))
    // where something was admitted since the freeze, nobody knows the digest of what is there now
    if (digest !== undefined && this.#content.tailCount === 0)
      this.#digest = { version: this.#content.version, bytes: laneBytes(digest) }
    if (!this.#isClosed) this.#owner.rebased()
    if (deletes !== undefined && !this.#isClosed) this.#owner.arrived(deletes)
  }

  #appendFailed(error: unknown): void {
    if (this.#isClosed) return
    this.#options.events.appendFailed(error)
    if (error instanceof LogError && error.code === 'deleted') this.#owner.deleted()
  }
}

function readerOf({ reader, clock }: RoomOptions): UpdateReader {
  return reader ?? createInlineReader(clock)
}

function writerOf({ writerId, instanceId }: RoomOptions): string {
  return writerId ?? instanceId
}
