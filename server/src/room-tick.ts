/** How long something is collected, by how many writes to members it would cost otherwise. */
export interface Pace {
  /** Below so many writes a second nothing is collected: each change goes out at the end of its turn. */
  readonly calmWritesPerSecond: number
  readonly minMs: number
  readonly maxMs: number
  /** For each doubling of the rate beyond. */
  readonly msPerDoubling: number
}

/** Presence: 14 ms for 50 people who move 12.5 times a second, 22 ms for 200, 29 ms for 600; 25 people feel none. */
export const PRESENCE_PACE: Pace = {
  calmWritesPerSecond: 10_000,
  minMs: 10,
  maxMs: 33,
  msPerDoubling: 2.13,
}

/** Updates: 6 ms where 20 people type and 100 read along; one typist is read at once by 1,000. */
export const UPDATE_PACE: Pace = { calmWritesPerSecond: 20_000, minMs: 4, maxMs: 12, msPerDoubling: 2 }

/** The rate is measured over so many ms. */
const WINDOW_MS = 500

/**
 * How long a room collects what it has to say before it writes. Without it each change is a write to each member, and a
 * write costs the same whatever is in it.
 */
export class Tick {
  readonly #pace: Pace
  #windowStart = Number.NEGATIVE_INFINITY
  #count = 0
  #previousCount = 0

  constructor(pace: Pace) {
    this.#pace = pace
  }

  /** One change was issued. */
  count(now: number): void {
    this.#roll(now)
    this.#count += 1
  }

  /** The tick now, for a room of so many members. */
  lengthMs(now: number, members: number): number {
    this.#roll(now)
    const { calmWritesPerSecond, minMs, maxMs, msPerDoubling } = this.#pace
    const perSecond = (Math.max(this.#count, this.#previousCount) * 1_000) / WINDOW_MS
    const writes = perSecond * members
    if (writes < calmWritesPerSecond) return 0
    const doublings = Math.log2(writes / calmWritesPerSecond)
    // whole ones: a timer cuts the rest off, and would be early
    return Math.round(Math.min(maxMs, minMs + msPerDoubling * doublings))
  }

  #roll(now: number): void {
    const age = now - this.#windowStart
    if (age >= 0 && age < WINDOW_MS) return
    this.#previousCount = age >= 0 && age < 2 * WINDOW_MS ? this.#count : 0
    this.#count = 0
    this.#windowStart = now
  }
}
