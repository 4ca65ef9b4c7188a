import type { RoomName } from '@roomful/shared'
import { deliver } from './deliver.ts'
import { fenceRefusal } from './fence.ts'
import { LogError } from './log-error.ts'
import type { StoredRoom } from './memory-store.ts'
import { encodePosition, parsePosition } from './position.ts'
import type { EntryMeta, Fence, LogEntry, LogHead, LogSink, Position, RoomLog, Snapshot } from './room-log.ts'

/** What the room tells its log. */
export interface MemoryRoomOwner {
  stored(): void
  left(): void
}

type State = 'open' | 'left' | 'deleted' | 'closed'

/** One open room of the memory log. */
export class MemoryRoom implements RoomLog {
  readonly head: LogHead
  readonly #room: RoomName
  readonly #stored: StoredRoom
  readonly #sink: LogSink
  readonly #owner: MemoryRoomOwner
  #state: State = 'open'
  #undelivered: { entry: LogEntry; settle: (position: Position) => void }[] = []
  #delivered: Promise<void> = Promise.resolve()

  constructor(room: RoomName, stored: StoredRoom, sink: LogSink, owner: MemoryRoomOwner) {
    this.#room = room
    this.#stored = stored
    this.#sink = sink
    this.#owner = owner
    const { generation, epoch, snapshot, upTo, tombstone } = stored
    this.head = { generation, epoch, snapshot, upTo, tombstone }
  }

  get isUsable(): boolean {
    return this.#state === 'open'
  }

  read(after: Position): AsyncIterable<LogEntry> {
    // the copy is taken at the call: what is appended later comes through the sink
    const refusal = this.#refusal()
    const entries = this.#stored.entries.slice(this.#indexBehind(after))
    return (async function* () {
      if (refusal !== undefined) throw refusal
      yield* entries
    })()
  }

  append(update: Uint8Array, meta: EntryMeta): Promise<Position> {
    const refusal = this.#refusal()
    if (refusal !== undefined) return Promise.reject(refusal)
    const stored = this.#stored
    stored.last += 1
    // a copy: the caller may reuse its buffer, a log may not change
    const entry: LogEntry = { position: encodePosition(stored.last), update: update.slice(), meta }
    stored.entries.push(entry)
    stored.entryBytes += update.byteLength
    this.#owner.stored()
    return new Promise((settle) => {
      this.#undelivered.push({ entry, settle })
      if (this.#undelivered.length === 1) this.#delivered = Promise.resolve().then(() => this.#deliver())
    })
  }

  broadcastAwareness(): void {
    // one process: nobody else to tell
  }

  async compact(snapshot: Snapshot, fence: Fence): Promise<void> {
    const stored = this.#stored
    const refusal = this.#refusal() ?? fenceRefusal(this.#room, fence, stored)
    if (refusal !== undefined) throw refusal
    const dropped = stored.entries.splice(0, this.#indexBehind(fence.upTo))
    for (const entry of dropped) stored.entryBytes -= entry.update.byteLength
    stored.snapshot = { bytes: snapshot.bytes.slice(), title: snapshot.title }
    stored.upTo = fence.upTo
    this.#owner.stored()
  }

  async leave(): Promise<void> {
    await this.#end('left')
  }

  /** The backend closes under an open room: as leaving, with the other reason. */
  async closeBackend(): Promise<void> {
    await this.#end('closed')
  }

  /** From now on everything is refused; what was appended before is still delivered. */
  markDeleted(): void {
    if (this.#state === 'open') this.#state = 'deleted'
  }

  async #end(state: State): Promise<void> {
    if (this.#state === 'open') this.#state = state
    await this.#delivered
    this.#owner.left()
  }

  #deliver(): void {
    const batch = this.#undelivered
    this.#undelivered = []
    for (const { entry, settle } of batch) {
      deliver(this.#sink, entry)
      settle(entry.position)
    }
  }

  #indexBehind(after: Position): number {
    const first = (parsePosition(this.#stored.upTo) ?? 0) + 1
    return Math.max(0, (parsePosition(after) ?? 0) + 1 - first)
  }

  #refusal(): LogError | undefined {
    switch (this.#state) {
      case 'open':
        return undefined
      case 'left':
        return new LogError('closed', `the log of room ${this.#room} was left`)
      case 'deleted':
        return new LogError('deleted', `room ${this.#room} was deleted`)
      case 'closed':
        return new LogError('closed', 'the log is closed')
    }
  }
}
