import type { Clock } from '../clock.ts'

/** The counters of a socket that tell life from silence; those of net.Socket. */
export interface Traffic {
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly writableLength: number
}

/** Sends pings. */
export interface Pinging {
  sendPing(payload: Uint8Array): void
}

/** A ping under way. */
interface Ping {
  readonly number: number
  readonly sentAt: number
  readonly answered: (() => void) | undefined
}

/** Pongs missed in a row that end a socket. */
const MISSED_PONGS = 2
/** Between two judgements, ms: two beats. */
const ROUND_MS = 10_000
/** More unanswered pings than this are not remembered; presence asks at most one at a time. */
const MAX_PINGS = 16

/**
 * Knows whether the other side of a socket lives. Pings carry a number; the pong for one answers all before it
 * (RFC 6455 section 5.5.3 lets a client answer only the last). Bytes count as life too: a pong may stand behind an upload of
 * 16 MiB, or its ping behind a download.
 */
export class Liveness {
  readonly #clock: Clock
  readonly #traffic: Traffic
  readonly #pinging: Pinging
  readonly #stallMs: number
  #pings: Ping[] = []
  #next = 1
  #isPingBeat = true
  #missed = 0
  #seenRead = 0
  #seenFlushed = 0
  #seenBuffered = 0

  /** @param stallMs `limits.sendStallMs`: the room closes a reader that takes nothing for so long. */
  constructor(clock: Clock, traffic: Traffic, pinging: Pinging, stallMs: number) {
    this.#clock = clock
    this.#traffic = traffic
    this.#pinging = pinging
    this.#stallMs = stallMs
  }

  /** Sends a ping; `answered` is called at its pong. */
  ping(answered?: () => void): void {
    const number = this.#next++
    if (this.#pings.length >= MAX_PINGS) this.#pings.shift()
    this.#pings.push({ number, sentAt: this.#clock.now(), answered })
    this.#pinging.sendPing(Buffer.from(String(number)))
  }

  /** Takes a pong; returns the round trip in ms, `undefined` for one nobody asked for. */
  pong(payload: Uint8Array): number | undefined {
    const number = readNumber(payload)
    const [first] = this.#pings
    // nearly always it is the one that was asked last
    if (this.#pings.length === 1 && first?.number === number) {
      this.#pings.length = 0
      this.#missed = 0
      first.answered?.()
      return Math.max(0, this.#clock.now() - first.sentAt)
    }
    const last = this.#pings.find((ping) => ping.number === number)
    if (last === undefined) return undefined
    const answered = this.#pings.filter((ping) => ping.number <= number)
    this.#pings = this.#pings.filter((ping) => ping.number > number)
    this.#missed = 0
    for (const ping of answered) ping.answered?.()
    return Math.max(0, this.#clock.now() - last.sentAt)
  }

  /**
   * Every second call pings, the one after it judges.
   *
   * @returns whether the other side may be taken for alive.
   */
  beat(isPaused: boolean): boolean {
    if (this.#isPingBeat) {
      this.#isPingBeat = false
      this.#look()
      this.ping()
      return true
    }
    this.#isPingBeat = true
    // a paused socket is not read, so its pongs cannot be either
    if (isPaused || this.#pings.length === 0 || this.#hasMoved()) this.#missed = 0
    else this.#missed += 1
    return this.#missed < this.#patience
  }

  /** While something waits to be taken the ping waits behind it: the room's rule comes first, and says why. */
  get #patience(): number {
    return this.#traffic.writableLength === 0
      ? MISSED_PONGS
      : MISSED_PONGS + Math.ceil(this.#stallMs / ROUND_MS)
  }

  #hasMoved(): boolean {
    const { bytesRead, bytesWritten, writableLength } = this.#traffic
    // bytes leaving our buffer prove life only while the kernel's own buffer was full at both moments
    const isDraining =
      this.#seenBuffered > 0 && writableLength > 0 && bytesWritten - writableLength > this.#seenFlushed
    return bytesRead > this.#seenRead || isDraining
  }

  #look(): void {
    const { bytesRead, bytesWritten, writableLength } = this.#traffic
    this.#seenRead = bytesRead
    this.#seenFlushed = bytesWritten - writableLength
    this.#seenBuffered = writableLength
  }
}

const ZERO = 0x30
const MAX_DIGITS = 10

/** The number of a ping as it was written; -1 where it is none. */
function readNumber(payload: Uint8Array): number {
  if (payload.length === 0 || payload.length > MAX_DIGITS) return -1
  let number = 0
  for (const byte of payload) {
    if (byte < ZERO || byte > ZERO + 9) return -1
    number = number * 10 + (byte - ZERO)
  }
  return number
}
