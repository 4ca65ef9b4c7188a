import type { Clock } from './clock.ts'
import type { LogEntry, LogHead, RoomLog } from './log/room-log.ts'
import type { RoomEvents } from './room-events.ts'
import { REREAD_MS } from './room-feed.ts'
import { missingFromLog } from './room-reconciliation.ts'
import type { RoomContent } from './room/room-content.ts'
import type { UpdateReader } from './update-reader.ts'

/** What rewinds need of their room. */
export interface RewindOwner {
  readonly clock: Clock
  readonly events: RoomEvents
  readonly log: RoomLog
  readonly content: RoomContent
  readonly reader: UpdateReader
  isClosed(): boolean
  /** What was known by position is void; the log's snapshot reaches as far as `head` says. */
  began(head: LogHead): void
  /** Takes in the snapshot, which stands for all entries before. */
  take(entry: LogEntry): void
  /** Resolves once nothing of any log is being taken. Never rejects. */
  taken(): Promise<void>
  append(update: Uint8Array): void
}

/**
 * A log that came back empty, or as another or an older copy. What it holds is admitted as ever, what it lacks is appended,
 * whoever else does the same: so all instances and newcomers converge with no further write (I2).
 */
export class Rewinds {
  readonly #owner: RewindOwner
  #count = 0

  constructor(owner: RewindOwner) {
    this.#owner = owner
  }

  /** So many so far: positions of before one mean nothing after it. */
  get count(): number {
    return this.#count
  }

  /** `resume` reads the log from the start of `head`, once the room holds its snapshot. */
  async take(head: LogHead, resume: () => Promise<void>): Promise<void> {
    const { events, began } = this.#owner
    this.#count += 1
    const own = this.#count
    events.gap(new Error('the stored log is another or an older one: it is read again'))
    began(head)
    if (head.snapshot !== undefined) {
      const meta = { instanceId: '', at: 0 }
      this.#owner.take({ position: head.upTo, update: head.snapshot.bytes, meta })
    }
    // a large entry of the log before, too: in force behind the comparison it would be in no log
    await this.#owner.taken()
    if (this.#isPast(own)) return
    await resume()
    await this.#reconcile(own)
  }

  /** Never rejects: a log that cannot be read is tried again. */
  async #reconcile(own: number): Promise<void> {
    const { clock, events, log, content, reader, append } = this.#owner
    if (this.#isPast(own)) return
    const pause = (): Promise<void> => new Promise((resolve) => clock.endOfTurn(resolve))
    try {
      const lacking = await missingFromLog(log, content, reader, pause)
      if (!this.#isPast(own) && lacking !== undefined) append(lacking)
    } catch (error) {
      if (this.#isPast(own)) return
      events.gap(error instanceof Error ? error : new Error(String(error)))
      clock.after(REREAD_MS, () => void this.#reconcile(own))
    }
  }

  #isPast(own: number): boolean {
    return own !== this.#count || this.#owner.isClosed()
  }
}
