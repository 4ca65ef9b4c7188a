import { LogError } from './log/log-error.ts'
import type { Fence, Position, RoomLog } from './log/room-log.ts'
import type { CompactionResult, Compactor } from './room-compactor.ts'
import type { RoomEvents } from './room-events.ts'
import type { FrozenContent } from './room/room-content.ts'
import { parseStateVector } from './room/state-vector.ts'

/** A tail of so many entries is compacted … */
export const COMPACT_ENTRIES = 4_000
/**
 * … and not of less than one for so many structs of the base: each of these is rebuilt (20 µs), each entry only read at the
 * next start (10 µs), and a large room must not be rebuilt all the time.
 */
export const COMPACT_STRUCTS_PER_ENTRY = 20
/** … or one whose bytes are so large a part of the base, … */
export const COMPACT_FRACTION = 0.25
/** … and not small anyway. */
export const COMPACT_MIN_BYTES: number = 256 * 1024

/** What a compaction starts from. */
export interface Freeze {
  readonly frozen: FrozenContent
  /**
   * Resolves once everything frozen is durable: with the position up to which the log holds nothing else, or with
   * `undefined` once it is sure that it will not become durable.
   */
  readonly covered: () => Promise<Position | undefined>
}

/** The document as compaction needs it. */
export interface CompactableContent {
  readonly tailCount: number
  readonly tailBytes: number
  readonly baseBytes: number
  readonly baseStructs: number
}

/** What compaction needs of its room. */
export interface CompactionOwner {
  readonly content: CompactableContent
  readonly compactor: Compactor
  readonly log: RoomLog
  readonly events: RoomEvents
  /** Freezes the document now. */
  freeze(): Freeze
  /** Takes the result's snapshot for the base, or rejects with nothing changed where it cannot be read. */
  rebase(result: CompactionResult, frozen: FrozenContent): Promise<void>
}

/**
 * When a room is compacted, and how: freeze, rebuild and verify in the worker, take the result for the base in memory
 * (which reads it as the next start would), wait until everything frozen is durable, then replace the stored snapshot
 * under its fence (I8). Never by time. A room that cannot be compacted is quarantined: it goes on and tries again when its
 * tail has doubled.
 */
export class Compaction {
  readonly #owner: CompactionOwner
  #basedOn: Position
  #running: Promise<void> | undefined
  #isClosed = false
  /** After a failure: the tail has to outgrow these first. */
  #retryAbove: { entries: number; bytes: number } | undefined

  constructor(owner: CompactionOwner) {
    this.#owner = owner
    this.#basedOn = owner.log.head.upTo
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** Starts one where the tail has grown enough. */
  consider(): void {
    if (this.#running !== undefined || this.#isClosed || !this.#isDue()) return
    void this.run()
  }

  /** Starts one now, or joins the running one. Never rejects: failures are events. */
  run(): Promise<void> {
    this.#running ??= this.#attempt().finally(() => {
      this.#running = undefined
      // what came meanwhile may be enough for the next one, and nothing more may come
      this.consider()
    })
    return this.#running
  }

  /** The log is another one, whose snapshot reaches up to `upTo`. */
  rewound(upTo: Position): void {
    this.#basedOn = upTo
  }

  close(): void {
    this.#isClosed = true
  }

  #isDue(): boolean {
    const { tailCount, tailBytes, baseBytes, baseStructs } = this.#owner.content
    const retry = this.#retryAbove
    if (retry !== undefined && tailCount < retry.entries && tailBytes < retry.bytes) return false
    return (
      tailCount >= Math.max(COMPACT_ENTRIES, baseStructs / COMPACT_STRUCTS_PER_ENTRY) ||
      tailBytes > Math.max(COMPACT_MIN_BYTES, baseBytes * COMPACT_FRACTION)
    )
  }

  async #attempt(): Promise<void> {
    const { content, events } = this.#owner
    const { tailCount, tailBytes } = content
    try {
      await this.#compact()
      this.#retryAbove = undefined
    } catch (error) {
      if (this.#isClosed) return
      this.#retryAbove = {
        entries: Math.max(COMPACT_ENTRIES, tailCount * 2),
        bytes: Math.max(COMPACT_MIN_BYTES, tailBytes * 2),
      }
      events.quarantined('compaction', error)
    }
  }

  async #compact(): Promise<void> {
    const { compactor, log, events } = this.#owner
    // of the log that is frozen: by the time it is stored there may be another one
    const { epoch, generation } = log.head
    const { frozen, covered } = this.#owner.freeze()
    const result = await compactor.compact(frozen.update)
    if (this.#isClosed) return
    if (!isSameStateVector(result.stateVector, frozen.stateVector))
      throw new Error('the snapshot has another state vector than what was frozen')
    await this.#owner.rebase(result, frozen)
    if (this.#isClosed) return
    const upTo = await covered()
    // without storage nothing is replaced there: the entries stay, and the next snapshot holds them as well
    if (upTo === undefined || this.#isClosed) return
    if (upTo > this.#basedOn) await this.#store(result, { epoch, generation, basedOn: this.#basedOn, upTo })
    events.compacted(frozen.tailCount, result.snapshot.length)
  }

  async #store(result: CompactionResult, fence: Fence): Promise<void> {
    const { log, events } = this.#owner
    try {
      await log.compact({ bytes: result.snapshot, title: result.title }, fence)
      // a rewind meanwhile has said what holds now
      if (log.head.epoch === fence.epoch) this.#basedOn = fence.upTo
    } catch (error) {
      const isFenced = error instanceof LogError && error.code === 'fenced'
      // a rewind meanwhile has said what holds now
      const isPast = log.head.epoch !== fence.epoch
      if (!isFenced || (!isPast && log.head.upTo <= this.#basedOn)) throw error
      // somebody else compacted: the next attempt starts from what the log says now
      if (!isPast) this.#basedOn = log.head.upTo
      events.outrun()
    }
  }
}

function isSameStateVector(a: Uint8Array, b: Uint8Array): boolean {
  const left = parseStateVector(a)
  const right = parseStateVector(b)
  if (left === undefined || right === undefined || left.size !== right.size) return false
  for (const [client, clock] of left) if (right.get(client) !== clock) return false
  return true
}
