import type { Clock } from '../../../server/src/clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/**
 * Time that only moves when told to. Each process has its own {@link SimProcessClock} of it, so that a crash can silence
 * what the dead process had planned.
 */
export class SimClock {
  #now = 1_700_000_000_000
  #order = 0
  #timers: Timer[] = []
  #turn: (() => void)[] = []
  /** Turns ended so far. */
  turns = 0

  now(): number {
    return this.#now
  }

  /** Something waits for the end of this turn. */
  get turnPending(): boolean {
    return this.#turn.length > 0
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  endOfTurn(run: () => void): void {
    this.#turn.push(run)
  }

  /** Ends the turn: what is asked for meanwhile belongs to the next one, as with `setImmediate`. */
  endTurn(): void {
    const turn = this.#turn
    this.#turn = []
    this.turns += 1
    for (const run of turn) run()
  }

  /** Ms until the next timer; `undefined` without one. */
  get nextIn(): number | undefined {
    let next: number | undefined
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next) next = timer.at
    }
    return next === undefined ? undefined : Math.max(0, next - this.#now)
  }

  /** Moves on by at most `ms`, to the next timer where one is due before; runs what is due. Returns what is left of `ms`. */
  advance(ms: number): number {
    const step = Math.min(ms, this.nextIn ?? ms)
    this.#now += step
    const due = this.#timers.filter((timer) => timer.at <= this.#now)
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now)
    due.sort((a, b) => a.at - b.at || a.order - b.order)
    for (const timer of due) timer.run()
    return ms - step
  }
}

/** The clock of one process: silent after {@link kill}. */
export class SimProcessClock implements Clock {
  readonly #clock: SimClock
  #alive = true

  constructor(clock: SimClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  after(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, () => {
      if (this.#alive) run()
    })
  }

  endOfTurn(run: () => void): void {
    this.#clock.endOfTurn(() => {
      if (this.#alive) run()
    })
  }

  /** Nothing planned so far will run. */
  kill(): void {
    this.#alive = false
  }
}
