/** A period has so many turns: what waits is spread over it evenly. */
const TURNS = 32

/** A period that differs by less is the same. */
const SAME_PERIOD = 0.1

/**
 * Whose turn it is: each that waits is due once within a period, at a time of its own, however many wait and whenever they
 * began to. Pure of timers: it is asked at each tick.
 *
 * @example
 * const turns = new Turns<Spot>(900, now)
 * turns.wait(spot, spot.turn)
 * turns.due(now + 900) // [spot]
 */
export class Turns<T> {
  readonly #waiting: readonly Set<T>[] = Array.from({ length: TURNS }, () => new Set<T>())
  #periodMs: number
  #at: number
  #size = 0

  constructor(periodMs: number, now: number) {
    this.#periodMs = periodMs
    this.#at = this.#positionAt(now)
  }

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  /** Who waits is due within a new period; one that is about as long changes nothing. */
  setPeriod(periodMs: number, now: number): void {
    if (Math.abs(periodMs - this.#periodMs) < this.#periodMs * SAME_PERIOD) return
    this.#periodMs = periodMs
    this.#at = this.#positionAt(now)
  }

  /** @param turn any whole number that does not change: those of neighbours are due one after the other */
  wait(one: T, turn: number): void {
    const waiting = this.#waiting[turn % TURNS]
    if (waiting === undefined || waiting.has(one)) return
    waiting.add(one)
    this.#size += 1
  }

  forget(one: T, turn: number): void {
    if (this.#waiting[turn % TURNS]?.delete(one) === true) this.#size -= 1
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const waiting of this.#waiting) waiting.clear()
    this.#size = 0
  }

  /** Those whose turn has come since the last call; they wait no more. */
  due(now: number): T[] {
    const position = this.#positionAt(now)
    const passed = Math.min(TURNS, position - this.#at)
    const due: T[] = []
    for (let turn = position - passed + 1; turn <= position; turn += 1) this.#take(turn % TURNS, due)
    // a clock that was put back begins a new period
    this.#at = position
    this.#size -= due.length
    return due
  }

  /** Everybody who waits. */
  *[Symbol.iterator](): Generator<T> {
    for (const waiting of this.#waiting) yield* waiting
  }

  /** Who waits longest at each turn. */
  *longest(): Generator<T> {
    for (const waiting of this.#waiting)
      for (const one of waiting) {
        yield one
        break
      }
  }

  #take(turn: number, due: T[]): void {
    const waiting = this.#waiting[turn]
    if (waiting === undefined || waiting.size === 0) return
    due.push(...waiting)
    waiting.clear()
  }

  #positionAt(now: number): number {
    return Math.floor((now * TURNS) / this.#periodMs)
  }
}
