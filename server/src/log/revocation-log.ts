import type { Revocation } from './revocation-set.ts'

/** Hears of revocations: what is stored, then each that comes, own ones too; the same may come twice. Must not throw. */
export type RevocationSink = (revocations: readonly Revocation[]) => void

/**
 * Where revocations are kept, and how other instances hear of them. Of each person, room or person in a room the latest
 * counts, so that order does not matter and nothing is lost by saying it again. Bounded as `RevocationSet` is.
 *
 * @example
 * await backend.revocations?.open((revocations) => take(revocations))
 * await backend.revocations?.add({ userId: 'ada', at: Date.now() })
 */
export interface RevocationLog {
  /**
   * Resolves once `sink` was told of all that is stored. Called once, or again after it rejected: with `LogError`
   * `unavailable` while storage cannot be read.
   */
  open(sink: RevocationSink): Promise<void>
  /**
   * Resolves once it is durable as the backend's durability says, and every instance that can be reached was told. A later
   * moment may be stored. Rejects with `unavailable` where storage is away: it is kept and stored as soon as that is back.
   * While a disk fails the promise stays pending. Rejects with `closed` once the backend is closed.
   */
  add(revocation: Revocation): Promise<void>
}
