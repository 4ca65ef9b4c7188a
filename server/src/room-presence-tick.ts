/** Below so many presence writes to members per second nothing is collected: each change goes out at the end of its turn. */
export const CALM_WRITES_PER_SECOND = 2_000
/** From here on the tick is at its longest. */
export const BUSY_WRITES_PER_SECOND = 20_000
export const MIN_TICK_MS = 10
export const MAX_TICK_MS = 33

/** The rate is measured over so many ms. */
const WINDOW_MS = 500

/** How long presence is collected: 0 in small or quiet rooms, 10-33 ms where entries times members is a lot. */
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
    const share = (writes - CALM_WRITES_PER_SECOND) / (BUSY_WRITES_PER_SECOND - CALM_WRITES_PER_SECOND)
    return MIN_TICK_MS + (MAX_TICK_MS - MIN_TICK_MS) * Math.min(1, share)
  }

  #roll(now: number): void {
    const age = now - this.#windowStart
    if (age >= 0 && age < WINDOW_MS) return
    this.#previousCount = age >= 0 && age < 2 * WINDOW_MS ? this.#count : 0
    this.#count = 0
    this.#windowStart = now
  }
}
