import type { ClientClock } from './clock.ts'

/** Heard nothing for so long although the server speaks every 10 s: the socket is dead and nobody has told us, ms. */
export const SILENCE_MS = 25_000
/** After the network or the tab came back, a live server answers within this, ms. */
export const PROBE_MS = 5_000
/**
 * With a receipt under way, this much silence will do: a server that stores slowly still speaks every 10 s, ms. A dead
 * socket is noticed at the first edit, and costs no traffic.
 */
export const ASKED_SILENCE_MS = 15_000

/** Notices a half-open socket: no close event ever comes for it. */
export class SilenceWatch {
  readonly #clock: ClientClock
  readonly #onSilent: () => void
  #heardAt = 0
  /** By then something must have been heard. */
  #deadline = 0
  #stop: (() => void) | undefined

  constructor(clock: ClientClock, onSilent: () => void) {
    this.#clock = clock
    this.#onSilent = onSilent
  }

  start(): void {
    this.heard()
    this.#wait()
  }

  /** Something came in. Cheap: called for every message. */
  heard(): void {
    this.#heardAt = this.#clock.now()
    this.#deadline = this.#heardAt + SILENCE_MS
  }

  /** A sign of life was asked for: from here a short silence is one. */
  probe(): void {
    this.#hurry(this.#clock.now() + PROBE_MS)
  }

  /** A receipt was asked for. */
  asked(): void {
    this.#hurry(Math.max(this.#clock.now() + PROBE_MS, this.#heardAt + ASKED_SILENCE_MS))
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#deadline = 0
  }

  #hurry(deadline: number): void {
    // not started, or hurried already
    if (deadline >= this.#deadline) return
    this.#deadline = deadline
    this.#wait()
  }

  #wait(): void {
    this.#stop?.()
    const leftMs = this.#deadline - this.#clock.now()
    // also afterwards, until somebody stops us: one late word may save a socket that then falls silent again
    this.#stop = this.#clock.after(leftMs > 0 ? leftMs : PROBE_MS, () => {
      if (this.#deadline <= this.#clock.now()) this.#onSilent()
      this.#wait()
    })
  }
}
