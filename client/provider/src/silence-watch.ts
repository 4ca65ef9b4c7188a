import type { ClientClock } from './clock.ts'

/** Heard nothing for so long although the server speaks every 10 s: the socket is dead and nobody has told us, ms. */
export const SILENCE_MS = 25_000
/** After the network or the tab came back, a live server answers within this, ms. */
export const PROBE_MS = 5_000

/** Notices a half-open socket: no close event ever comes for it. */
export class SilenceWatch {
  readonly #clock: ClientClock
  readonly #onSilent: () => void
  #heardAt = 0
  #stop: () => void = () => {}

  constructor(clock: ClientClock, onSilent: () => void) {
    this.#clock = clock
    this.#onSilent = onSilent
  }

  start(): void {
    this.heard()
    this.#wait(SILENCE_MS)
  }

  /** Something came in. Cheap: called for every message. */
  heard(): void {
    this.#heardAt = this.#clock.now()
  }

  /** A sign of life was asked for: from here a short silence is one. */
  probe(): void {
    this.#heardAt = Math.min(this.#heardAt, this.#clock.now() - SILENCE_MS + PROBE_MS)
    this.#wait(this.#leftMs())
  }

  stop(): void {
    this.#stop()
    this.#stop = () => {}
  }

  #wait(ms: number): void {
    this.#stop()
    this.#stop = this.#clock.after(ms, () => {
      const leftMs = this.#leftMs()
      if (leftMs <= 0) this.#onSilent()
      // also afterwards, until somebody stops us: one late word may save a socket that then falls silent again
      this.#wait(leftMs > 0 ? leftMs : PROBE_MS)
    })
  }

  #leftMs(): number {
    return this.#heardAt + SILENCE_MS - this.#clock.now()
  }
}
