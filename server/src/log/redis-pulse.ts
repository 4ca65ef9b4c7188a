import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { coalesced } from '../coalesced-clock.ts'
import { probe } from './redis-probe.ts'

/** How often is looked whether anything was heard; where nothing was, a sign of life is asked for. */
const TICK_MS = 500
/** The same while an answer is missing. A tick that is late counts for so much more at most: this process may have been paused. */
const SOON_MS = 250
/**
 * A connection that is silent for so long though asked is late: whether its server answers others is asked. A little less than
 * two ticks, which are not exact.
 */
const LATE_MS = 900
/** Others were answered, and so long later this one still was not: it is dead. An answer that is on its way may take this. */
const GRACE_MS = 250
/** How long one such question may take; then the next is asked, over a connection of its own. */
const PROBE_MS = 1_000
/** Where nobody is answered a connection is dead after so long, whatever the kernel thinks (half-open sockets are real). */
const SILENCE_MS = 3_000

/** What a pulse tells its connection. Must not throw. */
export interface RedisPulseOwner {
  /** Whether commands may be sent. */
  isReady(): boolean
  /** Nothing comes over it any more. */
  died(error: Error): void
  /**
   * Asks for anything: an answer is heard as bytes, a failure as a close. `isHeard` where something came since the last time,
   * so that nothing has to be asked for a sign of life.
   */
  ask(isHeard: boolean): void
}

/**
 * Watches one connection for signs of life. A deadline alone would either be long, or take a slow server for a dead one; so
 * one that is late is compared: where a connection that was made later is answered and this one is not, it is this one that
 * is broken.
 */
export class RedisPulse {
  readonly #redis: Redis
  readonly #clock: Clock
  readonly #owner: RedisPulseOwner
  #tickedAt: number
  #heardBytes = 0
  /** Since anything was heard. */
  #silentMs = 0
  /** What {@link #silentMs} was when somebody else was answered. */
  #outrunAtMs: number | undefined
  #stopProbe: (() => void) | undefined
  #cancelTick: () => void = () => undefined
  #isClosed = false

  constructor(redis: Redis, clock: Clock, owner: RedisPulseOwner) {
    this.#redis = redis
    this.#clock = clock
    this.#owner = owner
    this.#tickedAt = clock.now()
    this.#tickLater()
  }

  /** A connection was made, or lost. */
  begin(): void {
    this.#heardBytes = this.#redis.stream?.bytesRead ?? 0
    this.#silentMs = 0
    this.#outrunAtMs = undefined
    this.#stopProbe?.()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTick()
    this.#stopProbe?.()
  }

  #tickLater(): void {
    const ms = this.#silentMs > LATE_MS - SOON_MS ? SOON_MS : TICK_MS
    this.#cancelTick = coalesced(this.#clock).after(ms, () => {
      try {
        this.#tick()
      } finally {
        if (!this.#isClosed) this.#tickLater()
      }
    })
  }

  #tick(): void {
    const now = this.#clock.now()
    const passed = Math.max(0, Math.min(now - this.#tickedAt, TICK_MS + SOON_MS))
    this.#tickedAt = now
    const { status, stream } = this.#redis
    const isWaiting = status === 'reconnecting' || status === 'wait' || status === 'close' || status === 'end'
    // any byte is a sign of life: a large answer on a slow line is not a dead one
    const isHeard = isWaiting || stream === undefined || stream.bytesRead !== this.#heardBytes
    if (isHeard) this.begin()
    else this.#silentMs += passed
    if (this.#outrunAtMs !== undefined && this.#silentMs - this.#outrunAtMs >= GRACE_MS)
      return this.#owner.died(new Error('Redis answers others, and not this connection'))
    if (this.#silentMs >= SILENCE_MS)
      return this.#owner.died(new Error(`Redis has been silent for ${SILENCE_MS} ms`))
    if (this.#silentMs >= LATE_MS) this.#probe()
    if (this.#owner.isReady()) this.#owner.ask(isHeard)
  }

  #probe(): void {
    const { stream, options } = this.#redis
    if (this.#stopProbe !== undefined || this.#outrunAtMs !== undefined) return
    // of one that Sentinels name only the stream knows where it is
    const isFound = options.sentinels === null || options.sentinels === undefined
    const host = stream?.remoteAddress ?? (isFound ? options.host : undefined)
    const port = stream?.remotePort ?? (isFound ? options.port : undefined)
    if (host === undefined || port === undefined) return
    const stop = probe({ host, port, tls: options.tls }, () => {
      this.#outrunAtMs = this.#silentMs
      stopAll()
    })
    // in a process that is late its timers are too, and come before answers that have been there for long
    const cancel = this.#clock.after(PROBE_MS, () => this.#clock.endOfTurn(() => stopAll()))
    const stopAll = (): void => {
      cancel()
      stop()
      if (this.#stopProbe === stopAll) this.#stopProbe = undefined
    }
    this.#stopProbe = stopAll
  }
}
