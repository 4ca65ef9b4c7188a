import type { Socket } from 'node:net'

interface Held {
  readonly chunk: Buffer
  /** On the clock of `performance.now()`. */
  readonly dueAtMs: number
}

/** One direction of a proxied connection: reads from one socket, writes to the other, fails as told. */
export class FaultLane {
  readonly #from: Socket
  readonly #to: Socket
  readonly #held: Held[] = []
  #timer: NodeJS.Timeout | undefined
  #delayMs = 0
  #isStalled = false
  #isWaitingForDrain = false
  #isSevered = false
  #isTruncating = false
  #hasEnded = false

  constructor(from: Socket, to: Socket) {
    this.#from = from
    this.#to = to
    from.on('data', (chunk: Buffer) => this.#onChunk(chunk))
    from.on('end', () => {
      this.#hasEnded = true
      this.#endWhenEmpty()
    })
    to.on('drain', () => {
      this.#isWaitingForDrain = false
      this.#flow()
    })
    from.on('error', () => {
      // its 'close' follows and is passed on
    })
    from.on('close', (hadError) => {
      if (this.#isSevered) return
      // after an orderly end, bytes may still be on their way to the other side
      if (hadError || !this.#hasEnded) to.destroy()
    })
    to.on('close', () => {
      clearTimeout(this.#timer)
      this.#held.length = 0
    })
  }

  get heldBytes(): number {
    return this.#held.reduce((sum, { chunk }) => sum + chunk.length, 0)
  }

  delay(ms: number): void {
    this.#delayMs = ms
  }

  stall(isOn: boolean): void {
    this.#isStalled = isOn
    this.#flow()
  }

  sever(): void {
    this.#isSevered = true
    clearTimeout(this.#timer)
    this.#held.length = 0
    this.#flow()
  }

  /** The next chunk ends in its middle, and the connection with it. */
  truncate(): void {
    this.#isTruncating = true
  }

  /** Not reading is what makes a sender's buffer fill; it also keeps an end from being noticed. */
  #flow(): void {
    if (this.#isStalled || this.#isSevered || this.#isWaitingForDrain) this.#from.pause()
    else this.#from.resume()
  }

  #onChunk(chunk: Buffer): void {
    // what was read before the pause took hold
    if (this.#isSevered) return
    // behind held bytes nothing may overtake, even when the delay has been switched off
    if (this.#delayMs === 0 && this.#held.length === 0) {
      this.#pass(chunk)
      return
    }
    this.#held.push({ chunk, dueAtMs: performance.now() + this.#delayMs })
    if (this.#held.length === 1) this.#holdFirst()
  }

  #holdFirst(): void {
    const first = this.#held[0]
    if (first === undefined) return
    this.#timer = setTimeout(() => this.#passDue(), Math.max(0, first.dueAtMs - performance.now()))
  }

  #passDue(): void {
    const now = performance.now()
    for (let first = this.#held[0]; first !== undefined && first.dueAtMs <= now; first = this.#held[0]) {
      this.#held.shift()
      this.#pass(first.chunk)
    }
    this.#holdFirst()
    this.#endWhenEmpty()
  }

  #pass(chunk: Buffer): void {
    if (this.#to.destroyed || this.#to.writableEnded) return
    if (this.#isTruncating) {
      this.#to.end(chunk.subarray(0, Math.ceil(chunk.length / 2)))
      this.#to.destroySoon()
      this.#from.destroy()
      return
    }
    this.#isWaitingForDrain = !this.#to.write(chunk)
    this.#flow()
  }

  #endWhenEmpty(): void {
    if (this.#hasEnded && !this.#isSevered && this.#held.length === 0) this.#to.end()
  }
}
