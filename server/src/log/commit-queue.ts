import type { Clock } from '../clock.ts'
import type { StoreOp } from './level-store.ts'
import { LogError } from './log-error.ts'

/** A record that many commits of a batch change: encoded once, as it is at the end. */
export interface LastRecord {
  readonly key: string
  encode(): Uint8Array
}

/** The changes of one write, in the order of their commits. */
export class CommitBatch {
  readonly ops: StoreOp[] = []
  readonly #last = new Set<LastRecord>()

  put(key: string, value: Uint8Array): void {
    this.ops.push({ type: 'put', key, value })
  }

  del(key: string): void {
    this.ops.push({ type: 'del', key })
  }

  /** Written once, behind everything, however many commits of the batch ask for it. */
  putLast(record: LastRecord): void {
    this.#last.add(record)
  }

  finish(): readonly StoreOp[] {
    for (const record of this.#last) this.put(record.key, record.encode())
    this.#last.clear()
    return this.ops
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

/** What a queue takes from outside. */
export interface CommitQueueOptions {
  readonly clock: Clock
  /** Resolves once on disk; rejects only when everything is to be given up. */
  write(ops: readonly StoreOp[]): Promise<void>
  onCommit(stats: CommitStats): void
}

/**
 * Group commit: what all rooms append in one turn, and while a write is under way, becomes one write with one sync.
 * Order of `push` is order on disk, and nothing is stored before what stands in front of it.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  #waiting: Commit[] = []
  #pendingBytes = 0
  #isScheduled = false
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
    if (this.#isScheduled || this.#isRunning) return
    this.#isScheduled = true
    this.#options.clock.endOfTurn(() => this.#start())
  }

  /** Takes nothing more; resolves once all that was taken has settled. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#start()
    if (!this.#isRunning) return
    await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  #start(): void {
    this.#isScheduled = false
    if (this.#isRunning || this.#waiting.length === 0) return
    this.#isRunning = true
    void this.#run()
  }

  /** Never rejects: commits settle one by one. */
  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const commits = this.#take()
      const batch = new CommitBatch()
      const planned = commits.filter((commit) => {
        const refusal = commit.plan(batch)
        if (refusal !== undefined) this.#settle(commit, refusal)
        return refusal === undefined
      })
      if (planned.length === 0) continue
      const refusal = await this.#write(planned, batch.finish())
      for (const commit of planned) this.#settle(commit, refusal)
    }
    // in the turn that found nothing waiting: what is pushed in the next microtask must start a run of its own
    this.#isRunning = false
    for (const resolve of this.#onIdle.splice(0)) resolve()
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
