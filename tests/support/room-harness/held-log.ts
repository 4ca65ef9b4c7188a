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

interface PendingAppend {
  readonly update: Uint8Array
  readonly meta: EntryMeta
  readonly resolve: (position: Position) => void
  readonly reject: (error: Error) => void
}

const FOREIGN: EntryMeta = { instanceId: 'elsewhere', at: 0 }

/** A log whose storage a test holds in its hand: appends settle when told to, others write between them. */
export class HeldLog implements LogBackend, RoomLog {
  durability: Durability = 'disk'
  head: LogHead = { generation: 0, epoch: 'e', upTo: '' }
  entries: LogEntry[] = []
  pending: PendingAppend[] = []
  /** Settle appends at once. */
  isAuto = true
  isOpen = false
  openings = 0
  failsOpening: Error | undefined
  failsReading: Error | undefined
  failsCompacting: Error | undefined
  compactions: { readonly snapshot: Snapshot; readonly fence: Fence }[] = []
  broadcasts: Uint8Array[] = []
  /** Whether another instance has the room open. */
  isHeard = false
  deleted: { readonly room: RoomName; readonly stateVector: Uint8Array }[] = []
  sink: LogSink | undefined
  #last = 0

  async open(_room: RoomName, sink: LogSink): Promise<RoomLog> {
    this.openings += 1
    if (this.failsOpening !== undefined) throw this.failsOpening
    if (this.isOpen) throw new Error('a log is open once per process')
    this.isOpen = true
    this.sink = sink
    return this
  }

  async *read(after: Position): AsyncGenerator<LogEntry> {
    if (this.failsReading !== undefined) throw this.failsReading
    yield* this.entries.filter((entry) => entry.position > after)
  }

  append(update: Uint8Array, meta: EntryMeta): Promise<Position> {
    if (!this.isOpen) return Promise.reject(new LogError('closed', 'left'))
    return new Promise((resolve, reject) => {
      this.pending.push({ update, meta, resolve, reject })
      if (this.isAuto) this.settle()
    })
  }

  /** Makes the first `count` appends durable. */
  settle(count: number = Number.POSITIVE_INFINITY): void {
    for (const { update, meta, resolve } of this.pending.splice(0, count)) {
      const entry = this.#store(update, meta)
      this.sink?.onEntry(entry)
      resolve(entry.position)
    }
  }

  /** Refuses what is pending, for good. */
  refuse(error: Error): void {
    for (const { reject } of this.pending.splice(0)) reject(error)
  }

  /** Somebody else appends. `isHeard`: whether the feed delivers it. */
  foreign(update: Uint8Array, isHeard = true): LogEntry {
    const entry = this.#store(update, FOREIGN)
    if (isHeard) this.sink?.onEntry(entry)
    return entry
  }

  broadcastAwareness(bytes: Uint8Array): void {
    this.broadcasts.push(bytes)
  }

  async compact(snapshot: Snapshot, fence: Fence): Promise<void> {
    if (this.failsCompacting !== undefined) throw this.failsCompacting
    this.compactions.push({ snapshot, fence })
    this.entries = this.entries.filter((entry) => entry.position > fence.upTo)
    this.head = { ...this.head, snapshot, upTo: fence.upTo }
  }

  async leave(): Promise<void> {
    this.isOpen = false
    this.sink = undefined
  }

  async *rooms(): AsyncGenerator<RoomSummary> {
    // no test lists rooms through it
  }

  async delete(room: RoomName, stateVector: Uint8Array): Promise<void> {
    this.deleted.push({ room, stateVector })
    const { generation } = this.head
    this.entries = []
    this.head = {
      generation: generation + 1,
      epoch: 'e2',
      upTo: '',
      tombstone: { generation, stateVector, deletedAt: 0 },
    }
  }

  async close(): Promise<void> {
    await this.leave()
  }

  #store(update: Uint8Array, meta: EntryMeta): LogEntry {
    this.#last += 1
    const entry: LogEntry = { position: String(this.#last).padStart(8, '0'), update: update.slice(), meta }
    this.entries.push(entry)
    return entry
  }
}
