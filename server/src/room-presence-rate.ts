/** The rate is measured over so many ms. */
const WINDOW_MS = 500

/** How much there is of something a second: the higher of this window and the one before. */
export class Rate {
  #windowStart = Number.NEGATIVE_INFINITY
  #sum = 0
  #previousSum = 0

  count(now: number, amount: number): void {
    this.#roll(now)
    this.#sum += amount
  }

  perSecond(now: number): number {
    this.#roll(now)
    return (Math.max(this.#sum, this.#previousSum) * 1_000) / WINDOW_MS
  }

  #roll(now: number): void {
    const age = now - this.#windowStart
    if (age >= 0 && age < WINDOW_MS) return
    this.#previousSum = age >= 0 && age < 2 * WINDOW_MS ? this.#sum : 0
    this.#sum = 0
    this.#windowStart = now
  }
}
