import { systemClock, type Clock } from '../clock.ts'
import { UpdateLayout } from '../room/update-layout.ts'
import type { UpdateReader } from '../update-reader.ts'
import type { CompareAnswer, ReadAnswer } from './reading.ts'
import { SupervisedThread } from './supervised-thread.ts'

/** A thread that takes longer is ended: the largest frame takes a second. */
export const READING_TIMEOUT_MS = 10_000
/** Waiting calls; a connection has one at most. */
export const MAX_QUEUED_READINGS = 20_000

/** What a thread reader takes from outside. */
export interface ThreadReaderOptions {
  readonly clock?: Clock | undefined
  readonly timeoutMs?: number | undefined
  /** The thread's entry; tests put their own. */
  readonly entry?: URL | undefined
}

/**
 * Reads large updates in one worker thread, one at a time: no value however long or deep is read in the loop that serves.
 *
 * `reading-worker.js` has to lie beside this file, in `src` and in `dist`.
 *
 * @example const reader = createThreadReader()
 */
export function createThreadReader(options: ThreadReaderOptions = {}): UpdateReader {
  const thread = new SupervisedThread<ReadAnswer | CompareAnswer>({
    clock: options.clock ?? systemClock,
    entry: options.entry ?? new URL('./reading-worker.js', import.meta.url),
    work: 'reading',
    timeoutMs: options.timeoutMs ?? READING_TIMEOUT_MS,
    maxQueued: MAX_QUEUED_READINGS,
  })
  return {
    async read({ update, maxStructs, past }) {
      const answer = await thread.call(() => {
        // a copy: the room goes on with the given bytes
        const copy = update.slice()
        return {
          message: { update: copy, maxStructs, past },
          transfer: [copy.buffer],
          bytes: copy.byteLength,
        }
      })
      if (answer.kind === 'compared') throw new Error('the thread answered another question')
      if (answer.kind !== 'read') return answer
      return { kind: 'read', layout: UpdateLayout.of(answer.bytes ?? update, answer.facts) }
    },
    async compare(units) {
      const answer = await thread.call(() => ({ message: { units } }))
      return answer.kind === 'compared' && answer.isSame
    },
    close: () => thread.close(),
  }
}
