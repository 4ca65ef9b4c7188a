/** Between two neighbours at first: ten cards can be put between them before anybody else is touched. */
const GAP = 1_024

/**
 * Integers for `z-index` that change as little as possible when the stack does: a card brought to the front of a thousand
 * gets a new one, the others keep theirs.
 */
export class StackRanks {
  #ranks: ReadonlyMap<string, number> = new Map()

  /**
   * The ranks of the cards from back to front. The same map as before when nothing in it changed.
   *
   * @example ranks.of(['a', 'b']).get('b')
   */
  of(ids: readonly string[]): ReadonlyMap<string, number> {
    if (!this.#holds(ids)) this.#ranks = arranged(ids, this.#ranks)
    return this.#ranks
  }

  #holds(ids: readonly string[]): boolean {
    if (ids.length !== this.#ranks.size) return false
    let last = -Infinity
    return ids.every((id) => {
      const rank = this.#ranks.get(id)
      const isAbove = rank !== undefined && rank > last
      last = rank ?? last
      return isAbove
    })
  }
}

function arranged(ids: readonly string[], before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const kept = longestRising(ids.map((id) => before.get(id)))
  const next = new Map<string, number>()
  let low: number | undefined
  for (let at = 0; at < ids.length;) {
    const end = kept.findIndex((isKept, n) => n >= at && isKept)
    const until = end === -1 ? ids.length : end
    const high = end === -1 ? undefined : before.get(ids[end] ?? '')
    for (const [n, id] of ids.slice(at, until).entries()) {
      const rank = between(low, high, n + 1, until - at)
      // no room left between two neighbours: all are spread anew
      if (rank === undefined) return new Map(ids.map((all, place) => [all, place * GAP]))
      next.set(id, rank)
    }
    if (end !== -1 && high !== undefined) next.set(ids[end] ?? '', high)
    low = high
    at = until + 1
  }
  return next
}

/** The `n`th of `count` integers between two others, either of which may be open. */
function between(
  low: number | undefined,
  high: number | undefined,
  n: number,
  count: number,
): number | undefined {
  if (low === undefined && high === undefined) return n * GAP
  if (high === undefined) return (low ?? 0) + n * GAP
  if (low === undefined) return high - (count + 1 - n) * GAP
  return high - low > count ? Math.floor(low + ((high - low) * n) / (count + 1)) : undefined
}

/** Which of the numbers belong to a longest rising run of them (patience sorting); absent ones never do. */
function longestRising(ranks: readonly (number | undefined)[]): readonly boolean[] {
  const tails: number[] = []
  const before = ranks.map(() => -1)
  for (const [at, rank] of ranks.entries()) {
    if (rank === undefined) continue
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ranks[tails[middle] ?? -1] ?? Infinity) < rank) low = middle + 1
      else high = middle
    }
    before[at] = tails[low - 1] ?? -1
    tails[low] = at
  }
  const rising = ranks.map(() => false)
  for (let at = tails.at(-1) ?? -1; at !== -1; at = before[at] ?? -1) rising[at] = true
  return rising
}
