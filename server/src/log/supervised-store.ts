import type { Clock } from '../clock.ts'
import { openDataFolder, reopenDataFolder } from './data-folder.ts'
import type { KeyRange } from './embedded-keys.ts'
import type { OpenStore, Store, StoreOp, StoreRecord } from './level-store.ts'
import { LogError } from './log-error.ts'

/** Told at each change: `false` with the error when writes begin to fail, `true` once one succeeded again. */
export type HealthListener = (isHealthy: boolean, error?: Error) => void

/** First pause between two attempts to repair; doubled up to ... */
const FIRST_BACKOFF_MS = 100
/** ... this: someone who frees a disk waits no longer for the log to notice. */
const MAX_BACKOFF_MS = 5_000

/** What a supervised store takes from outside. */
export interface SupervisedStoreOptions {
  readonly dir: string
  /** Random id of this start. */
  readonly owner: string
  readonly clock: Clock
  readonly openStore: OpenStore
  readonly onHealth: HealthListener
}

type Phase =
  | { readonly state: 'open'; readonly store: Store }
  | { readonly state: 'failing'; readonly error: Error }
  | { readonly state: 'closed' }

/**
 * A store that survives its disk. After a write error LevelDB must not be written again: behind a torn record in its
 * log later writes are acknowledged and gone after a restart. So: close, open again until it opens, write the same
 * again until it is taken. One write at a time.
 */
export class SupervisedStore {
  readonly #options: SupervisedStoreOptions
  #phase: Phase
  #isClosing = false
  #stopWaiting: () => void = () => undefined

  /** @throws LogError as {@link openDataFolder}. */
  static async open(options: SupervisedStoreOptions): Promise<SupervisedStore> {
    return new SupervisedStore(options, await openDataFolder(options.dir, options.owner, options.openStore))
  }

  private constructor(options: SupervisedStoreOptions, store: Store) {
    this.#options = options
    this.#phase = { state: 'open', store }
  }

  get isHealthy(): boolean {
    return this.#phase.state === 'open'
  }

  /** The store to read from. @throws LogError `unavailable` while writes fail, `closed`. */
  reader(): Pick<Store, 'get' | 'iterate'> {
    switch (this.#phase.state) {
      case 'open':
        return this.#phase.store
      case 'failing':
        throw new LogError('unavailable', 'storage is failing and being repaired: try again later', {
          cause: this.#phase.error,
        })
      case 'closed':
        throw new LogError('closed', 'the log is closed')
    }
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.reader().get(key)
  }

  iterate(range: KeyRange): AsyncIterable<readonly StoreRecord[]> {
    return this.reader().iterate(range)
  }

  /**
   * Resolves once `ops` are on disk, however long the disk fails. Rejects with `LogError` `closed` when the store is
   * closed meanwhile and one last attempt failed as well.
   */
  async write(ops: readonly StoreOp[]): Promise<void> {
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      // read before the attempt: a close during it is owed one more
      const isLast = this.#isClosing
      const error = await this.#attempt(ops)
      if (error === undefined) return
      if (isLast)
        throw new LogError('closed', `the log was closed while its storage failed: ${error.message}`, {
          cause: error,
        })
      await this.#wait(backoffMs)
    }
  }

  /** Wakes a write that waits for its next attempt and lets it be the last. */
  hurry(): void {
    this.#isClosing = true
    this.#stopWaiting()
  }

  /** Call after the last write has settled. */
  async close(): Promise<void> {
    const phase = this.#phase
    this.#phase = { state: 'closed' }
    if (phase.state === 'open') await phase.store.close()
  }

  async #attempt(ops: readonly StoreOp[]): Promise<Error | undefined> {
    const phase = this.#phase
    let store = phase.state === 'open' ? phase.store : undefined
    try {
      store ??= await reopenDataFolder(this.#options.dir, this.#options.owner, this.#options.openStore)
      await store.write(ops)
      this.#phase = { state: 'open', store }
      if (phase.state !== 'open') this.#tell(true)
      return undefined
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      this.#phase = { state: 'failing', error }
      if (phase.state === 'open') this.#tell(false, error)
      // a store that cannot even be closed holds the lock: the next open then says so, and is tried again
      await store?.close().catch(() => undefined)
      return error
    }
  }

  #tell(isHealthy: boolean, error?: Error): void {
    try {
      this.#options.onHealth(isHealthy, error)
    } catch {
      // a listener that throws must not turn a write that succeeded into one that failed
    }
  }

  #wait(ms: number): Promise<void> {
    if (this.#isClosing) return Promise.resolve()
    return new Promise((resolve) => {
      const stop = this.#options.clock.after(ms, resolve)
      this.#stopWaiting = () => {
        stop()
        resolve()
      }
    })
  }
}
