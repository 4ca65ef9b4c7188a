import type { Clock } from '../clock.ts'
import { coalesced, MOMENT_MS } from '../coalesced-clock.ts'

/** What the heartbeat wakes: every {@link BEAT_MS}, until it is removed. */
export interface Beating {
  /** Spreads the beats: neighbours in number beat at different moments. */
  readonly connectionId: number
  beat(): void
}

/**
 * Each connection is pinged at every second beat and judged at the beat between: 24 s from death to notice. A little less
 * than five seconds: timers are late, and the pings' keepalive must come every ten (W6).
 */
export const BEAT_MS = 4_750
/** Slices of one round: 10,000 connections are woken 530 at a time, not all in one turn. */
const SLOTS: number = BEAT_MS / MOMENT_MS

/** One timer for all connections of a process. */
export class Heartbeat {
  readonly #clock: Clock
  readonly #slots: readonly Set<Beating>[] = Array.from({ length: SLOTS }, () => new Set())
  #stop: () => void
  #next = 0

  constructor(clock: Clock) {
    this.#clock = coalesced(clock)
    this.#stop = this.#schedule()
  }

  add(beating: Beating): void {
    this.#slotOf(beating)?.add(beating)
  }

  delete(beating: Beating): void {
    this.#slotOf(beating)?.delete(beating)
  }

  /** No more beats. */
  close(): void {
    this.#stop()
  }

  #slotOf(beating: Beating): Set<Beating> | undefined {
    return this.#slots[beating.connectionId % SLOTS]
  }

  #schedule(): () => void {
    return this.#clock.after(MOMENT_MS, () => {
      const slot = this.#slots[this.#next]
      this.#next = (this.#next + 1) % SLOTS
      // before the beats: one that throws must not stop the others' hearts
      this.#stop = this.#schedule()
      // a copy: a beat may end its connection and remove it
      for (const beating of slot === undefined ? [] : [...slot]) beating.beat()
    })
  }
}
