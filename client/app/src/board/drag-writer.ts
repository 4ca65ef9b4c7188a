import { DRAG_INTERVAL_MS } from '@roomful/shared'

/** Writes what a drag shows at most every 50 ms (or another interval), the last one always. */
export class DragWriter<T> {
  readonly #write: (value: T) => void
  readonly #intervalMs: () => number
  #next: { readonly value: T } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(write: (value: T) => void, intervalMs: () => number = () => DRAG_INTERVAL_MS) {
    this.#write = write
    this.#intervalMs = intervalMs
  }

  push(value: T): void {
    this.#next = { value }
    if (this.#timer === undefined) this.#send()
  }

  /** Writes what waits, now: call on release. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#next !== undefined) this.#writeNext(this.#next.value)
  }

  #send(): void {
    this.#timer = undefined
    if (this.#next === undefined) return
    this.#writeNext(this.#next.value)
    this.#timer = setTimeout(() => this.#send(), this.#intervalMs())
  }

  #writeNext(value: T): void {
    this.#next = undefined
    this.#write(value)
  }
}
