import type { Clock } from '../clock.ts'
import type { YRedisLoader } from '../log/yredis-peer.ts'
import type { YRedisClient } from '../log/yredis-options.ts'
import { SupervisedThread } from './supervised-thread.ts'

/** A list of so many megabytes that it takes longer is read entry by entry. */
const LOAD_TIMEOUT_MS = 30_000
/** One for each room that is being opened. */
const MAX_QUEUED_LOADS = 10_000

/** What a loader takes from outside. */
export interface YRedisLoaderOptions {
  readonly clock: Clock
  readonly client: YRedisClient
  /** The thread's entry; tests put their own. */
  readonly entry?: URL | undefined
}

/**
 * The published y-redis in a thread of its own: what ends it ends no room.
 *
 * `yredis-worker.js` has to lie beside this file, in `src` and in `dist`.
 */
export function createYRedisLoader({ clock, client, entry }: YRedisLoaderOptions): YRedisLoader {
  const thread = new SupervisedThread<{ readonly update: Uint8Array; readonly length: number }>({
    clock,
    entry: entry ?? new URL('./yredis-worker.js', import.meta.url),
    work: 'y-redis import',
    timeoutMs: LOAD_TIMEOUT_MS,
    maxQueued: MAX_QUEUED_LOADS,
  })
  return {
    load: (name) => thread.call(() => ({ message: { client, name } })),
    close: () => thread.close(),
  }
}
