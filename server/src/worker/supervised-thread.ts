import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'

/** A quiet thread is ended: it holds the heap of the largest thing it has seen. */
export const IDLE_MS = 60_000
/** What is larger than this leaves a heap of hundreds of megabytes behind: the thread ends as soon as nothing waits. */
export const LARGE_BYTES: number = 4 * 1024 * 1024

/** What a thread is made of. */
export interface ThreadOptions {
  readonly clock: Clock
  /** The thread's entry, plain JavaScript. */
  readonly entry: URL
  /** What it does, for error messages: "compaction". */
  readonly work: string
  /** A call that takes longer rejects and its thread is ended. */
  readonly timeoutMs: number
  /** Calls that wait; more are rejected. */
  readonly maxQueued: number
}

/** A message to the thread, and what changes hands with it. */
export interface Parcel {
  readonly message: object
  readonly transfer?: readonly ArrayBuffer[] | undefined
  /** Of what is worked on: the thread's heap grows to many times of it. */
  readonly bytes?: number | undefined
}

interface Job<T> {
  readonly pack: () => Parcel
  readonly resolve: (result: T) => void
  readonly reject: (error: Error) => void
}

interface Running<T> {
  readonly id: number
  readonly job: Job<T>
  readonly cancelTimeout: () => void
}

/** The thread's answer; it comes from our own code. */
type Answer<T> =
  | { readonly id: number; readonly ok: true; readonly result: T }
  | { readonly id: number; readonly ok: false; readonly message: string }

/**
 * One worker thread: started at the first call, one call at a time, never keeping the process alive, ended when it is quiet, at once
 * where it has had something large.
 * A thread that dies or takes too long rejects the call it had; the next call starts a new one.
 *
 * Wire: `{ id, …message }` in, `{ id, ok: true, result }` or `{ id, ok: false, message }` out.
 */
export class SupervisedThread<T> {
  readonly #options: ThreadOptions
  readonly #queue: Job<T>[] = []
  #worker: Worker | undefined
  #running: Running<T> | undefined
  #cancelIdle: (() => void) | undefined
  /** It has had something large, and keeps the heap for it. */
  #isSwollen = false
  #lastId = 0
  #isClosed = false

  constructor(options: ThreadOptions) {
    this.#options = options
  }

  /** `pack` is asked for the message when the thread is free: what waits is not copied yet. */
  call(pack: () => Parcel): Promise<T> {
    const { work, maxQueued } = this.#options
    if (this.#isClosed) return Promise.reject(new Error(`the ${work} thread is closed`))
    if (this.#queue.length >= maxQueued)
      return Promise.reject(new Error(`too many calls of the ${work} thread are waiting`))
    return new Promise((resolve, reject) => {
      this.#queue.push({ pack, resolve, reject })
      this.#next()
    })
  }

  /** Rejects what runs and what waits. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelIdle?.()
    const worker = this.#worker
    this.#worker = undefined
    this.#fail(new Error(`the ${this.#options.work} thread is closed`))
    for (const job of this.#queue.splice(0))
      job.reject(new Error(`the ${this.#options.work} thread is closed`))
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
    const { clock, timeoutMs, work } = this.#options
    const cancelTimeout = clock.after(timeoutMs, () => {
      if (this.#running?.id === id) this.#drop(new Error(`${work} took longer than ${timeoutMs} ms`))
    })
    this.#running = { id, job, cancelTimeout }
    try {
      this.#worker ??= this.#start()
      const { message, transfer = [], bytes = 0 } = job.pack()
      this.#isSwollen ||= bytes > LARGE_BYTES
      this.#worker.postMessage({ id, ...message }, transfer)
    } catch (error) {
      // no thread, or no memory for the copy
      this.#drop(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #start(): Worker {
    this.#isSwollen = false
    const worker = new Worker(this.#options.entry)
    worker.unref()
    worker.on('message', (answer: Answer<T>) => this.#answered(worker, answer))
    worker.on('error', (error) =>
      this.#ended(worker, error instanceof Error ? error : new Error(String(error))),
    )
    worker.on('exit', (code) =>
      this.#ended(worker, new Error(`the ${this.#options.work} thread ended with code ${code}`)),
    )
    return worker
  }

  #answered(worker: Worker, answer: Answer<T>): void {
    const running = this.#running
    // an answer of a thread that was given up
    if (worker !== this.#worker || running?.id !== answer.id) return
    this.#running = undefined
    running.cancelTimeout()
    if (answer.ok) running.job.resolve(answer.result)
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
    if (this.#isSwollen) return this.#drop(new Error('swollen'))
    this.#cancelIdle = this.#options.clock.after(IDLE_MS, () => {
      this.#cancelIdle = undefined
      if (this.#running === undefined) this.#drop(new Error('idle'))
    })
  }
}
