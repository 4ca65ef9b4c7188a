import { Worker } from 'node:worker_threads'
import { systemClock, type Clock } from '../clock.ts'
import type { CompactionResult, Compactor } from '../room-compactor.ts'

/** A thread that takes longer is ended and its call rejects: 25 MB take about 4 s. */
export const COMPACTION_TIMEOUT_MS = 120_000
/** Waiting calls; a room has one at most, and one that is refused comes again when its tail has doubled. */
export const MAX_QUEUED_COMPACTIONS = 1_000
/** A quiet thread is ended: it holds the heap of the largest document it has seen. */
export const IDLE_MS = 60_000

/** What a supervised compactor takes from outside. */
export interface CompactorOptions {
  readonly clock?: Clock | undefined
  readonly timeoutMs?: number | undefined
  /** The thread's entry; tests put their own. */
  readonly entry?: URL | undefined
}

interface Job {
  readonly update: Uint8Array
  readonly resolve: (result: CompactionResult) => void
  readonly reject: (error: Error) => void
}

interface Running {
  readonly id: number
  readonly job: Job
  readonly cancelTimeout: () => void
}

/** The thread's answer; the bytes come from our own code. */
type Answer =
  | { readonly id: number; readonly ok: true; readonly compacted: CompactionResult }
  | { readonly id: number; readonly ok: false; readonly message: string }

/**
 * Compaction in one worker thread: started at the first call, one document at a time, never keeping the process alive.
 * A thread that dies or takes too long rejects the call it had; the next call starts a new one.
 *
 * `compaction-worker.js` has to lie beside this file, in `src` and in `dist`.
 *
 * @example const compactor = createCompactor()
 */
export function createCompactor(options: CompactorOptions = {}): Compactor {
  return new ThreadCompactor(options)
}

class ThreadCompactor implements Compactor {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #entry: URL
  readonly #queue: Job[] = []
  #worker: Worker | undefined
  #running: Running | undefined
  #cancelIdle: (() => void) | undefined
  #lastId = 0
  #isClosed = false

  constructor(options: CompactorOptions) {
    this.#clock = options.clock ?? systemClock
    this.#timeoutMs = options.timeoutMs ?? COMPACTION_TIMEOUT_MS
    this.#entry = options.entry ?? new URL('./compaction-worker.js', import.meta.url)
  }

  compact(update: Uint8Array): Promise<CompactionResult> {
    if (this.#isClosed) return Promise.reject(new Error('the compactor is closed'))
    if (this.#queue.length >= MAX_QUEUED_COMPACTIONS)
      return Promise.reject(new Error('too many compactions are waiting'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ update, resolve, reject })
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelIdle?.()
    const worker = this.#worker
    this.#worker = undefined
    this.#fail(new Error('the compactor is closed'))
    for (const job of this.#queue.splice(0)) job.reject(new Error('the compactor is closed'))
    await worker?.terminate()
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed) return
    const job = this.#queue.shift()
    if (job === undefined) return this.#rest()
    this.#cancelIdle?.()
    this.#cancelIdle = undefined
    this.#lastId += 1
    const id = this.#lastId
    const cancelTimeout = this.#clock.after(this.#timeoutMs, () => {
      if (this.#running?.id === id) this.#drop(new Error(`compaction took longer than ${this.#timeoutMs} ms`))
    })
    this.#running = { id, job, cancelTimeout }
    try {
      this.#worker ??= this.#start()
      this.#worker.postMessage({ id, update: job.update })
    } catch (error) {
      // no thread, or no memory for the copy
      this.#drop(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#entry)
    worker.unref()
    worker.on('message', (answer: Answer) => this.#answered(worker, answer))
    worker.on('error', (error) =>
      this.#ended(worker, error instanceof Error ? error : new Error(String(error))),
    )
    worker.on('exit', (code) =>
      this.#ended(worker, new Error(`the compaction thread ended with code ${code}`)),
    )
    return worker
  }

  #answered(worker: Worker, answer: Answer): void {
    const running = this.#running
    // an answer of a thread that was given up
    if (worker !== this.#worker || running?.id !== answer.id) return
    this.#running = undefined
    running.cancelTimeout()
    if (answer.ok) running.job.resolve(answer.compacted)
    else running.job.reject(new Error(answer.message))
    this.#next()
  }

  #ended(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#fail(error)
    this.#next()
  }

  /** Gives up the thread and the call it has. */
  #drop(error: Error): void {
    const worker = this.#worker
    this.#worker = undefined
    // rejects only where the thread is gone already
    worker?.terminate().catch(() => undefined)
    this.#fail(error)
    this.#next()
  }

  #fail(error: Error): void {
    const running = this.#running
    this.#running = undefined
    running?.cancelTimeout()
    running?.job.reject(error)
  }

  #rest(): void {
    if (this.#worker === undefined || this.#cancelIdle !== undefined) return
    this.#cancelIdle = this.#clock.after(IDLE_MS, () => {
      this.#cancelIdle = undefined
      if (this.#running === undefined) this.#drop(new Error('idle'))
    })
  }
}
