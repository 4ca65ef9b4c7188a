import type { CompactionResult, Compactor } from '../../../server/src/room-compactor.ts'
import { compact } from '../../../server/src/worker/compact.js'

interface Job {
  readonly update: Uint8Array
  readonly resolve: (result: CompactionResult) => void
  readonly reject: (error: Error) => void
}

/** The compaction worker without a thread: jobs wait until the scheduler runs them; a crash forgets them. */
export class SimCompactor implements Compactor {
  #jobs: Job[] = []

  get waiting(): number {
    return this.#jobs.length
  }

  async compact(update: Uint8Array): Promise<CompactionResult> {
    const copy = update.slice()
    return new Promise((resolve, reject) => this.#jobs.push({ update: copy, resolve, reject }))
  }

  async close(): Promise<void> {
    this.crash()
  }

  /** Runs what waits; returns how many. */
  run(): number {
    const jobs = this.#jobs.splice(0)
    for (const { update, resolve, reject } of jobs) {
      try {
        resolve(compact(update))
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    return jobs.length
  }

  crash(): void {
    this.#jobs = []
  }
}
