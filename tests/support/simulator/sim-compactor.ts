import * as Y from 'yjs'
import type { CompactionResult, Compactor } from '../../../server/src/room-compactor.ts'
import { compact } from '../../../server/src/worker/compact.js'
import { contentOf, differingRoots } from './content.ts'

interface Job {
  readonly update: Uint8Array
  readonly resolve: (result: CompactionResult) => void
  readonly reject: (error: Error) => void
}

/** Rebuilds a document in a wrong way, to see whether the simulator notices. */
export type CompactMutant = (update: Uint8Array) => CompactionResult

/** The compaction worker without a thread: jobs wait until the scheduler runs them; a crash forgets them. */
export class SimCompactor implements Compactor {
  readonly #onViolation: (what: string) => void
  readonly #rebuild: CompactMutant
  #jobs: Job[] = []

  constructor(onViolation: (what: string) => void, rebuild: CompactMutant = compact) {
    this.#onViolation = onViolation
    this.#rebuild = rebuild
  }

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
        const result = this.#rebuild(update)
        this.#checkVisible(update, result.snapshot)
        resolve(result)
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    return jobs.length
  }

  crash(): void {
    this.#jobs = []
  }

  /** Whatever is visible stays so: a bold that is gone would be gone for everybody. */
  #checkVisible(update: Uint8Array, snapshot: Uint8Array): void {
    const [before, after] = [visibleIn(update), visibleIn(snapshot)]
    const [root] = differingRoots(before, after)
    if (root !== undefined) this.#onViolation(`a compaction made ${after[root]} of ${root} ${before[root]}`)
  }
}

/** The roots are named only once everything is applied: formatting clean-up must not run. */
function visibleIn(update: Uint8Array): Record<string, string> {
  const doc = new Y.Doc({ guid: 'compacted' })
  Y.applyUpdate(doc, update)
  const content = contentOf(doc)
  doc.destroy()
  return content
}
