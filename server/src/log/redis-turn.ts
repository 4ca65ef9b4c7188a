import type { Clock } from '../clock.ts'
import type { RedisCommands, RedisJob } from './redis-commands.ts'

/** Whoever has jobs for Redis. */
export interface RedisAsker {
  /** Whether the server that it asks is there. */
  readonly isReachable: boolean
  takeJobs(): readonly RedisJob[]
}

/** First pause after a refusal; doubled up to ... */
const FIRST_BACKOFF_MS = 50
/** ... this: who has repaired Redis waits no longer. */
const MAX_BACKOFF_MS = 1_000

/** What all rooms ask Redis in one turn of the event loop goes out as one write to each server. */
export class RedisTurn {
  readonly #connection: RedisCommands
  readonly #clock: Clock
  #awake = new Set<RedisAsker>()
  #isDue = false
  readonly #failing = new Set<RedisAsker>()
  #backoffMs = FIRST_BACKOFF_MS
  #cancelRetry: (() => void) | undefined

  constructor(connection: RedisCommands, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
  }

  /** The asker's jobs are fetched at the end of this turn; while its server is away they are not. */
  wake(asker: RedisAsker): void {
    this.#awake.add(asker)
    if (this.#isDue) return
    this.#isDue = true
    this.#clock.endOfTurn(() => this.#run())
  }

  /** The asker's jobs are fetched after a while, longer at each time. */
  wakeLater(asker: RedisAsker): void {
    this.#failing.add(asker)
    if (this.#cancelRetry !== undefined) return
    this.#cancelRetry = this.#clock.after(this.#backoffMs, () => {
      this.#cancelRetry = undefined
      this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS)
      for (const failing of this.#failing) this.wake(failing)
      this.#failing.clear()
    })
  }

  /** Redis takes appends again. */
  succeeded(): void {
    this.#backoffMs = FIRST_BACKOFF_MS
  }

  close(): void {
    this.#cancelRetry?.()
    this.#failing.clear()
    this.#awake.clear()
  }

  #run(): void {
    this.#isDue = false
    const awake = this.#awake
    this.#awake = new Set()
    const jobs = [...awake].flatMap((asker) => (asker.isReachable ? asker.takeJobs() : []))
    if (jobs.length > 0) this.#connection.send(jobs)
  }
}
