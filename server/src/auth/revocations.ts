import type { RoomName } from '@roomful/shared'
import type { Granted } from './grant.ts'

/** Whom a revocation or a re-check is about: everybody who fits all that is given. */
export interface AccessFilter {
  readonly room?: RoomName | undefined
  readonly userId?: string | undefined
}

/** So many revocations are told apart; they cost some 150 B each. */
export const MAX_REVOCATIONS = 10_000

/**
 * What was issued until a moment counts no more, for a person, a room, or a person in a room. Kept as long as the process
 * runs. Beyond {@link MAX_REVOCATIONS} the oldest becomes one for everybody: forgetting it would let somebody back in.
 */
export class Revocations {
  /** Oldest first. */
  readonly #moments = new Map<string, number>()
  #everybody = -Infinity

  /** Nothing issued until `now` counts for those who fit. */
  add(filter: AccessFilter, now: number): void {
    if (filter.room === undefined && filter.userId === undefined) {
      this.#everybody = now
      return
    }
    const key = keyOf(filter.room, filter.userId)
    this.#moments.delete(key)
    this.#moments.set(key, now)
    if (this.#moments.size <= MAX_REVOCATIONS) return
    for (const [oldest, at] of this.#moments) {
      this.#moments.delete(oldest)
      this.#everybody = Math.max(this.#everybody, at)
      return
    }
  }

  /** Whether a grant was issued too early. One that does not say when it was issued is the authorizer's to judge. */
  isRevoked({ issuedAt, user }: Granted, room: RoomName): boolean {
    if (issuedAt === undefined) return false
    if (issuedAt <= this.#everybody) return true
    if (this.#moments.size === 0) return false
    const isPast = (key: string): boolean => issuedAt <= (this.#moments.get(key) ?? -Infinity)
    if (isPast(keyOf(room, undefined))) return true
    return user !== undefined && (isPast(keyOf(undefined, user.id)) || isPast(keyOf(room, user.id)))
  }
}

/** A room's name holds no `/`. */
function keyOf(room: RoomName | undefined, userId: string | undefined): string {
  return `${room ?? ''}/${userId ?? ''}`
}
