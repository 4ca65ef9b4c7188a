import type { Clock } from './clock.ts'

/**
 * Distance of the moments at which a process does what is due from time to time. To wake a core for nothing else costs a
 * tenth of a millisecond and more, whatever is done then ([0092](../../docs/decisions/0092-what-an-idle-process-wakes-for.md)).
 */
export const MOMENT_MS = 250

/** A clock whose timers run at common moments, all in one wake-up: for what need not be exact. */
export interface CoalescedClock extends Clock {
  /** In how many ms what is asked for now `after` so many would run: the nearest moment, at least half of {@link MOMENT_MS} away. */
  delay(ms: number): number
}

interface Due {
  /** Number of its moment. */
  readonly at: number
  readonly run: () => void
}

const coalescedClocks = new WeakMap<Clock, CoalescedClock>()

/**
 * The coalesced clock of a clock, one for all who ask. Moments are counted from its first use, so that processes that share
 * a machine or a Redis seldom wake together.
 *
 * @example
 * coalesced(systemClock).after(3_000, look) // with whatever else is due in 2,875 to 3,125 ms
 */
export function coalesced(clock: Clock): CoalescedClock {
  const known = coalescedClocks.get(clock)
  if (known !== undefined) return known
  const made = new Coalesced(clock)
  coalescedClocks.set(clock, made)
  return made
}

/** Moments are numbered. Time only says how far it is to the next: a wall clock that is set moves none of them. */
class Coalesced implements CoalescedClock {
  readonly #clock: Clock
  #due: Due[] = []
  /** The last moment that passed, and when. */
  #moment = 0
  #passedAt: number
  #armed: { readonly at: number; readonly cancel: () => void } | undefined
  #isRunning = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#passedAt = clock.now()
  }

  now(): number {
    return this.#clock.now()
  }

  endOfTurn(run: () => void): void {
    this.#clock.endOfTurn(run)
  }

  delay(ms: number): number {
    return this.#msTo(this.#momentAfter(ms))
  }

  after(ms: number, run: () => void): () => void {
    const due = { at: this.#momentAfter(ms), run }
    this.#due.push(due)
    this.#arm()
    return () => {
      this.#due = this.#due.filter((other) => other !== due)
      this.#arm()
    }
  }

  /** Moments that passed, with fractions: not beyond the one that is waited for. */
  get #position(): number {
    const passed = Math.max(0, (this.#clock.now() - this.#passedAt) / MOMENT_MS)
    const { at } = this.#armed ?? { at: Number.POSITIVE_INFINITY }
    return Math.min(this.#moment + passed, Math.max(at, this.#moment))
  }

  #momentAfter(ms: number): number {
    const position = this.#position
    const at = Math.round(position + ms / MOMENT_MS)
    return at - position < 0.5 ? at + 1 : at
  }

  #msTo(moment: number): number {
    return Math.max(0, (moment - this.#position) * MOMENT_MS)
  }

  /** One timer, for the next moment at which anything is due. */
  #arm(): void {
    if (this.#isRunning) return
    let next = Number.POSITIVE_INFINITY
    for (const { at } of this.#due) next = Math.min(next, at)
    if (next === this.#armed?.at) return
    const ms = this.#msTo(next)
    this.#armed?.cancel()
    this.#armed =
      next === Number.POSITIVE_INFINITY
        ? undefined
        : { at: next, cancel: this.#clock.after(ms, () => this.#pass(next)) }
  }

  #pass(moment: number): void {
    this.#armed = undefined
    this.#moment = moment
    this.#passedAt = this.#clock.now()
    this.#isRunning = true
    try {
      for (const due of this.#due.filter(({ at }) => at <= moment)) {
        // one before it may have cancelled it
        if (!this.#due.includes(due)) continue
        this.#due = this.#due.filter((other) => other !== due)
        due.run()
      }
    } finally {
      this.#isRunning = false
      // what is left where one of them threw is due at once
      this.#arm()
    }
  }
}
