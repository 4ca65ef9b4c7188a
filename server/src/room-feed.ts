import type { Clock } from './clock.ts'
import type { LogEntry, LogHead, LogSink, Position, RoomLog } from './log/room-log.ts'

/** A feed that cannot be read again after a hole is tried again so often. */
export const REREAD_MS = 1_000

/** What a feed tells its room. */
export interface FeedOwner {
  readonly instanceId: string
  /**
   * An entry of somebody else, or of before this room was opened. Where taking it is the work of several turns: a promise,
   * which never rejects, and nothing behind it is given meanwhile.
   */
  foreign(entry: LogEntry, before: Position): Promise<void> | undefined
  /** The feed reached a position. */
  reached(): void
  gap(error: Error): void
  /** The log is another one: `resume` reads it from the start of `head`, once the room holds its snapshot. */
  rewound(head: LogHead, resume: () => Promise<void>): void
  deleted(): void
  awareness(instanceId: string, bytes: Uint8Array): void
  presence(): Uint8Array | undefined
  instanceGone(instanceId: string): void
}

/**
 * The log in its order, each entry once: the replay first, then what comes live. Own entries only move the position (they
 * were admitted before they were appended). After a hole it reads on from the last position; what comes meanwhile waits.
 */
export class Feed implements LogSink {
  readonly #owner: FeedOwner
  readonly #clock: Clock
  #phase: 'reading' | 'live' | 'closed' = 'reading'
  #isLive = false
  #waiting: LogEntry[] = []
  #last: Position = ''
  #cancelRetry: (() => void) | undefined
  #log: RoomLog | undefined
  #hasGap = false
  #rewinds = 0
  /** Work of the present read, in bytes. */
  #sincePause = 0
  /** What is being replayed is the past already. */
  #isVoid = false

  constructor(owner: FeedOwner, clock: Clock) {
    this.#owner = owner
    this.#clock = clock
  }

  /** Everything up to here was given to the room. */
  get last(): Position {
    return this.#last
  }

  /** Whether everything the log has told was given to the room: nothing is being read. */
  get isLive(): boolean {
    return this.#phase === 'live'
  }

  /** Reads everything behind the snapshot, then goes live. Rejects when the log cannot be read. */
  async replay(log: RoomLog, pause: () => Promise<void>): Promise<void> {
    this.#last = log.head.upTo
    this.#log = log
    await this.#read(log, pause)
    if (this.#isVoid) throw new Error('the log was replaced while it was read: open the room again')
    this.#isLive = true
  }

  /** Reads what was appended since. Rejects when the log cannot be read. */
  async readOn(log: RoomLog, pause: () => Promise<void>): Promise<void> {
    this.#phase = 'reading'
    await this.#read(log, pause)
  }

  onEntry(entry: LogEntry): void {
    if (this.#phase === 'reading') this.#waiting.push(entry)
    if (this.#phase !== 'live') return
    const taking = this.#deliver(entry)
    if (taking === undefined) return
    // what comes meanwhile waits, as during a read
    this.#phase = 'reading'
    void this.#finish(taking)
  }

  onAwareness(instanceId: string, bytes: Uint8Array): void {
    if (this.#phase !== 'closed') this.#owner.awareness(instanceId, bytes)
  }

  presence(): Uint8Array | undefined {
    return this.#phase === 'closed' ? undefined : this.#owner.presence()
  }

  onInstanceGone(instanceId: string): void {
    if (this.#phase !== 'closed') this.#owner.instanceGone(instanceId)
  }

  onGap(error: Error): void {
    this.#owner.gap(error)
    const log = this.#log
    // a read that is under way may have passed the hole already: it reads once more
    this.#hasGap = true
    if (this.#phase === 'live' && log !== undefined) void this.#readAgain(log)
  }

  onRewound(head: LogHead): void {
    if (this.#isClosed()) return
    this.#isVoid = !this.#isLive
    if (this.#isVoid) return
    // entries of before are void, what comes from now on waits for its place
    this.#phase = 'reading'
    this.#waiting = []
    this.#cancelRetry?.()
    this.#rewinds += 1
    const rewind = this.#rewinds
    this.#owner.rewound(head, async () => {
      if (rewind !== this.#rewinds || this.#isClosed()) return
      this.#last = head.upTo
      if (this.#log !== undefined) await this.#readAgain(this.#log)
    })
  }

  onDeleted(): void {
    this.#isVoid = !this.#isLive
    if (!this.#isClosed()) this.#owner.deleted()
  }

  close(): void {
    this.#phase = 'closed'
    this.#waiting = []
    this.#cancelRetry?.()
  }

  async #readAgain(log: RoomLog): Promise<void> {
    this.#phase = 'reading'
    try {
      await this.#read(log, () => Promise.resolve())
    } catch (error) {
      if (this.#isClosed()) return
      this.#owner.gap(error instanceof Error ? error : new Error(String(error)))
      this.#cancelRetry = this.#clock.after(REREAD_MS, () => void this.#readAgain(log))
    }
  }

  async #read(log: RoomLog, pause: () => Promise<void>): Promise<void> {
    const isOver = this.#untilRewound()
    this.#sincePause = 0
    do {
      this.#hasGap = false
      // hardly anything in this loop: V8 never optimizes a function that waits at each entry while it runs
      for await (const entry of log.read(this.#last)) {
        if (isOver()) return
        const work = this.#replay(entry, pause)
        if (work !== undefined) await work
      }
    } while (!isOver() && !(await this.#goLive(isOver)))
  }

  /** A live entry takes several turns: goes on behind it. */
  async #finish(taking: Promise<void>): Promise<void> {
    const isOver = this.#untilRewound()
    await taking
    const log = this.#log
    if (!isOver() && !(await this.#goLive(isOver)) && log !== undefined) await this.#readAgain(log)
  }

  /**
   * Gives what came meanwhile (an entry may have come both ways, positions tell), and is live.
   *
   * @returns `false` where there is a hole to read again, and it is not live.
   */
  async #goLive(isOver: () => boolean): Promise<boolean> {
    while (!this.#hasGap) {
      const entry = this.#waiting.shift()
      if (entry === undefined) {
        this.#phase = 'live'
        return true
      }
      const taking = this.#deliver(entry)
      if (taking === undefined) continue
      await taking
      if (isOver()) return true
    }
    return false
  }

  /** @returns what to wait for before the next one: the entry itself, or the others' turn. */
  #replay(entry: LogEntry, pause: () => Promise<void>): Promise<void> | undefined {
    const taking = this.#deliver(entry)
    this.#sincePause += entry.update.length + ENTRY_COST_BYTES
    if (taking === undefined && this.#sincePause < PAUSE_BYTES) return undefined
    this.#sincePause = 0
    return taking ?? pause()
  }

  /** The position moves once the room has the entry: what is still being taken is claimed by nobody. */
  #deliver(entry: LogEntry): Promise<void> | undefined {
    const before = this.#last
    if (entry.position <= before) return undefined
    const isForeign = !this.#isLive || entry.meta.instanceId !== this.#owner.instanceId
    const taking = isForeign ? this.#owner.foreign(entry, before) : undefined
    if (taking === undefined) {
      this.#reach(entry.position)
      return undefined
    }
    const isOver = this.#untilRewound()
    return taking.then(() => {
      if (!isOver()) this.#reach(entry.position)
    })
  }

  #reach(position: Position): void {
    this.#last = position
    this.#owner.reached()
  }

  /** Says later whether the feed was closed or rewound since. */
  #untilRewound(): () => boolean {
    const rewinds = this.#rewinds
    return () => this.#isClosed() || rewinds !== this.#rewinds
  }

  #isClosed(): boolean {
    return this.#phase === 'closed'
  }
}

/** Replay gives the loop back after so much work: about 10 ms of admission. */
const PAUSE_BYTES = 1_000_000
/** What one entry costs beside its bytes, in bytes' worth of time. */
const ENTRY_COST_BYTES = 100
