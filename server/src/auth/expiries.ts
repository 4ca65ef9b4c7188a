import type { Clock } from '../clock.ts'

/** Expiries are told this much late at most; those of one slot are one look at the clock. */
export const EXPIRY_SLOT_MS = 250
/** setTimeout turns a longer delay into 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Tells when somebody's time is over: one timer for all of them, none while nobody's time is limited. */
export class Expiries<T> {
  readonly #clock: Clock
  readonly #expired: (who: T) => void
  readonly #slotOf = new Map<T, number>()
  readonly #slots = new Map<number, Set<T>>()
  #armed = Infinity
  #stop: () => void = () => {}

  /** `expired` is called once per {@link set}, and must not throw. */
  constructor(clock: Clock, expired: (who: T) => void) {
    this.#clock = clock
    this.#expired = expired
  }

  /** Whose time is limited. */
  get size(): number {
    return this.#slotOf.size
  }

  /** `who` is told of at `at`, ms since 1970; replaces what was set before. */
  set(who: T, at: number): void {
    this.delete(who)
    const slot = Math.ceil(at / EXPIRY_SLOT_MS)
    const others = this.#slots.get(slot)
    if (others === undefined) this.#slots.set(slot, new Set([who]))
    else others.add(who)
    this.#slotOf.set(who, slot)
    if (slot < this.#armed) this.#arm(slot)
  }

  /** `who` is not told of any more. */
  delete(who: T): void {
    const slot = this.#slotOf.get(who)
    if (slot === undefined) return
    this.#slotOf.delete(who)
    const others = this.#slots.get(slot)
    others?.delete(who)
    if (others?.size === 0) this.#slots.delete(slot)
  }

  /** Nobody is told of anything any more. */
  close(): void {
    this.#stop()
    this.#slotOf.clear()
    this.#slots.clear()
  }

  #arm(slot: number): void {
    this.#stop()
    this.#armed = slot
    const delayMs = slot * EXPIRY_SLOT_MS - this.#clock.now()
    this.#stop = this.#clock.after(Math.min(Math.max(1, delayMs), MAX_TIMER_MS), () => this.#look())
  }

  #look(): void {
    const now = this.#clock.now()
    let next = Infinity
    const over: T[] = []
    for (const [slot, people] of this.#slots) {
      if (slot * EXPIRY_SLOT_MS <= now) over.push(...people)
      else next = Math.min(next, slot)
    }
    this.#armed = Infinity
    if (next < Infinity) this.#arm(next)
    for (const who of over) {
      this.delete(who)
      this.#expired(who)
    }
  }
}
