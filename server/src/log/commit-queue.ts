import type { Clock } from '../clock.ts'
import type { StoreOp } from './level-store.ts'
import { LogError } from './log-error.ts'

/** A record that many commits of a batch change: encoded once, as it is at the end. */
export interface LateRecord {
  readonly key: string
  encode(): Uint8Array
}

/** The changes of one write, in the order of their commits. */
export class CommitBatch {
  readonly #changes: (StoreOp | LateRecord)[] = []
  readonly #last = new Set<LateRecord>()

  put(key: string, value: Uint8Array): void {
    this.#changes.push({ type: 'put', key, value })
  }

  del(key: string): void {
    this.#changes.push({ type: 'del', key })
  }

  /** Written once, in this place, with all that further commits of the batch make of it; its key may change as well. */
  putGrowing(record: LateRecord): void {
    this.#changes.push(record)
  }

  /** Written once, behind everything, however many commits of the batch ask for it. */
  putLast(record: LateRecord): void {
    this.#last.add(record)
  }

  finish(): readonly StoreOp[] {
    return [...this.#changes, ...this.#last].map((change) =>
      'type' in change ? change : { type: 'put', key: change.key, value: change.encode() },
    )
  }
}

/** One change that waits for its turn. */
export interface Commit {
  /** For the bound of a batch; about what will be written. */
  readonly bytes: number
  /** Its turn has come: adds its changes, or returns why it may not. Sees all commits before it as done. */
  plan(batch: CommitBatch): LogError | undefined
  /** On disk. */
  committed(): void
  /** Not on disk: refused by `plan`, or the log closed over a failing disk. */
  refused(error: LogError): void
}

/** What one write held, for metrics. */
export interface CommitStats {
  readonly commits: number
  readonly bytes: number
  /** From handing it to the disk to its answer, repairs included. */
  readonly ms: number
}

/** A single write stays below what blocks everybody else behind it for long on a slow disk ... */
const MAX_BATCH_BYTES = 4 * 1024 * 1024
/** ... and below what one turn can settle: 10,000 promises are about 5 ms. */
const MAX_BATCH_COMMITS = 10_000

/**
 * Writes begin at most so often: a keystroke alone is written at once, a busy process makes a hundred syncs a second and
 * not as many as the disk can do, each of which wakes three threads.
 */
export const COMMIT_SPACING_MS = 10

/** What a queue takes from outside. */
export interface CommitQueueOptions {
  readonly clock: Clock
  /** Calls `run` once after `ms` and keeps the process alive until then, which a {@link Clock} does not. */
  readonly delay?: ((ms: number, run: () => void) => () => void) | undefined
  /** Resolves once on disk; rejects only when everything is to be given up. */
  write(ops: readonly StoreOp[]): Promise<void>
  onCommit(stats: CommitStats): void
}

/**
 * Group commit: what all rooms append in one turn, while a write is under way and until the next may begin, becomes one
 * write with one sync. Order of `push` is order on disk, and nothing is stored before what stands in front of it.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  #waiting: Commit[] = []
  #pendingBytes = 0
  /** Ms since 1970. */
  #startedAt = Number.NEGATIVE_INFINITY
  #isScheduled = false
  #cancelDelay: (() => void) | undefined
  #isRunning = false
  #isClosed = false
  #onIdle: (() => void)[] = []

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /** Bytes accepted and not yet on disk: grows while the disk fails. The bound is the rooms' to keep. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  push(commit: Commit): void {
    if (this.#isClosed) {
      commit.refused(new LogError('closed', 'the log is closed'))
      return
    }
    this.#waiting.push(commit)
    this.#pendingBytes += commit.bytes
    this.#schedule()
  }

  /** Takes nothing more; resolves once all that was taken has settled. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#start()
    if (!this.#isRunning) return
    await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isRunning || this.#waiting.length === 0) return
    this.#isScheduled = true
    const { clock, delay = delayAlive } = this.#options
    const waitMs = this.#waitMs()
    if (waitMs === 0) clock.endOfTurn(() => this.#start())
    else this.#cancelDelay = delay(waitMs, () => this.#start())
  }

  /** Until the next write may begin; 0 where it is as large as one gets, or everything has to be done with. */
  #waitMs(): number {
    if (this.#isClosed || this.#waiting.length >= MAX_BATCH_COMMITS || this.#pendingBytes >= MAX_BATCH_BYTES)
      return 0
    const sinceMs = this.#options.clock.now() - this.#startedAt
    // a clock that was set back tells nothing
    return sinceMs < 0 || sinceMs >= COMMIT_SPACING_MS ? 0 : COMMIT_SPACING_MS - sinceMs
  }

  #start(): void {
    this.#isScheduled = false
    this.#cancelDelay?.()
    this.#cancelDelay = undefined
    if (this.#isRunning || this.#waiting.length === 0) return
    this.#isRunning = true
    void this.#run()
  }

  /** Never rejects: commits settle one by one. */
  async #run(): Promise<void> {
    do {
      const commits = this.#take()
      const batch = new CommitBatch()
      const planned = commits.filter((commit) => {
        const refusal = commit.plan(batch)
        if (refusal !== undefined) this.#settle(commit, refusal)
        return refusal === undefined
      })
      if (planned.length === 0) continue
      this.#startedAt = this.#options.clock.now()
      const refusal = await this.#write(planned, batch.finish())
      for (const commit of planned) this.#settle(commit, refusal)
    } while (this.#waiting.length > 0 && this.#waitMs() === 0)
    // in the turn that leaves: what is pushed in the next microtask must start a run of its own
    this.#isRunning = false
    this.#schedule()
    if (this.#waiting.length === 0) for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  async #write(planned: readonly Commit[], ops: readonly StoreOp[]): Promise<LogError | undefined> {
    const { clock, write, onCommit } = this.#options
    const startedAt = clock.now()
    try {
      await write(ops)
    } catch (error) {
      return error instanceof LogError
        ? error
        : new LogError('closed', 'the log gave up writing', { cause: error })
    }
    let bytes = 0
    for (const commit of planned) bytes += commit.bytes
    try {
      onCommit({ commits: planned.length, bytes, ms: clock.now() - startedAt })
    } catch {
      // a metric that throws must not turn what is on disk into a refusal
    }
    return undefined
  }

  #take(): Commit[] {
    let count = 0
    let bytes = 0
    for (const commit of this.#waiting) {
      if (count > 0 && (count === MAX_BATCH_COMMITS || bytes + commit.bytes > MAX_BATCH_BYTES)) break
      count += 1
      bytes += commit.bytes
    }
    return this.#waiting.splice(0, count)
  }

  #settle(commit: Commit, refusal: LogError | undefined): void {
    this.#pendingBytes -= commit.bytes
    if (refusal === undefined) commit.committed()
    else commit.refused(refusal)
  }
}

function delayAlive(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
