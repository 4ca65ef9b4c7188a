import type { RoomName } from '@roomful/shared'

/** What was issued until a moment counts no more: for a person, for a room, for a person in a room, or for everybody. */
export interface Revocation {
  readonly room?: RoomName | undefined
  readonly userId?: string | undefined
  /** ms since 1970. */
  readonly at: number
}

/** So many revocations are told apart unless `LIMIT_REVOCATIONS` says otherwise; they cost some 150 B each. */
export const MAX_REVOCATIONS = 10_000

/** What an addition changed, for whoever stores it. */
export interface RevocationChange {
  /** New or later than before. */
  readonly put: readonly Revocation[]
  /** Keys of those that one for everybody now speaks for. */
  readonly dropped: readonly string[]
  /** There were too many: the oldest became one for everybody. */
  readonly isFull: boolean
}

const EVERYBODY = '/'

/** Names what a revocation is about. A room's name holds no `/`, so that {@link revocationOf} reads it back. */
export function revocationKey(room: RoomName | undefined, userId: string | undefined): string {
  return `${room ?? ''}/${userId ?? ''}`
}

/** The revocation under a key that {@link revocationKey} made. */
export function revocationOf(key: string, at: number): Revocation {
  const slash = key.indexOf('/')
  const [room, userId] = [key.slice(0, slash), key.slice(slash + 1)]
  // a name that was parsed before it became a key
  return {
    room: room === '' ? undefined : (room as RoomName),
    userId: userId === '' ? undefined : userId,
    at,
  }
}

/**
 * Revocations, the latest for each person, room or person in a room. Adding the same twice changes nothing, and the order
 * does not matter. Beyond the bound the oldest becomes one for everybody: forgetting it would let somebody
 * back in, refusing more than is due only asks for a new token.
 */
export class RevocationSet {
  readonly #max: number
  readonly #moments = new Map<string, number>()
  #newest = -Infinity

  constructor(max: number = MAX_REVOCATIONS) {
    this.#max = max
  }

  get size(): number {
    return this.#moments.size
  }

  /** The latest moment of all; -Infinity where there is none. */
  get newest(): number {
    return this.#newest
  }

  /** Until when what was issued does not count; -Infinity where it all does. Not counting those for everybody. */
  momentOf(room: RoomName | undefined, userId: string | undefined): number {
    return this.#moments.get(revocationKey(room, userId)) ?? -Infinity
  }

  get everybody(): number {
    return this.#moments.get(EVERYBODY) ?? -Infinity
  }

  add(revocation: Revocation): RevocationChange {
    const { at, room, userId } = revocation
    const key = revocationKey(room, userId)
    if (at <= Math.max(this.#moments.get(key) ?? -Infinity, this.everybody))
      return { put: [], dropped: [], isFull: false }
    this.#moments.set(key, at)
    this.#newest = Math.max(this.#newest, at)
    if (key === EVERYBODY) return { put: [revocation], dropped: this.#subsume(), isFull: false }
    if (this.#moments.size <= this.#max) return { put: [revocation], dropped: [], isFull: false }
    const dropped: string[] = []
    // twice where the one for everybody is new and takes a place itself
    while (this.#moments.size > this.#max) {
      this.#moments.set(EVERYBODY, Math.max(this.everybody, this.#oldest()))
      dropped.push(...this.#subsume())
    }
    return { put: [revocation, revocationOf(EVERYBODY, this.everybody)], dropped, isFull: true }
  }

  *[Symbol.iterator](): Generator<Revocation> {
    for (const [key, at] of this.#moments) yield revocationOf(key, at)
  }

  #oldest(): number {
    let oldest = Infinity
    for (const [key, at] of this.#moments) if (key !== EVERYBODY) oldest = Math.min(oldest, at)
    return oldest
  }

  /** What one for everybody speaks for as well. */
  #subsume(): string[] {
    const dropped: string[] = []
    const { everybody } = this
    for (const [key, at] of this.#moments) if (key !== EVERYBODY && at <= everybody) dropped.push(key)
    for (const key of dropped) this.#moments.delete(key)
    return dropped
  }
}
