/** Client → clock: what an update builds on and the room does not have. */
export type Missing = ReadonlyMap<number, number>

/** So many asks go out freely on one connection … */
export const FREE_ASKS = 3
/** … after that at most one in so many ms: a client that is broken, or that loses its own base, may ask for ever. */
export const ASK_INTERVAL_MS = 1_000

/**
 * Asking one member for what is missing (room-log.md section 3): an update that cannot be integrated yet is not held,
 * its sender is asked with our SyncStep1, and its SyncStep2 contains everything it sent before.
 *
 * At most one ask is outstanding. Methods that return `true` mean "send SyncStep1 now".
 */
export class Asks {
  /** The SyncStep1 of the join counts: whatever does not fit before its answer comes again in that answer. */
  #isOutstanding = true
  #isFirst = true
  #isDue = false
  #hasDropped = false
  #missing: Map<number, number> | undefined
  #sent = 0
  #lastAt = Number.NEGATIVE_INFINITY

  /**
   * Whether sync statuses have to wait: something this member sent was dropped and is being asked for. The first
   * SyncStep1 alone holds nothing back: everything received until then may already be durable.
   */
  get holdsAcks(): boolean {
    return this.#hasDropped || this.#isDue || (this.#isOutstanding && !this.#isFirst)
  }

  /** Whether an ask waits for its interval: look again with {@link due}. */
  get isDue(): boolean {
    return this.#isDue
  }

  get isMissingSomething(): boolean {
    return this.#missing !== undefined
  }

  /** The rest of an update (message 0/2) was dropped. */
  dropped(now: number): boolean {
    this.#hasDropped = true
    return this.#request(now)
  }

  /** A SyncStep2 came; what it misses is pending in the sender too, and only somebody else can bring it. */
  answered(missing: Missing | undefined): void {
    this.#isOutstanding = false
    this.#isFirst = false
    this.#isDue = false
    this.#hasDropped = false
    this.#missing = missing === undefined || missing.size === 0 ? undefined : new Map(missing)
  }

  /** The room advanced: ask again where it now has something this member's rest was waiting for. */
  advanced(clockOf: (client: number) => number, now: number): boolean {
    if (this.#missing === undefined) return false
    for (const [client, clock] of this.#missing) {
      if (clockOf(client) > clock) {
        this.#missing = undefined
        return this.#request(now)
      }
    }
    return false
  }

  /** Asks whose interval is over. */
  due(now: number): boolean {
    return this.#isDue && this.#request(now)
  }

  #request(now: number): boolean {
    if (this.#isOutstanding) return false
    if (this.#sent >= FREE_ASKS && now - this.#lastAt < ASK_INTERVAL_MS) {
      this.#isDue = true
      return false
    }
    this.#isDue = false
    this.#isOutstanding = true
    this.#sent += 1
    this.#lastAt = now
    return true
  }
}
