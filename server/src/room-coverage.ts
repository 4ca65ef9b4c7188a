import type { Position } from './log/room-log.ts'
import type { Freeze } from './room-compaction.ts'
import type { FrozenContent } from './room/room-content.ts'

/** What coverage needs of its room. */
export interface CoverageOwner {
  freeze(): FrozenContent
  /** Resolves once all that is appended now is durable, with the last position of our own; `undefined` where it never will be. */
  settled(): Promise<Position | undefined>
  /** Everything up to here was given to the room. */
  reached(): Position
  /** No snapshot may claim entries behind this position. */
  limit(): Position | undefined
  /** Positions of before a rewind mean nothing after it. */
  rewinds(): number
}

/**
 * Up to which position the log holds nothing but what a frozen document holds (I8): own entries that were frozen are still on
 * their way, and others write between them.
 */
export class Coverage {
  readonly #owner: CoverageOwner
  /** While a compaction runs: the least position behind which something came into force after the freeze. */
  #uncovered: Position | undefined
  #reached: (() => void)[] = []
  #isClosed = false

  constructor(owner: CoverageOwner) {
    this.#owner = owner
  }

  /** An entry of somebody else came into force, now or late; `before` stands in front of it. */
  foreign(before: Position): void {
    this.#uncovered = smallest(before, this.#uncovered)
  }

  /** The room was given more of the log. */
  advanced(): void {
    if (this.#reached.length === 0) return
    const waiting = this.#reached
    this.#reached = []
    for (const wake of waiting) wake()
  }

  rewound(): void {
    this.#uncovered = undefined
    this.advanced()
  }

  close(): void {
    this.#isClosed = true
    this.advanced()
  }

  /** Freezes the document now. */
  freeze(): Freeze {
    const { freeze, settled, reached, limit, rewinds } = this.#owner
    const frozen = freeze()
    const last = reached()
    const appended = settled()
    const rewind = rewinds()
    this.#uncovered = undefined
    const covered = async (): Promise<Position | undefined> => {
      const own = await appended
      if (own === undefined || rewind !== rewinds()) return undefined
      // own entries up to our last are frozen with it; whatever else came behind the freeze ends what we cover
      const end = own > last ? own : last
      while (reached() < end && !this.#isClosed) {
        await new Promise<void>((resolve) => this.#reached.push(resolve))
        if (rewind !== rewinds()) return undefined
      }
      return smallest(end, this.#uncovered, limit())
    }
    return { frozen, covered }
  }
}

/** The smallest of some positions. */
export function smallest(position: Position, ...limits: readonly (Position | undefined)[]): Position {
  let least = position
  for (const limit of limits) if (limit !== undefined && limit < least) least = limit
  return least
}
