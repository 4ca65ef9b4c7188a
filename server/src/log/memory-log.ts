import type { Durability, RoomName } from '@roomful/shared'
import { systemClock, type Clock } from '../clock.ts'
import { createEpoch, systemRandomBytes, type RandomBytes } from './entropy.ts'
import { LogError } from './log-error.ts'
import { MemoryRoom } from './memory-room.ts'
import { START } from './position.ts'
import type { LogBackend, LogSink, RoomLog, RoomSummary } from './room-log.ts'
import { compareNames, type StoredRoom } from './memory-store.ts'

/** What a memory log takes from outside. */
export interface MemoryLogOptions {
  readonly clock?: Pick<Clock, 'now'> | undefined
  readonly randomBytes?: RandomBytes | undefined
}

/**
 * A log in process memory: durability `none`. Rooms outlive their last member within the process, so that leaving and
 * coming back works as on disk; they end with the process or with `close()`.
 *
 * An append is stored at the call and comes back through `onEntry`, then resolves, in a microtask.
 *
 * @example const log = createMemoryLog()
 */
export function createMemoryLog(options: MemoryLogOptions = {}): LogBackend {
  return new MemoryLog(options.clock ?? systemClock, options.randomBytes ?? systemRandomBytes)
}

class MemoryLog implements LogBackend {
  readonly durability: Durability = 'none'
  readonly #clock: Pick<Clock, 'now'>
  readonly #randomBytes: RandomBytes
  readonly #stored = new Map<RoomName, StoredRoom>()
  readonly #open = new Map<RoomName, MemoryRoom>()
  #isClosed = false

  constructor(clock: Pick<Clock, 'now'>, randomBytes: RandomBytes) {
    this.#clock = clock
    this.#randomBytes = randomBytes
  }

  async open(room: RoomName, sink: LogSink): Promise<RoomLog> {
    this.#assertOpen()
    const previous = this.#open.get(room)
    if (previous !== undefined) {
      if (previous.isUsable)
        throw new LogError('already-open', `room ${room} is already open in this process`)
      await previous.leave()
      return this.open(room, sink)
    }
    const stored = this.#stored.get(room) ?? this.#createRoom(0)
    const log = new MemoryRoom(room, stored, sink, {
      // nothing is listed before the first append
      stored: () => this.#stored.set(room, stored),
      left: () => {
        if (this.#open.get(room) === log) this.#open.delete(room)
      },
    })
    this.#open.set(room, log)
    return log
  }

  async *rooms(after: RoomName | '' = ''): AsyncGenerator<RoomSummary> {
    this.#assertOpen()
    const summaries = [...this.#stored]
      .filter(
        ([room, stored]) => room > after && (stored.entries.length > 0 || stored.snapshot !== undefined),
      )
      .map(([room, stored]) => ({
        room,
        generation: stored.generation,
        entries: stored.entries.length,
        bytes: stored.entryBytes + (stored.snapshot?.bytes.byteLength ?? 0),
        title: stored.snapshot?.title,
      }))
      .toSorted((a, b) => compareNames(a.room, b.room))
    yield* summaries
  }

  async delete(room: RoomName, stateVector: Uint8Array): Promise<void> {
    this.#assertOpen()
    this.#open.get(room)?.markDeleted()
    this.#open.delete(room)
    const generation = this.#stored.get(room)?.generation ?? 0
    this.#stored.set(room, {
      ...this.#createRoom(generation + 1),
      tombstone: { generation, stateVector: stateVector.slice(), deletedAt: this.#clock.now() },
    })
  }

  async check(): Promise<void> {
    this.#assertOpen()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#open.values()].map((log) => log.closeBackend()))
    this.#stored.clear()
  }

  #createRoom(generation: number): StoredRoom {
    const epoch = createEpoch(this.#randomBytes)
    return {
      generation,
      epoch,
      snapshot: undefined,
      upTo: START,
      tombstone: undefined,
      entries: [],
      entryBytes: 0,
      last: 0,
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new LogError('closed', 'the log is closed')
  }
}
