import type { Durability, RoomName } from '@roomful/shared'
import { systemClock, type Clock } from '../clock.ts'
import { CommitQueue, type CommitStats } from './commit-queue.ts'
import { commitTo, planDeletion } from './embedded-commits.ts'
import { FORMAT_KEY, lastPart, metaRange } from './embedded-keys.ts'
import { seedOf } from './embedded-envelope.ts'
import { decodeMeta } from './embedded-records.ts'
import { EmbeddedRevocations } from './embedded-revocations.ts'
import { EmbeddedRoom } from './embedded-room.ts'
import { corruptRoom, loadRoom, readTitle, RoomState } from './embedded-state.ts'
import { createEpoch, systemRandomBytes, type RandomBytes } from './entropy.ts'
import { openLevelStore, type OpenStore, type StoreRecord } from './level-store.ts'
import { LogError } from './log-error.ts'
import type { RevocationLog } from './revocation-log.ts'
import type { LogBackend, LogSink, RoomLog, RoomSummary } from './room-log.ts'
import { SupervisedStore, type HealthListener } from './supervised-store.ts'
import { Turns } from './turns.ts'

/** What an embedded log takes from outside. */
export interface EmbeddedLogOptions {
  /** The data folder; created where it is missing. */
  readonly dir: string
  readonly clock?: Clock | undefined
  readonly randomBytes?: RandomBytes | undefined
  /** `LIMIT_REVOCATIONS`: so many revocations are told apart; default 10,000. Beyond it the oldest becomes one for everybody. */
  readonly maxRevocations?: number | undefined
  /** For readiness: told when writes begin to fail and when one succeeded again. Must not throw. */
  readonly onHealth?: HealthListener | undefined
  /** For metrics: told after each group commit. Must not throw. */
  readonly onCommit?: ((stats: CommitStats) => void) | undefined
  /** The store below; tests inject failing ones. */
  readonly openStore?: OpenStore | undefined
}

/** The log of one data folder. */
export interface EmbeddedLog extends LogBackend {
  /** `false` while writes fail: appends wait, `open`, `read`, `rooms`, `delete` reject with `unavailable`. */
  readonly isHealthy: boolean
  /** Bytes accepted and not yet on disk; grows while writes fail. */
  readonly pendingBytes: number
}

/**
 * Opens the log of a data folder (LevelDB): durability `disk`. Appends of all rooms that come in one turn, or while a
 * write is under way, share one synced write. While the disk fails appends stay pending, and `leave` with them;
 * `close` makes one last attempt and then rejects them with `LogError` `closed`.
 *
 * @throws LogError `folder-in-use`, `not-writable`, `format-newer`, `corrupt`: the message says what to do.
 * @example const log = await createEmbeddedLog({ dir: './data' })
 */
export async function createEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const clock = options.clock ?? systemClock
  const randomBytes = options.randomBytes ?? systemRandomBytes
  const store = await SupervisedStore.open({
    dir: options.dir,
    owner: createEpoch(randomBytes),
    clock,
    openStore: options.openStore ?? openLevelStore,
    onHealth: options.onHealth ?? (() => undefined),
  })
  const queue = new CommitQueue({
    clock,
    write: (ops) => store.write(ops),
    onCommit: options.onCommit ?? (() => undefined),
  })
  const revocations = new EmbeddedRevocations(store, queue, options.maxRevocations)
  return new FolderLog(store, queue, clock, revocations, () => createEpoch(randomBytes))
}

class FolderLog implements EmbeddedLog {
  readonly durability: Durability = 'disk'
  readonly revocations: RevocationLog
  readonly #store: SupervisedStore
  readonly #queue: CommitQueue
  readonly #clock: Clock
  readonly #mintEpoch: () => string
  readonly #open = new Map<RoomName, EmbeddedRoom>()
  /** Opening, deleting and the end of leaving a room exclude each other. */
  readonly #turns = new Turns<RoomName>()
  #closed: Promise<void> | undefined

  constructor(
    store: SupervisedStore,
    queue: CommitQueue,
    clock: Clock,
    revocations: RevocationLog,
    mintEpoch: () => string,
  ) {
    this.#store = store
    this.#queue = queue
    this.revocations = revocations
    this.#clock = clock
    this.#mintEpoch = mintEpoch
  }

  get isHealthy(): boolean {
    return this.#store.isHealthy
  }

  get pendingBytes(): number {
    return this.#queue.pendingBytes
  }

  async open(room: RoomName, sink: LogSink): Promise<RoomLog> {
    this.#assertUsable()
    return this.#turns.run(room, async () => {
      const previous = this.#open.get(room)
      if (previous?.isUsable === true) {
        throw new LogError('already-open', `room ${room} is already open in this process`)
      }
      await previous?.leave()
      this.#assertUsable()
      const { meta, head } = await this.#load(room)
      this.#assertUsable()
      const log = new EmbeddedRoom(new RoomState(room, meta), head, sink, {
        store: this.#store,
        queue: this.#queue,
        left: () => {
          if (this.#open.get(room) === log) this.#open.delete(room)
        },
      })
      this.#open.set(room, log)
      return log
    })
  }

  async *rooms(after: RoomName | '' = ''): AsyncGenerator<RoomSummary> {
    this.#assertUsable()
    for await (const chunk of this.#store.iterate(metaRange(after))) {
      for (const record of chunk) {
        const summary = await this.#summarize(record)
        if (summary !== undefined) yield summary
      }
    }
  }

  async delete(room: RoomName, stateVector: Uint8Array): Promise<void> {
    this.#assertUsable()
    const kept = { stateVector: stateVector.slice(), deletedAt: this.#clock.now() }
    this.#open.get(room)?.markDeleted()
    await this.#turns.run(room, async () => {
      const log = this.#open.get(room)
      // again: it may have been opened while this waited
      log?.markDeleted()
      const state = log?.state ?? new RoomState(room, (await this.#load(room)).meta)
      const plan = planDeletion(state, this.#mintEpoch(), kept)
      await commitTo(this.#queue, state, { bytes: stateVector.byteLength, plan }, () => undefined)
      if (this.#open.get(room) === log) this.#open.delete(room)
    })
  }

  async check(): Promise<void> {
    this.#assertUsable()
    try {
      await this.#store.get(FORMAT_KEY)
    } catch (error) {
      // closed under it, for repair or for good
      this.#assertUsable()
      throw new LogError('unavailable', 'storage could not be read: try again later', { cause: error })
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const left = [...this.#open.values()].map((log) => log.closeBackend())
    this.#store.hurry()
    await this.#queue.close()
    await Promise.all(left)
    await this.#turns.idle()
    await this.#store.close()
  }

  /** `undefined` for a room of which only the deletion is known. */
  async #summarize([key, record]: StoreRecord): Promise<RoomSummary | undefined> {
    // a name that was parsed before it became a key
    const room = lastPart(key) as RoomName
    const meta = decodeMeta(seedOf(key), record)
    if (meta === undefined) throw corruptRoom(room, 'meta record')
    const { generation, snapshotBytes = 0 } = meta
    const entries = meta.last - meta.upTo
    if (entries === 0 && meta.snapshotBytes === undefined) return undefined
    const title = meta.hasTitle ? await readTitle(this.#store, room) : undefined
    return { room, generation, entries, bytes: meta.total - meta.totalUpTo + snapshotBytes, title }
  }

  async #load(room: RoomName): ReturnType<typeof loadRoom> {
    try {
      return await loadRoom(this.#store, room, this.#mintEpoch)
    } catch (error) {
      if (error instanceof LogError) throw error
      throw new LogError('unavailable', `room ${room} could not be read: try again later`, { cause: error })
    }
  }

  /** @throws LogError `closed`, or `unavailable` while writes fail. */
  #assertUsable(): void {
    if (this.#closed !== undefined) throw new LogError('closed', 'the log is closed')
    this.#store.reader()
  }
}
