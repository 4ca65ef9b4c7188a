import type { RoomName } from '@roomful/shared'
import { RevocationSet, type Revocation, type RevocationChange } from '../log/revocation-set.ts'
import type { Granted } from './grant.ts'

/** Whom a revocation or a re-check is about: everybody who fits all that is given. */
export interface AccessFilter {
  readonly room?: RoomName | undefined
  readonly userId?: string | undefined
}

/** What was issued until a moment counts no more, for a person, a room, or a person in a room. */
export class Revocations {
  readonly #moments: RevocationSet

  /** `max` of them are told apart, see `LIMIT_REVOCATIONS`. */
  constructor(max?: number) {
    this.#moments = new RevocationSet(max)
  }

  add(revocation: Revocation): RevocationChange {
    return this.#moments.add(revocation)
  }

  /** Whether a grant was issued too early. One that does not say when it was issued is the authorizer's to judge. */
  isRevoked({ issuedAt, user }: Granted, room: RoomName): boolean {
    const moments = this.#moments
    if (issuedAt === undefined || moments.size === 0) return false
    if (issuedAt <= Math.max(moments.everybody, moments.momentOf(room, undefined))) return true
    if (user === undefined) return false
    return issuedAt <= Math.max(moments.momentOf(undefined, user.id), moments.momentOf(room, user.id))
  }
}
