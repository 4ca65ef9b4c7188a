import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { probe } from './redis-probe.ts'

/** How often it is looked whether anything was heard. */
const TICK_MS = 250
/** A connection is asked for a sign of life, and for the role of its server, every so many ticks. */
const PING_EVERY = 2
const ROLE_EVERY = 4
/** A connection that is silent for so long though asked is late: whether its server answers others is asked. */
const LATE_MS = 1_000
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
  /** Its server follows another one. `undefined`: that is not asked, as on a connection that may only listen. */
  readonly demoted: (() => void) | undefined
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
  #ticks = 0
  #tickedAt: number
  #heardBytes = 0
  /** Since anything was heard. A tick counts for no more than two: while this process was paused nothing could be heard. */
  #silentMs = 0
  /** What {@link #silentMs} was when somebody else was answered. */
  #outrunAtMs: number | undefined
  #stopProbe: (() => void) | undefined
  #cancelTick: () => void = () => undefined

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
    this.#cancelTick()
    this.#stopProbe?.()
  }

  #tickLater(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      this.#tickLater()
      this.#tick()
    })
  }

  #tick(): void {
    const now = this.#clock.now()
    const passed = Math.max(0, Math.min(now - this.#tickedAt, 2 * TICK_MS))
    this.#tickedAt = now
    this.#ticks += 1
    const { status, stream } = this.#redis
    const isWaiting = status === 'reconnecting' || status === 'wait' || status === 'close' || status === 'end'
    // any byte is a sign of life: a large answer on a slow line is not a dead one
    if (isWaiting || stream === undefined || stream.bytesRead !== this.#heardBytes) this.begin()
    else this.#silentMs += passed
    if (this.#outrunAtMs !== undefined && this.#silentMs - this.#outrunAtMs >= GRACE_MS)
      return this.#owner.died(new Error('Redis answers others, and not this connection'))
    if (this.#silentMs >= SILENCE_MS)
      return this.#owner.died(new Error(`Redis has been silent for ${SILENCE_MS} ms`))
    if (this.#silentMs >= LATE_MS) this.#probe()
    if (this.#owner.isReady()) this.#ask()
  }

  /** An answer is heard as bytes, a failure as a close. */
  #ask(): void {
    const { demoted } = this.#owner
    if (demoted !== undefined && this.#ticks % ROLE_EVERY === 0)
      this.#redis.info('replication').then(
        (info) => {
          if (/^role:slave/m.test(info)) demoted()
        },
        () => undefined,
      )
    else if (this.#ticks % PING_EVERY === 0) this.#redis.ping().catch(() => undefined)
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
    const cancel = this.#clock.after(PROBE_MS, () => stopAll())
    const stopAll = (): void => {
      cancel()
      stop()
      this.#stopProbe = undefined
    }
    this.#stopProbe = stopAll
  }
}
