import type { ClientClock } from '@roomful/provider'

/** A clock that stands still until told. Timers run in the order they are due. */
export class ManualClientClock implements ClientClock {
  #now: number
  readonly #timers = new Map<number, { at: number; run: () => void }>()
  #sequence = 0

  constructor(now = 1_000_000) {
    this.#now = now
  }

  /** Timers not yet run: 0 after everything was let go of. */
  get waiting(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const id = this.#sequence++
    this.#timers.set(id, { at: this.#now + ms, run })
    return () => this.#timers.delete(id)
  }

  /** Moves on by `ms`, running on the way what falls due, at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end)
      const next = due.sort(([idA, a], [idB, b]) => a.at - b.at || idA - idB)[0]
      if (next === undefined) break
      this.#timers.delete(next[0])
      this.#now = Math.max(this.#now, next[1].at)
      next[1].run()
    }
    this.#now = end
  }
}
