import { KEEPALIVE_FRAME, KEEPALIVE_MS } from '@roomful/shared'
import { MessageBatch } from './member.ts'
import type { Answers } from './room-answers.ts'
import type { Checks } from './room-checks.ts'
import type { RoomDocument } from './room-document.ts'
import type { OverloadKind } from './room-events.ts'
import type { RoomOptions } from './room-options.ts'
import { Pulse } from './room-pulse.ts'
import type { Seat } from './room-seat.ts'
import type { Writes } from './room-writes.ts'

/** How often a room looks after members that need it: keepalives come at most this much early. A quiet room sleeps. */
const PULSE_MS = 2_000
const ASLEEP = Number.POSITIVE_INFINITY
/** How often it does while a member lags or waits. */
const BUSY_PULSE_MS = 100
/**
 * A member that has not said who it is by then is told of the others anyway. Stock clients say it in the same breath as
 * their first message; told before, a page made anew around a known clientID would take its old state for its own.
 */
export const PRESENCE_WAIT_MS = 250

const KEEPALIVE = new MessageBatch([KEEPALIVE_FRAME])

/** What care needs of its room. */
export interface CareOwner {
  readonly options: Pick<RoomOptions, 'clock' | 'events'>
  readonly document: RoomDocument
  readonly answers: Answers
  readonly writes: Writes
  readonly checks: Checks
  readonly seats: ReadonlyMap<unknown, Seat>
  /** The last presence that was handed to the members. */
  readonly presenceSequence: () => number
  readonly beginPresence: (seat: Seat) => void
  readonly tooSlow: (seat: Seat, kind: OverloadKind) => void
  readonly guard: (run: () => void) => void
}

/**
 * What members need from time to time, though nobody says a word: keepalives, an eye on those that read slowly, asks and
 * presence that wait. One timer for all of a room, none while nobody needs it.
 */
export class Care {
  readonly #owner: CareOwner
  readonly #pulse: Pulse

  constructor(owner: CareOwner) {
    this.#owner = owner
    this.#pulse = new Pulse(owner.options.clock, () => owner.guard(() => this.#lookAfter()))
  }

  /** Looks after everybody within `ms`. */
  need(ms: number): void {
    this.#pulse.need(ms)
  }

  /** Something waits for a member to read, or for its turn. */
  needSoon(): void {
    this.#pulse.need(BUSY_PULSE_MS)
  }

  /** Something has to be seen to, at any time. */
  needLater(): void {
    this.#pulse.need(PULSE_MS)
  }

  /** Somebody is here who may never say who it is. */
  joined(): void {
    this.#pulse.need(PRESENCE_WAIT_MS)
  }

  stop(): void {
    this.#pulse.stop()
  }

  /** What was written is not taken yet: whether it ever is has to be seen to. */
  noticeLag(seat: Seat): void {
    if (seat.member.bufferedBytes === 0) return
    this.needLater()
    if (!seat.outbox.isOverSoftLimit) return
    const { document, options, presenceSequence } = this.#owner
    // what was written just now brought the member up to here
    seat.outbox.startLag({
      stateVector: document.encodeStateVector(),
      version: document.version,
      presenceSequence: presenceSequence(),
    })
    options.events.lagging()
    this.needSoon()
  }

  #lookAfter(): void {
    const { seats, options, checks, answers } = this.#owner
    if (seats.size === 0) return
    const now = options.clock.now()
    let next = ASLEEP
    for (const seat of seats.values()) next = Math.min(next, this.#lookAfterSeat(seat, now))
    next = Math.min(next, checks.lookAfter(seats.values(), now))
    if (answers.forget()) next = Math.min(next, PULSE_MS)
    if (next < ASLEEP) this.#pulse.need(next)
  }

  /** @returns in how many ms this seat has to be looked after again; {@link ASLEEP} where only something new wakes it. */
  #lookAfterSeat(seat: Seat, now: number): number {
    const { answers, writes, beginPresence, tooSlow } = this.#owner
    const { outbox, asks } = seat
    const overload = outbox.overload(now)
    if (overload !== undefined) {
      tooSlow(seat, overload)
      return PULSE_MS
    }
    if (outbox.lag !== undefined && outbox.hasDrained) answers.resume(seat)
    const isAnswering = answers.lookAfter(seat)
    if (asks.due(now)) writes.ask(seat)
    writes.askAgain(seat)
    const presenceWait = seat.presence.isBegun ? ASLEEP : seat.joinedAt + PRESENCE_WAIT_MS - now
    if (presenceWait <= 0) beginPresence(seat)
    const { keepsItselfAlive = false, bufferedBytes } = seat.member
    if (!keepsItselfAlive && now - outbox.lastSentAt >= KEEPALIVE_MS - PULSE_MS)
      outbox.sendBatch(KEEPALIVE, now)
    const isBusy = outbox.lag !== undefined || isAnswering || asks.isDue
    if (isBusy) return BUSY_PULSE_MS
    const isAwake = !keepsItselfAlive || bufferedBytes > 0 || seat.hasRefused
    const least = isAwake ? PULSE_MS : ASLEEP
    return presenceWait > 0 ? Math.min(presenceWait, least) : least
  }
}
