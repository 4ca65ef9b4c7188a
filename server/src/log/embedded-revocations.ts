import type { CommitQueue } from './commit-queue.ts'
import { lastRevocationPart, REVOCATION_RANGE, revocationRecordKey } from './embedded-keys.ts'
import { LogError } from './log-error.ts'
import type { RevocationLog, RevocationSink } from './revocation-log.ts'
import { RevocationSet, revocationKey, revocationOf, type Revocation } from './revocation-set.ts'
import type { SupervisedStore } from './supervised-store.ts'

/** About what one record takes, for the bound of a batch. */
const RECORD_BYTES = 64

/** Revocations in the data folder: a restart knows them. Written as entries are, with one sync for all that wait. */
export class EmbeddedRevocations implements RevocationLog {
  readonly #store: SupervisedStore
  readonly #queue: CommitQueue
  readonly #stored: RevocationSet
  #sink: RevocationSink = () => {}

  constructor(store: SupervisedStore, queue: CommitQueue, max: number | undefined) {
    this.#stored = new RevocationSet(max)
    this.#store = store
    this.#queue = queue
  }

  async open(sink: RevocationSink): Promise<void> {
    this.#sink = sink
    try {
      for await (const chunk of this.#store.iterate(REVOCATION_RANGE))
        for (const [key, value] of chunk) {
          const at = Number(new TextDecoder().decode(value))
          if (!Number.isFinite(at)) throw new Error(`the revocation ${key} holds no moment`)
          this.#stored.add(revocationOf(lastRevocationPart(key), at))
        }
    } catch (error) {
      if (error instanceof LogError) throw error
      throw new LogError('unavailable', 'revocations could not be read: try again later', { cause: error })
    }
    sink([...this.#stored])
  }

  add(revocation: Revocation): Promise<void> {
    return new Promise((resolve, reject) => {
      let told: readonly Revocation[] = []
      this.#queue.push({
        bytes: RECORD_BYTES,
        plan: (batch) => {
          const { put, dropped } = this.#stored.add(revocation)
          for (const key of dropped) batch.del(revocationRecordKey(key))
          for (const { room, userId, at } of put)
            batch.put(revocationRecordKey(revocationKey(room, userId)), new TextEncoder().encode(String(at)))
          told = put
          return undefined
        },
        committed: () => {
          this.#sink(told)
          resolve()
        },
        refused: reject,
      })
    })
  }
}
