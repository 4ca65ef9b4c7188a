const NOTHING = new Int32Array(0)

/** Copies pairs `[from, to)` to pair `target`. */
function copyPairs(source: Int32Array, from: number, to: number, into: Int32Array, target: number): void {
  if (to - from > 16) {
    into.set(source.subarray(2 * from, 2 * to), 2 * target)
    return
  }
  for (let i = 2 * from, j = 2 * target; i < 2 * to; i++, j++) into[j] = source[i] as number
}

/** Sorted, disjoint, non-touching ranges `[from, to)` of clocks in one growing array of pairs. */
export class RangeList {
  /** `from, to, from, to…`; valid up to `2 * count`. */
  pairs: Int32Array = NOTHING
  count = 0

  /** Index of the first range that ends behind `clock`, at or behind index `low`. */
  after(clock: number, low = 0): number {
    const pairs = this.pairs
    let high = this.count
    let from = low
    while (from < high) {
      const middle = (from + high) >>> 1
      if ((pairs[2 * middle + 1] as number) > clock) high = middle
      else from = middle + 1
    }
    return from
  }

  has(clock: number): boolean {
    const i = this.after(clock)
    return i < this.count && (this.pairs[2 * i] as number) <= clock
  }

  /** Adds a range behind all others; touching ranges become one. */
  push(from: number, to: number): void {
    const last = 2 * this.count - 1
    if (last > 0 && (this.pairs[last] as number) >= from) {
      if ((this.pairs[last] as number) < to) this.pairs[last] = to
      return
    }
    this.#reserve(this.count + 1)
    this.pairs[2 * this.count] = from
    this.pairs[2 * this.count + 1] = to
    this.count++
  }

  /** Adds one range anywhere: moves at most the array's end once. */
  insert(from: number, to: number): void {
    // touching counts as overlapping, so that runs of typing backwards stay one range
    const first = this.after(from - 1)
    if (first === this.count) {
      this.push(from, to)
      return
    }
    let start = from
    let end = to
    let next = first
    while (next < this.count && (this.pairs[2 * next] as number) <= to) {
      start = Math.min(start, this.pairs[2 * next] as number)
      end = Math.max(end, this.pairs[2 * next + 1] as number)
      next++
    }
    const change = 1 - (next - first)
    if (change > 0) this.#reserve(this.count + change)
    if (change !== 0) this.pairs.copyWithin(2 * (next + change), 2 * next, 2 * this.count)
    this.count += change
    this.pairs[2 * first] = start
    this.pairs[2 * first + 1] = end
  }

  /** Adds sorted, disjoint ranges `pairs[2 * from, 2 * to)` in one pass; what lies between them is copied in blocks. */
  merge(pairs: Int32Array, from: number, to: number): void {
    const merged = new Int32Array(2 * (this.count + (to - from)))
    let count = 0
    let own = 0
    for (let i = from; i < to; i++) {
      let start = pairs[2 * i] as number
      let end = pairs[2 * i + 1] as number
      let next = this.after(start - 1, own)
      copyPairs(this.pairs, own, next, merged, count)
      count += next - own
      if (count > 0 && (merged[2 * count - 1] as number) >= start) {
        count--
        start = merged[2 * count] as number
        end = Math.max(end, merged[2 * count + 1] as number)
      }
      while (next < this.count && (this.pairs[2 * next] as number) <= end) {
        start = Math.min(start, this.pairs[2 * next] as number)
        end = Math.max(end, this.pairs[2 * next + 1] as number)
        next++
      }
      merged[2 * count] = start
      merged[2 * count + 1] = end
      count++
      own = next
    }
    copyPairs(this.pairs, own, this.count, merged, count)
    this.pairs = merged
    this.count = count + this.count - own
  }

  #reserve(count: number): void {
    if (2 * count <= this.pairs.length) return
    const grown = new Int32Array(Math.max(4, 2 * count, 2 * this.pairs.length))
    grown.set(this.pairs.subarray(0, 2 * this.count))
    this.pairs = grown
  }
}
