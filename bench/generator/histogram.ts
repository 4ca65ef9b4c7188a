/** Bins of 2 % from 1 µs to 100 s: percentiles are right to 2 %, and adding costs a logarithm. */
const GROWTH = Math.log(1.02)
const SMALLEST_MS = 0.001
const BINS = Math.ceil(Math.log(100_000 / SMALLEST_MS) / GROWTH)

/** Times in ms. Missing ones count as infinite. */
export class Histogram {
  readonly #bins = new Float64Array(BINS)
  #count = 0
  #missing = 0

  get count(): number {
    return this.#count
  }

  add(ms: number, times = 1): void {
    const bin = ms <= SMALLEST_MS ? 0 : Math.min(BINS - 1, Math.floor(Math.log(ms / SMALLEST_MS) / GROWTH))
    this.#bins[bin] = (this.#bins[bin] ?? 0) + times
    this.#count += times
  }

  addMissing(times: number): void {
    this.#missing += times
  }

  /** `Infinity` where that part is missing, `NaN` where there is nothing. */
  percentile(part: number): number {
    const total = this.#count + this.#missing
    if (total === 0) return Number.NaN
    let left = total * part
    for (let bin = 0; bin < BINS; bin += 1) {
      left -= this.#bins[bin] ?? 0
      if (left <= 0) return SMALLEST_MS * Math.exp((bin + 0.5) * GROWTH)
    }
    return Number.POSITIVE_INFINITY
  }
}
