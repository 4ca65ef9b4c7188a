import type { Clock } from './clock.ts'

/** A part of some longer work: a few milliseconds. Answers whether the work is done. Must not throw. */
export type Slice = () => boolean

/**
 * Long work in slices, one slice in a turn of the loop for the whole process: whoever brings it, everybody else waits a few
 * milliseconds at most. Works take turns.
 */
export class SliceQueue {
  readonly #clock: Clock
  readonly #slices: Slice[] = []
  #isDue = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Works under way. */
  get size(): number {
    return this.#slices.length
  }

  add(slice: Slice): void {
    this.#slices.push(slice)
    this.#wake()
  }

  #wake(): void {
    if (this.#isDue || this.#slices.length === 0) return
    this.#isDue = true
    this.#clock.endOfTurn(() => {
      this.#isDue = false
      const slice = this.#slices.shift()
      if (slice !== undefined && !slice()) this.#slices.push(slice)
      this.#wake()
    })
  }
}
