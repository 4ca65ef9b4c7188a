import type { Clock } from './clock.ts'

/** One timer for everything of a room that is not worth one of its own: runs at the earliest time anybody needs. */
export class Pulse {
  readonly #clock: Clock
  readonly #run: () => void
  #at = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  /** Runs within `ms`. */
  need(ms: number): void {
    const at = this.#clock.now() + ms
    if (at >= this.#at) return
    this.#cancel?.()
    this.#at = at
    this.#cancel = this.#clock.after(ms, () => {
      this.#at = Number.POSITIVE_INFINITY
      this.#cancel = undefined
      this.#run()
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#at = Number.POSITIVE_INFINITY
  }
}
