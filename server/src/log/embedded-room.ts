import type { CommitQueue } from './commit-queue.ts'
import { deliver } from './deliver.ts'
import { commitTo, planAppend, planCompaction, type Covered, type Plan } from './embedded-commits.ts'
import { decodeGroup, type EntryGroup } from './embedded-group.ts'
import { entryPrefix, entryRange } from './embedded-keys.ts'
import { corruptRoom, type RoomState } from './embedded-state.ts'
import { fenceRefusal } from './fence.ts'
import { LogError } from './log-error.ts'
import { refusalIn, type Phase } from './log-phase.ts'
import { encodePosition, parsePosition } from './position.ts'
import type { EntryMeta, Fence, LogEntry, LogHead, LogSink, Position, RoomLog, Snapshot } from './room-log.ts'
import type { SupervisedStore } from './supervised-store.ts'

/** What a room shares with the others of its backend. */
export interface EmbeddedRoomOwner {
  readonly store: SupervisedStore
  readonly queue: CommitQueue
  left(): void
}

/** One open room of the embedded log. */
export class EmbeddedRoom implements RoomLog {
  readonly head: LogHead
  readonly state: RoomState
  readonly #sink: LogSink
  readonly #owner: EmbeddedRoomOwner
  #phase: Phase = 'open'
  /** The last commit of this room; commits settle in order. */
  #lastCommit: Promise<unknown> = Promise.resolve()

  constructor(state: RoomState, head: LogHead, sink: LogSink, owner: EmbeddedRoomOwner) {
    this.state = state
    this.head = head
    this.#sink = sink
    this.#owner = owner
  }

  get isUsable(): boolean {
    return this.#phase === 'open'
  }

  read(after: Position): AsyncIterable<LogEntry> {
    const refusal = refusalIn(this.#phase, this.state.room)
    if (refusal !== undefined) return failed(refusal)
    try {
      return this.#read(parsePosition(after) ?? 0)
    } catch (error) {
      return failed(error)
    }
  }

  append(update: Uint8Array, meta: EntryMeta): Promise<Position> {
    const refusal = refusalIn(this.#phase, this.state.room)
    if (refusal !== undefined) return Promise.reject(refusal)
    const { state } = this
    const last = state.accepted.last + 1
    const total = state.accepted.total + update.byteLength
    state.accepted = { last, total }
    // copied at the call: the caller may reuse its buffer
    const entry: LogEntry = { position: encodePosition(last), update: update.slice(), meta }
    return this.#commit(update.byteLength + ENTRY_BYTES, planAppend(state, last, total, entry), () => {
      deliver(this.#sink, entry)
      return entry.position
    })
  }

  broadcastAwareness(): void {
    // one process owns the folder: nobody else to tell
  }

  async compact(snapshot: Snapshot, fence: Fence): Promise<void> {
    const refusal = refusalIn(this.#phase, this.state.room) ?? this.#fenceRefusal(fence)
    if (refusal !== undefined) throw refusal
    const covered = await this.#coveredBy(fence)
    const isEnded = refusalIn(this.#phase, this.state.room)
    if (isEnded !== undefined) throw isEnded
    const plan = planCompaction(this.state, snapshot, fence, covered)
    await this.#commit(snapshot.bytes.byteLength, plan, () => undefined)
  }

  leave(): Promise<void> {
    return this.#end('left')
  }

  /** The backend closes under an open room: as leaving, with the other reason. */
  closeBackend(): Promise<void> {
    return this.#end('closed')
  }

  /** From now on everything is refused; what was appended before still settles and is delivered. */
  markDeleted(): void {
    if (this.#phase === 'open') this.#phase = 'deleted'
  }

  async #end(phase: Phase): Promise<void> {
    if (this.#phase === 'open') this.#phase = phase
    await this.#lastCommit.catch(ignore)
    this.#owner.left()
  }

  #commit<T>(bytes: number, plan: Plan, onDurable: () => T): Promise<T> {
    const commit = commitTo(this.#owner.queue, this.state, { bytes, plan }, onDurable)
    this.#lastCommit = commit
    return commit
  }

  #fenceRefusal(fence: Fence): LogError | undefined {
    const { durable } = this.state
    return fenceRefusal(this.state.room, fence, { ...durable, upTo: encodePosition(durable.upTo) })
  }

  /** What stands up to the fence's position: on disk, as the fence was just checked, and unchanged from then on. */
  async #coveredBy(fence: Fence): Promise<Covered> {
    const { room, durable } = this.state
    const upTo = parsePosition(fence.upTo) ?? 0
    const keys: string[] = []
    let total = durable.totalUpTo
    let reached = durable.upTo
    try {
      for await (const chunk of this.#owner.store.iterate(entryRange(room, durable.upTo))) {
        for (const [key, record] of chunk) {
          if (reached >= upTo) break
          const { last, group } = this.#decode(key, record)
          total = group.totalBefore
          const covered = group.entries.slice(0, upTo - group.first + 1)
          for (const { update } of covered) total += update.byteLength
          reached = Math.min(last, upTo)
          if (last <= upTo) keys.push(key)
        }
        if (reached >= upTo) break
      }
    } catch (error) {
      throw readError(room, error)
    }
    if (reached === upTo) return { keys, total }
    // dropped by a compaction that overtook this one, or damaged
    throw this.#fenceRefusal(fence) ?? corruptRoom(room, `entry ${upTo}`)
  }

  /** Everything up to the iterator is in the caller's turn: LevelDB's snapshot is the end of what is read. */
  #read(after: number): AsyncIterable<LogEntry> {
    const { room, durable, planned } = this.state
    const records = this.#owner.store.iterate(entryRange(room, after))
    // a compaction whose write is under way may or may not be in LevelDB's snapshot
    const start = Math.max(after, durable.upTo) + 1
    const laterStart = Math.max(after, planned.upTo) + 1
    const mustReach = durable.last
    const hole = (): LogError => corruptRoom(room, 'sequence of entries')
    const decode = (key: string, record: Uint8Array): PlacedGroup => this.#decode(key, record)
    return (async function* () {
      let next = 0
      try {
        for await (const chunk of records) {
          for (const [key, record] of chunk) {
            const { last, group } = decode(key, record)
            if (next === 0) {
              // it may begin with entries that the snapshot holds already
              next = group.first <= start ? start : laterStart
              if (group.first > next || last < next) throw hole()
            } else if (group.first !== next) throw hole()
            for (const { update, meta } of group.entries.slice(next - group.first)) {
              yield { position: encodePosition(next), update, meta }
              next += 1
            }
          }
        }
      } catch (error) {
        throw readError(room, error)
      }
      if (next <= mustReach && Math.max(after, planned.upTo) < mustReach) throw hole()
    })()
  }

  /** @throws LogError `corrupt` */
  #decode(key: string, record: Uint8Array): PlacedGroup {
    const { room, entrySeed } = this.state
    const last = parsePosition(key.slice(entryPrefix(room).length)) ?? 0
    const group = decodeGroup(entrySeed, last, record)
    if (group === undefined) throw corruptRoom(room, `entry ${last}`)
    return { last, group }
  }
}

/** A record's entries, and the sequence number of the last one, under which it stands. */
interface PlacedGroup {
  readonly last: number
  readonly group: EntryGroup
}

/** About what an entry costs beside its update, for the bound of a batch. */
const ENTRY_BYTES = 16

// whoever appended hears of it; who leaves only has to know that it is over
const ignore = (): void => undefined

// oxlint-disable-next-line require-yield -- refusals of `read` come at the first step, as from a stream that breaks
async function* failed(error: unknown): AsyncGenerator<LogEntry> {
  throw error
}

function readError(room: RoomState['room'], error: unknown): LogError {
  if (error instanceof LogError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'LEVEL_CORRUPTION') return corruptRoom(room, 'block of entries', error)
  // the store was closed under the reader for repair or for good
  return new LogError('unavailable', `reading room ${room} was interrupted: try again later`, {
    cause: error,
  })
}
