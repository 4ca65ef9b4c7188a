import type { Durability, RoomName } from '@roomful/shared'
import { LogError } from '../../../server/src/log/log-error.ts'
import type {
  EntryMeta,
  Fence,
  LogBackend,
  LogEntry,
  LogSink,
  Position,
  RoomLog,
  RoomSummary,
  Snapshot,
} from '../../../server/src/log/room-log.ts'
import { positionOf, StoredRoom } from './stored-room.ts'

interface Append {
  readonly sequence: number
  readonly update: Uint8Array
  readonly meta: EntryMeta
  readonly resolve: (position: Position) => void
}

interface Compaction {
  readonly snapshot: Snapshot
  readonly fence: Fence
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Wrong storage on purpose, to see whether the simulator notices. */
export type LogMutant = 'acks-before-durable' | 'skips-failed-append' | undefined

/** How often the mutant that skips failed appends fails: every so many-th append. */
const FAILING_EVERY = 7

/**
 * The storage of one room in memory, with the disk under the test's hand: appends stay in the process until
 * {@link persist} and unacknowledged until {@link acknowledge}; {@link crash} loses what is not stored.
 */
export class CrashableLog implements LogBackend {
  readonly durability: Durability = 'disk'
  /** While true nothing is stored, and no room opens. */
  stalled = false
  readonly #stored = new StoredRoom()
  readonly #mutant: LogMutant
  readonly #onStored: (update: Uint8Array) => void
  #pending: Append[] = []
  #written: { readonly append: Append; readonly entry: LogEntry }[] = []
  #compactions: Compaction[] = []
  /** Compactions that are stored, or refused, and of which the process has not heard. */
  #compacted: (() => void)[] = []
  #opening: (() => void)[] = []
  #leaving: (() => void)[] = []
  #sink: LogSink | undefined
  #process = 0
  #appends = 0
  /** The last position given away, stored or not. */
  #sequence = 0

  /** `onStored` hears of each entry the moment it is durable. */
  constructor(onStored: (update: Uint8Array) => void, mutant?: LogMutant) {
    this.#onStored = onStored
    this.#mutant = mutant
  }

  /** Appends, notices and compactions that wait for the scheduler. */
  get waiting(): number {
    return (
      this.#pending.length +
      this.#written.length +
      this.#compactions.length +
      this.#compacted.length +
      this.#opening.length
    )
  }

  get hasSnapshot(): boolean {
    return this.#stored.hasSnapshot
  }

  /** The stored bytes in order: the snapshot where there is one, then the entries. */
  storedUpdates(): Uint8Array[] {
    return this.#stored.updates()
  }

  /** Makes the first `count` waiting appends durable. */
  persist(count: number): number {
    if (this.stalled) return 0
    const batch = this.#pending.splice(0, count)
    for (const append of batch) this.#store(append)
    return batch.length
  }

  /** Tells the process of the first `count` appends that are durable, and of compactions. */
  acknowledge(count: number): number {
    const batch = this.#written.splice(0, count)
    for (const { append, entry } of batch) {
      this.#sink?.onEntry(entry)
      append.resolve(entry.position)
    }
    if (this.#pending.length === 0 && this.#written.length === 0) {
      for (const left of this.#leaving.splice(0)) left()
    }
    const compacted = this.#compacted.splice(0)
    for (const hear of compacted) hear()
    return batch.length + compacted.length
  }

  /** Carries out compactions that wait, and lets rooms open. */
  settle(): number {
    if (this.stalled) return 0
    const compactions = this.#compactions.splice(0)
    for (const compaction of compactions) this.#compact(compaction)
    const opening = this.#opening.splice(0)
    for (const open of opening) open()
    return compactions.length + opening.length
  }

  /** The process is gone: what it had not stored is lost, and nobody will hear of what it had. */
  crash(): void {
    this.#process++
    this.#pending = []
    this.#written = []
    this.#compactions = []
    this.#compacted = []
    this.#opening = []
    this.#leaving = []
    this.#sink = undefined
    this.#sequence = this.#stored.last
  }

  async open(_room: RoomName, sink: LogSink): Promise<RoomLog> {
    const process = this.#process
    await new Promise<void>((resolve) => this.#opening.push(resolve))
    this.#sink = sink
    return this.#handle(process)
  }

  // oxlint-disable-next-line require-yield -- a room under test lists nothing
  async *rooms(): AsyncIterable<RoomSummary> {
    return
  }

  async delete(): Promise<void> {
    throw new LogError('closed', 'deletion is not simulated')
  }

  async close(): Promise<void> {}

  #handle(process: number): RoomLog {
    const { head } = this.#stored
    const never = new Promise<never>(() => {})
    const gone = (): boolean => process !== this.#process
    return {
      head,
      read: (after) => this.#stored.read(after),
      append: async (update, meta) => {
        if (gone()) return never
        const copy = update.slice()
        const sequence = ++this.#sequence
        const position = positionOf(sequence)
        if (this.#mutant === 'skips-failed-append' && ++this.#appends % FAILING_EVERY === 0) return position
        const durable = new Promise<Position>((resolve) =>
          this.#pending.push({ sequence, update: copy, meta, resolve }),
        )
        // the mutant's answer is at hand at once, whatever the disk says later
        return this.#mutant === 'acks-before-durable' ? position : durable
      },
      broadcastAwareness: () => {},
      compact: async (snapshot, fence) => {
        if (gone()) return never
        return new Promise<void>((resolve, reject) => {
          this.#compactions.push({ snapshot, fence, resolve, reject })
        })
      },
      leave: async () => {
        if (gone()) return never
        if (this.#pending.length + this.#written.length > 0) {
          await new Promise<void>((resolve) => this.#leaving.push(resolve))
        }
        this.#sink = undefined
        this.#process++
        this.#compactions = []
        this.#compacted = []
      },
    }
  }

  #store(append: Append): void {
    const entry = this.#stored.append(append.sequence, append.update, append.meta)
    this.#onStored(append.update)
    this.#written.push({ append, entry })
  }

  #compact({ snapshot, fence, resolve, reject }: Compaction): void {
    const refusal = this.#stored.compact(snapshot, fence)
    this.#compacted.push(refusal === undefined ? resolve : () => reject(refusal))
  }
}
