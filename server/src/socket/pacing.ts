import type { Limits } from '@roomful/shared'
import type { Clock } from '../clock.ts'
import { TokenBucket } from './token-bucket.ts'

/** A frame costs one token, and one more for each of these begun: a 16 MiB paste is work for many. */
export const BYTES_PER_TOKEN = 65_536
/** Two pauses with less than this between them are one spell: the sender never really stopped. */
export const PAUSE_GAP_MS = 1_000

/** What pacing does to its connection. */
export interface Paced {
  /** Stop reading from the socket. `isNew`: the last pause is longer ago than {@link PAUSE_GAP_MS}. */
  pauseReading(isNew: boolean): void
  resumeReading(): void
  /** The sender was slowed for `limits.pausedMs` without a break. */
  pausedTooLong(): void
}

/** Slows one fast sender by pausing its socket; drops nothing. */
export class Pacing {
  readonly #clock: Clock
  readonly #limits: Limits
  readonly #paced: Paced
  readonly #bucket: TokenBucket
  #stopTimer: (() => void) | undefined
  #spellStart = 0
  #resumedAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, limits: Limits, paced: Paced) {
    this.#clock = clock
    this.#limits = limits
    this.#paced = paced
    this.#bucket = new TokenBucket(limits.updatesPerSecond, limits.updatesBurst, clock.now())
  }

  /** Whether the socket is not read now because of the rate. */
  get isPaused(): boolean {
    return this.#stopTimer !== undefined
  }

  /** Counts one received frame of this length. */
  received(frameBytes: number): void {
    this.charge(1 + Math.floor(frameBytes / BYTES_PER_TOKEN))
  }

  /** Counts work worth so many small frames. */
  charge(tokens: number): void {
    const now = this.#clock.now()
    const waitMs = this.#bucket.take(tokens, now)
    if (waitMs === 0) return
    if (!this.isPaused) {
      const isNew = now - this.#resumedAt > PAUSE_GAP_MS
      if (isNew) this.#spellStart = now
      this.#paced.pauseReading(isNew)
    }
    // frames that were already read still come after a pause: the timer follows the growing debt
    this.#stopTimer?.()
    this.#wait(waitMs, now)
  }

  /** The connection is over. */
  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #wait(waitMs: number, now: number): void {
    const leftMs = this.#spellStart + this.#limits.pausedMs - now
    if (leftMs <= 0) {
      this.#stopTimer = undefined
      this.#paced.pausedTooLong()
      return
    }
    this.#stopTimer = this.#clock.after(Math.min(waitMs, leftMs), () => {
      this.#stopTimer = undefined
      if (waitMs > leftMs) {
        this.#paced.pausedTooLong()
        return
      }
      this.#resumedAt = this.#clock.now()
      this.#paced.resumeReading()
    })
  }
}
