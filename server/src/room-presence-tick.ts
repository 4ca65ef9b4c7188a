/** Below so many presence writes to members per second nothing is collected: each change goes out at the end of its turn. */
export const CALM_WRITES_PER_SECOND = 10_000
export const MIN_TICK_MS = 10
export const MAX_TICK_MS = 33
/** For each doubling of the rate beyond: 22 ms for 200 people at 12.5 Hz, 29 ms for 600. */
const MS_PER_DOUBLING = 2.13
/** The rate is measured over so many ms. */
const WINDOW_MS = 500

/**
 * How long presence is collected: 0 in small or quiet rooms (25 people who move 12.5 times a second feel none), 10-33 ms
 * where entries times members is a lot. Without it each change is a write to each member, and a write costs the same
 * whatever is in it.
 */
export class PresenceTick {
  #windowStart = Number.NEGATIVE_INFINITY
  #count = 0
  #previousCount = 0

  /** One entry was issued. */
  count(now: number): void {
    this.#roll(now)
    this.#count += 1
  }

  /** The tick now, for a room of so many members. */
  lengthMs(now: number, members: number): number {
    this.#roll(now)
    const perSecond = (Math.max(this.#count, this.#previousCount) * 1_000) / WINDOW_MS
    const writes = perSecond * members
    if (writes < CALM_WRITES_PER_SECOND) return 0
    const doublings = Math.log2(writes / CALM_WRITES_PER_SECOND)
    // whole ones: a timer cuts the rest off, and would be early
    return Math.round(Math.min(MAX_TICK_MS, MIN_TICK_MS + MS_PER_DOUBLING * doublings))
  }

  #roll(now: number): void {
    const age = now - this.#windowStart
    if (age >= 0 && age < WINDOW_MS) return
    this.#previousCount = age >= 0 && age < 2 * WINDOW_MS ? this.#count : 0
    this.#count = 0
    this.#windowStart = now
  }
}
