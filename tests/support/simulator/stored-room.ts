import { LogError } from '../../../server/src/log/log-error.ts'
import type {
  EntryMeta,
  Fence,
  LogEntry,
  LogHead,
  Position,
  Snapshot,
} from '../../../server/src/log/room-log.ts'

const EPOCH = 'sim'

/** The position of a sequence number, from 1. */
export function positionOf(sequence: number): Position {
  return String(sequence).padStart(8, '0')
}

/** What is stored of one room, in memory: what survives a crash. */
export class StoredRoom {
  #snapshot: Snapshot | undefined
  #upTo: Position = ''
  #entries: LogEntry[] = []
  #last = 0

  /** Sequence number of the last entry. */
  get last(): number {
    return this.#last
  }

  get hasSnapshot(): boolean {
    return this.#snapshot !== undefined
  }

  /** The snapshot holds every entry up to here. */
  get upTo(): Position {
    return this.#upTo
  }

  /** What a room that is opened now is told. */
  get head(): LogHead {
    return { generation: 0, epoch: EPOCH, snapshot: this.#snapshot, upTo: this.#upTo }
  }

  /** The stored bytes in order: the snapshot where there is one, then the entries. */
  updates(): Uint8Array[] {
    const entries = this.#entries.map((entry) => entry.update)
    return this.#snapshot === undefined ? entries : [this.#snapshot.bytes, ...entries]
  }

  /** `sequence`: its number, higher than all before. */
  append(sequence: number, update: Uint8Array, meta: EntryMeta): LogEntry {
    const entry = { position: positionOf(sequence), update, meta }
    this.#last = sequence
    this.#entries.push(entry)
    return entry
  }

  async *read(after: Position): AsyncIterable<LogEntry> {
    for (const entry of this.#entries.slice()) {
      if (entry.position > after) yield entry
    }
  }

  /** @returns why it is refused */
  compact(snapshot: Snapshot, fence: Fence): LogError | undefined {
    const last = this.#entries.at(-1)?.position ?? this.#upTo
    const isCurrent = fence.epoch === EPOCH && fence.generation === 0 && fence.basedOn === this.#upTo
    if (!isCurrent || fence.upTo > last)
      return new LogError('fenced', 'the log is no longer the one this compaction started from')
    this.#snapshot = { ...snapshot, bytes: snapshot.bytes.slice() }
    this.#upTo = fence.upTo
    this.#entries = this.#entries.filter((entry) => entry.position > fence.upTo)
    return undefined
  }
}
