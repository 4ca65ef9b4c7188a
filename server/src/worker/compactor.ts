import { systemClock, type Clock } from '../clock.ts'
import type { CompactionResult, Compactor } from '../room-compactor.ts'
import { SupervisedThread } from './supervised-thread.ts'

/** A thread that takes longer is ended and its call rejects: 25 MB take about 4 s. */
export const COMPACTION_TIMEOUT_MS = 120_000
/** Waiting calls; a room has one at most, and one that is refused comes again when its tail has doubled. */
export const MAX_QUEUED_COMPACTIONS = 1_000

/** What a supervised compactor takes from outside. */
export interface CompactorOptions {
  readonly clock?: Clock | undefined
  readonly timeoutMs?: number | undefined
  /** The thread's entry; tests put their own. */
  readonly entry?: URL | undefined
}

/**
 * Compaction in one worker thread, one document at a time.
 *
 * `compaction-worker.js` has to lie beside this file, in `src` and in `dist`.
 *
 * @example const compactor = createCompactor()
 */
export function createCompactor(options: CompactorOptions = {}): Compactor {
  const thread = new SupervisedThread<CompactionResult>({
    clock: options.clock ?? systemClock,
    entry: options.entry ?? new URL('./compaction-worker.js', import.meta.url),
    work: 'compaction',
    timeoutMs: options.timeoutMs ?? COMPACTION_TIMEOUT_MS,
    maxQueued: MAX_QUEUED_COMPACTIONS,
  })
  return {
    compact: (update) => thread.call(() => ({ message: { update }, bytes: update.byteLength })),
    close: () => thread.close(),
  }
}
