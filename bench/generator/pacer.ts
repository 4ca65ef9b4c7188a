/**
 * Calls `send(index)` for `count` senders `hz` times a second each, evenly spread, until stopped. One timer for all: what
 * is due is sent, late or not.
 */
export class Pacer {
  readonly #periodMs: number
  readonly #count: number
  readonly #send: (index: number) => void
  readonly #startedAt = performance.now()
  #sent = 0
  #timer: NodeJS.Timeout

  constructor(count: number, hz: number, send: (index: number) => void) {
    this.#count = count
    this.#periodMs = 1_000 / hz
    this.#send = send
    this.#timer = setInterval(() => this.#run(), 1)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #run(): void {
    const due = Math.floor(((performance.now() - this.#startedAt) / this.#periodMs) * this.#count)
    for (; this.#sent < due; this.#sent += 1) this.#send(this.#sent % this.#count)
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Polls until it holds. @returns whether it did in time. */
export async function until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > end) return false
    await sleep(5)
  }
  return true
}
