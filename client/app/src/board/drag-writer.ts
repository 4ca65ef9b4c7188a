import { DRAG_INTERVAL_MS } from '@roomful/shared'

/** Writes a drag's positions at most every 50 ms, the last one always. */
export class DragWriter {
  readonly #write: (x: number, y: number) => void
  #next: readonly [x: number, y: number] | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(write: (x: number, y: number) => void) {
    this.#write = write
  }

  move(x: number, y: number): void {
    this.#next = [x, y]
    if (this.#timer === undefined) this.#send()
  }

  /** Writes what waits, now: call on release. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#next === undefined) return
    this.#write(...this.#next)
    this.#next = undefined
  }

  #send(): void {
    if (this.#next === undefined) {
      this.#timer = undefined
      return
    }
    this.#write(...this.#next)
    this.#next = undefined
    this.#timer = setTimeout(() => this.#send(), DRAG_INTERVAL_MS)
  }
}
