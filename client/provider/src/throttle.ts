import type { ClientClock } from './clock.ts'

/** Lets a value through at most once per interval: the first at once, then always the latest, which is never lost. */
export class Throttle<T> {
  readonly #intervalMs: () => number
  readonly #clock: ClientClock
  readonly #send: (value: T) => void
  #sentAt = -Infinity
  #waiting: { value: T; cancel: () => void } | undefined

  constructor(intervalMs: () => number, clock: ClientClock, send: (value: T) => void) {
    this.#intervalMs = intervalMs
    this.#clock = clock
    this.#send = send
  }

  push(value: T): void {
    if (this.#waiting) {
      this.#waiting.value = value
      return
    }
    // a clock set back must not hold the value for hours: never wait longer than one interval
    const intervalMs = this.#intervalMs()
    const waitMs = Math.min(this.#sentAt + intervalMs - this.#clock.now(), intervalMs)
    if (waitMs <= 0) this.#deliver(value)
    else this.#waiting = { value, cancel: this.#clock.after(waitMs, () => this.flush()) }
  }

  /** Sends what waits, now. */
  flush(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.cancel()
    this.#deliver(waiting.value)
  }

  /** Forgets what waits. */
  cancel(): void {
    this.#waiting?.cancel()
    this.#waiting = undefined
  }

  #deliver(value: T): void {
    this.#sentAt = this.#clock.now()
    this.#send(value)
  }
}
