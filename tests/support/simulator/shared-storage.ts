import type { Durability, RoomName } from '@roomful/shared'
import { LogError } from '../../../server/src/log/log-error.ts'
import type {
  EntryMeta,
  Fence,
  LogBackend,
  LogEntry,
  LogHead,
  LogSink,
  Position,
  RoomLog,
  RoomSummary,
  Snapshot,
} from '../../../server/src/log/room-log.ts'
import type { Random } from '../random.ts'
import { Gossip } from './gossip.ts'
import type { SimClock } from './sim-clock.ts'
import { StoredRoom } from './stored-room.ts'

interface Append {
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

/** An entry on its way to an instance, which may have appended it. */
interface Delivery {
  readonly entry: LogEntry
  readonly own: Append | undefined
}

/**
 * The storage of one room that several instances share, and the wire between them, under the test's hand: appends stay in their
 * process until {@link persist}, entries on their way until {@link acknowledge}, presence until {@link gossip}. Order is
 * kept towards each instance, between them nothing is promised.
 */
export class SharedStorage {
  /** While true nothing is stored, and no room opens. */
  stalled = false
  readonly stored = new StoredRoom()
  readonly backends: readonly InstanceLog[]
  readonly #onStored: (update: Uint8Array) => void

  /** `onStored` hears of each entry the moment it is durable. */
  constructor(count: number, clock: SimClock, onStored: (update: Uint8Array) => void) {
    this.#onStored = onStored
    const gossip = new Gossip(clock)
    this.backends = Array.from({ length: count }, () => new InstanceLog(this, gossip))
  }

  get waiting(): number {
    return this.backends.reduce((sum, { waiting }) => sum + waiting, 0)
  }

  get hasSnapshot(): boolean {
    return this.stored.hasSnapshot
  }

  storedUpdates(): Uint8Array[] {
    return this.stored.updates()
  }

  /** Makes waiting appends durable: the first `count` of one instance, or of all. */
  persist(count: number, random?: Random): number {
    if (this.stalled) return 0
    return this.#some(random, ({ unstored }) => unstored > 0).reduce(
      (sum, log) => sum + log.persist(count),
      0,
    )
  }

  /** Tells one instance, or all, of the first `count` entries on their way to it, and of compactions. */
  acknowledge(count: number, random?: Random): number {
    return this.#some(random, ({ undelivered }) => undelivered > 0).reduce(
      (sum, log) => sum + log.deliver(count),
      0,
    )
  }

  /** Carries out compactions that wait, and lets rooms open. */
  settle(): number {
    return this.stalled ? 0 : this.backends.reduce((sum, log) => sum + log.settle(), 0)
  }

  /** Delivers what others said of presence: the first `count` messages to one instance, or to all. */
  gossip(count: number, random?: Random): number {
    return this.#some(random, ({ mail }) => mail.waiting > 0).reduce(
      (sum, { mail }) => sum + mail.deliver(count),
      0,
    )
  }

  /** All rooms that are open hear of the entry, its own among them. */
  store(append: Append): void {
    const { stored } = this
    const entry = stored.append(stored.last + 1, append.update, append.meta)
    this.#onStored(append.update)
    for (const log of this.backends) log.hear({ entry, own: append })
  }

  #some(random: Random | undefined, has: (log: InstanceLog) => boolean): readonly InstanceLog[] {
    const some = this.backends.filter(has)
    if (random === undefined) return some
    const one = random.pick(some)
    return one === undefined ? [] : [one]
  }
}

/** The storage as one instance has it. */
export class InstanceLog implements LogBackend {
  readonly durability: Durability = 'disk'
  /** What the others say, on its way here. */
  readonly mail: ReturnType<Gossip['join']>
  readonly #storage: SharedStorage
  #pending: Append[] = []
  #lane: Delivery[] = []
  #own = new Set<Append>()
  #compactions: Compaction[] = []
  /** Compactions that are stored, or refused, and of which the process has not heard. */
  #compacted: (() => void)[] = []
  #opening: (() => void)[] = []
  #leaving: (() => void)[] = []
  #sink: LogSink | undefined
  #head: LogHead
  #process = 0

  constructor(storage: SharedStorage, gossip: Gossip) {
    this.#storage = storage
    this.#head = storage.stored.head
    this.mail = gossip.join()
  }

  get unstored(): number {
    return this.#pending.length
  }

  get undelivered(): number {
    return this.#lane.length + this.#compacted.length
  }

  get waiting(): number {
    return (
      this.unstored + this.undelivered + this.#compactions.length + this.#opening.length + this.mail.waiting
    )
  }

  persist(count: number): number {
    const batch = this.#pending.splice(0, count)
    for (const append of batch) this.#storage.store(append)
    return batch.length
  }

  hear(delivery: Delivery): void {
    if (this.#sink !== undefined) this.#lane.push(delivery)
  }

  deliver(count: number): number {
    const batch = this.#lane.splice(0, count)
    for (const { entry, own } of batch) {
      this.#sink?.onEntry(entry)
      if (own !== undefined && this.#own.delete(own)) own.resolve(entry.position)
    }
    if (this.#own.size === 0) for (const left of this.#leaving.splice(0)) left()
    const compacted = this.#compacted.splice(0)
    for (const hear of compacted) hear()
    return batch.length + compacted.length
  }

  settle(): number {
    const compactions = this.#compactions.splice(0)
    for (const compaction of compactions) this.#compact(compaction)
    const opening = this.#opening.splice(0)
    for (const open of opening) open()
    return compactions.length + opening.length
  }

  /** The process is gone: what it had not stored is lost, and nobody will hear of what it had. */
  crash(): void {
    this.#forget()
    this.#pending = []
    this.#own.clear()
    this.#opening = []
    this.#leaving = []
    this.mail.crash()
  }

  async open(_room: RoomName, sink: LogSink): Promise<RoomLog> {
    const process = this.#process
    await new Promise<void>((resolve) => this.#opening.push(resolve))
    this.#sink = sink
    this.mail.open(sink)
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
    const { stored } = this.#storage
    this.#head = stored.head
    const never = new Promise<never>(() => {})
    const gone = (): boolean => process !== this.#process
    const { mail } = this
    const headNow = (): LogHead => this.#head
    return {
      get head() {
        return headNow()
      },
      read: (after) => stored.read(after),
      append: async (update, meta) => {
        if (gone()) return never
        return new Promise<Position>((resolve) => {
          const append = { update: update.slice(), meta, resolve }
          this.#pending.push(append)
          this.#own.add(append)
        })
      },
      broadcastAwareness: (bytes, isSaidOnce) => mail.broadcast(bytes, isSaidOnce),
      get isHeard() {
        return mail.isHeard
      },
      compact: async (snapshot, fence) => {
        if (gone()) return never
        return new Promise<void>((resolve, reject) => {
          this.#compactions.push({ snapshot, fence, resolve, reject })
        })
      },
      leave: async () => {
        if (gone()) return never
        if (this.#own.size > 0) await new Promise<void>((resolve) => this.#leaving.push(resolve))
        mail.leave()
        this.#forget()
      },
    }
  }

  #forget(): void {
    this.#process++
    this.#sink = undefined
    this.#lane = []
    this.#compactions = []
    this.#compacted = []
  }

  #compact({ snapshot, fence, resolve, reject }: Compaction): void {
    const { stored } = this.#storage
    const refusal = stored.compact(snapshot, fence)
    if (refusal === undefined) return void this.#compacted.push(resolve)
    this.#compacted.push(() => {
      // the refusal says what holds now
      this.#head = { ...this.#head, upTo: stored.upTo }
      reject(refusal)
    })
  }
}
