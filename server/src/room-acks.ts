interface HeldAck {
  readonly frame: Uint8Array
  /** Number of the last append that has to be durable before. */
  barrier: number
}

/** Waiting counters kept per connection; beyond it the oldest goes: a later counter speaks for those before it. */
export const MAX_HELD_ACKS = 1_024

/** Sync statuses (102) of one member that wait for storage or for an answer to our ask, in order. */
export class AckQueue {
  readonly #held: HeldAck[] = []

  get size(): number {
    return this.#held.length
  }

  /** `barrier`: the number of the last append made when the frame came. */
  push(frame: Uint8Array, barrier: number): void {
    if (this.#held.length >= MAX_HELD_ACKS) this.#held.shift()
    this.#held.push({ frame, barrier })
  }

  /** What was asked for has come and is append `barrier` at the latest: everything held waits for it as well. */
  raise(barrier: number): void {
    for (const ack of this.#held) ack.barrier = Math.max(ack.barrier, barrier)
  }

  /** What may be sent, in order, now that everything up to append number `durable` is durable. */
  release(durable: number): Uint8Array[] {
    const first = this.#held.findIndex((ack) => ack.barrier > durable)
    return this.#held.splice(0, first === -1 ? this.#held.length : first).map(({ frame }) => frame)
  }
}
