import { Histogram } from './histogram.ts'

/**
 * Cover latency: for every state sent and every receiver, the time until that receiver has seen this state or a newer one
 * of the same sender. States are numbered per sender from 1. Coalescing is treated fairly, dropping cannot help: what is
 * never covered counts as infinite.
 */
export class Cover {
  readonly latency: Histogram
  readonly #senders: number
  /** When each state was sent, per sender. */
  readonly #sentAt: number[][]
  /** receiver * senders + sender → highest state seen. */
  readonly #seen: Int32Array
  #from: readonly number[] = []
  #to: readonly number[] = []
  #coveredNow = 0

  /** `latency`: shared by several rooms; default: its own. */
  constructor(senders: number, receivers: number, latency: Histogram = new Histogram()) {
    this.latency = latency
    this.#senders = senders
    this.#sentAt = Array.from({ length: senders }, () => [0])
    this.#seen = new Int32Array(senders * receivers)
  }

  /** State number `state` of this sender goes out now. */
  sent(sender: number, state: number): void {
    const times = this.#sentAt[sender]
    if (times !== undefined) times[state] = performance.now()
  }

  /** Measured are the states sent between {@link begin} and {@link end}. */
  begin(): void {
    this.#from = this.#sentAt.map((times) => times.length)
    this.#to = this.#from.map(() => Number.MAX_SAFE_INTEGER)
    this.#coveredNow = 0
  }

  end(): void {
    this.#to = this.#sentAt.map((times) => times.length)
  }

  /** Obligations met since {@link begin}, whenever they began: what the server did in that time. */
  get coveredSinceBegin(): number {
    return this.#coveredNow
  }

  /** A receiver sees a state. @returns whether it is news to it. */
  seen(receiver: number, sender: number, state: number): boolean {
    const place = receiver * this.#senders + sender
    const before = this.#seen[place] ?? 0
    if (state <= before) return false
    this.#seen[place] = state
    this.#coveredNow += state - before
    const from = this.#from[sender]
    if (from === undefined) return true
    const times = this.#sentAt[sender] ?? []
    const now = performance.now()
    const last = Math.min(state, (this.#to[sender] ?? 0) - 1)
    for (let i = Math.max(before + 1, from); i <= last; i += 1) this.latency.add(now - (times[i] ?? now))
    return true
  }

  /** The highest state of a sender that a receiver has seen. */
  last(receiver: number, sender: number): number {
    return this.#seen[receiver * this.#senders + sender] ?? 0
  }

  /** Whether a receiver has the last state of every sender but itself. */
  isCurrent(receiver: number, own: number | undefined): boolean {
    for (let sender = 0; sender < this.#senders; sender += 1) {
      if (sender === own) continue
      if (this.last(receiver, sender) < this.#lastOf(sender)) return false
    }
    return true
  }

  /** Counts what was never covered. @returns obligations, and how many of them are missing. */
  close(owes: (receiver: number, sender: number) => boolean): { obligations: number; missing: number } {
    let obligations = 0
    let missing = 0
    for (let place = 0; place < this.#seen.length; place += 1) {
      const sender = place % this.#senders
      if (!owes(Math.floor(place / this.#senders), sender)) continue
      const from = this.#from[sender] ?? 0
      const to = Math.min(this.#to[sender] ?? 0, this.#lastOf(sender) + 1)
      obligations += Math.max(0, to - from)
      missing += Math.max(0, to - Math.max(from, (this.#seen[place] ?? 0) + 1))
    }
    this.latency.addMissing(missing)
    return { obligations, missing }
  }

  #lastOf(sender: number): number {
    return (this.#sentAt[sender]?.length ?? 1) - 1
  }
}
