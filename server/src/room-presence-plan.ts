import type { TileView } from './room-presence-place.ts'

/** Everybody hears of everybody within a second: so often, a tick and the time a timer is late by aside. */
export const FAR_MS = 900

/** What presence of a room costs, bytes each. */
export interface PresenceDemand {
  /** What may be written a second. */
  readonly budget: number
  /** What one member would be told a second if nothing were held back. */
  readonly perSecond: number
  /** The latest state of everybody who moves, once. */
  readonly round: number
}

/** Members here that see the same. */
export interface Viewers {
  readonly view: TileView
  readonly members: number
  /** Of the round, what is in this view. */
  readonly round: number
}

/** Who is told of what is in view at once, and how often the others are. */
export interface PresencePlan {
  /** Views with so much in them that it is told in turns. */
  readonly wide: ReadonlySet<TileView>
  /** How often those are told of each state in view; `undefined` where there are none. */
  readonly wideMs: number | undefined
}

/**
 * Divides the budget. What tells everybody of everybody once a second comes first. Of the rest each member may have an
 * equal part: who needs less for all that is in view gets it all and leaves the rest to the others, whose views are told
 * as often as what is left allows, equally often for all of them.
 */
export function planPresence(demand: PresenceDemand, viewers: readonly Viewers[]): PresencePlan {
  const { budget, perSecond, round } = demand
  let members = viewers.reduce((sum, group) => sum + group.members, 0)
  let left = budget - members * round * (1_000 / FAR_MS)
  const movesPerSecond = round === 0 ? 0 : perSecond / round
  const ascending = viewers.toSorted((a, b) => a.round - b.round)
  let first = 0
  for (const group of ascending) {
    const needed = group.round * movesPerSecond
    if (needed > left / members) break
    left -= needed * group.members
    members -= group.members
    first += 1
  }
  const others = ascending.slice(first)
  if (others.length === 0) return { wide: new Set(), wideMs: undefined }
  const once = others.reduce((sum, group) => sum + group.round * group.members, 0)
  const wideMs = left <= 0 ? FAR_MS : Math.min(FAR_MS, (once / left) * 1_000)
  return { wide: new Set(others.map(({ view }) => view)), wideMs }
}
