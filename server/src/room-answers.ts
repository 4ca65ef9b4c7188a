import { encodeUpdate } from '@roomful/shared'
import type { AnswerLedger } from './answer-ledger.ts'
import { totalLength } from './answer-ledger.ts'
import type { RoomEvents } from './room-events.ts'
import type { Presence } from './room-presence.ts'
import { Joins } from './room-joins.ts'
import type { Lag } from './room-outbox.ts'
import type { Seat } from './room-seat.ts'

/** What answering costs of a member's rate: this much at least, one more per … */
const ANSWER_TOKENS = 10
/** … so many bytes of state vectors compared, … */
const VECTOR_BYTES_PER_TOKEN = 1_024
/** … and per so many bytes of the answer. */
const ANSWER_BYTES_PER_TOKEN = 65_536

/** Answers to one member … */
const MAX_ANSWERS = 8
/** … in so many ms; the next one comes then, to the latest it asked. */
const ANSWER_WINDOW_MS = 100
/** Who asks for everybody's presence sooner again is answered then. */
const QUERY_INTERVAL_MS = 100
/** What that costs: a token for so many bytes. */
const QUERY_BYTES_PER_TOKEN = 4_096

/** What answers need of their room. */
export interface AnswersOwner {
  readonly ledger: AnswerLedger
  readonly events: RoomEvents
  readonly limits: { readonly stateVectorBytes: number }
  readonly now: () => number
  readonly document: {
    readonly version: number
    answer(stateVector: Uint8Array): Uint8Array | undefined
    encodeStateVector(): Uint8Array
  }
  readonly presence: () => Presence
  /** Look after the seats soon: an answer waits, or is on its way. */
  readonly wait: () => void
  readonly malformed: (seat: Seat) => void
  readonly tooSlow: (seat: Seat) => void
}

/**
 * What members ask for and get whole: the answer to SyncStep1, and what a slow reader has missed. Each is at most one
 * document in one member's buffer and bounded for the process; who asks faster than it reads gets one answer, to the
 * latest it asked.
 */
export class Answers {
  readonly #owner: AnswersOwner
  readonly #joins: Joins
  /** What slow readers missed since a version, up to `#caughtUpTo`: they became slow in the same turn. */
  readonly #catchUps = new Map<number, readonly Uint8Array[]>()
  #caughtUpTo = -1

  constructor(owner: AnswersOwner) {
    this.#owner = owner
    this.#joins = new Joins(owner.document)
  }

  /** A SyncStep1 came. */
  answer(seat: Seat, stateVector: Uint8Array): void {
    const { events, limits, document, now, malformed } = this.#owner
    if (stateVector.length > limits.stateVectorBytes) {
      events.limited('stateVectorBytes')
      return malformed(seat)
    }
    if (!this.#mayAnswer(seat)) {
      // a copy: the frame it came in may be far longer
      seat.deferredStep1 = stateVector.slice()
      return this.#owner.wait()
    }
    const answer = this.#joins.answer(stateVector, seat.member.extended)
    if (answer === undefined) return malformed(seat)
    seat.deferredStep1 = undefined
    this.#countAnswer(seat)
    const bytes = totalLength(answer.frames)
    events.answered(bytes, answer.isCached)
    const compared = stateVector.length + document.encodeStateVector().length
    seat.member.charge(
      ANSWER_TOKENS +
        Math.floor(compared / VECTOR_BYTES_PER_TOKEN) +
        Math.floor(bytes / ANSWER_BYTES_PER_TOKEN),
    )
    // all at once: nothing may come between two fragments, and what the member reads slowly is no live traffic
    for (const frame of answer.frames) seat.outbox.sendAnswer(frame, now())
    this.#hold(seat, answer.frames)
  }

  /**
   * A slow reader has drained: it gets everything it missed, as one update cut by its state vector, and the latest of
   * everybody; or waits for its turn.
   */
  resume(seat: Seat): void {
    const { document, events, now, presence } = this.#owner
    const { lag } = seat.outbox
    if (lag === undefined) return
    if (lag.version !== document.version) {
      if (!this.#mayAnswer(seat)) return
      const frames = this.#catchUp(lag)
      for (const frame of frames) seat.outbox.sendAnswer(frame, now())
      this.#hold(seat, frames)
    }
    seat.outbox.endLag()
    events.resumed()
    if (seat.presence.isBegun) this.sendPresence(seat, presence().sinceFor(seat, lag.presenceSequence))
  }

  /** From time to time, for each seat. @returns whether it has to be looked after again soon. */
  lookAfter(seat: Seat): boolean {
    if (seat.releaseAnswer !== undefined && seat.outbox.hasDrained) this.release(seat)
    if (seat.deferredStep1 !== undefined) this.answer(seat, seat.deferredStep1)
    if (seat.presence.isAsking) this.query(seat)
    return seat.deferredStep1 !== undefined || seat.releaseAnswer !== undefined || seat.presence.isAsking
  }

  /** Who is here, for a seat that asks; after a while for one that asks all the time, or does not read. */
  query(seat: Seat): void {
    const { now, presence, wait } = this.#owner
    const isEarly = now() - seat.presence.queriedAt < QUERY_INTERVAL_MS
    seat.presence.isAsking = isEarly || !seat.outbox.hasRoomForAnswer
    if (seat.presence.isAsking) return wait()
    seat.presence.queriedAt = now()
    if (!seat.presence.isBegun) presence().begin(seat)
    const present = presence().presentFor(seat)
    seat.member.charge(Math.ceil((present?.length ?? 0) / QUERY_BYTES_PER_TOKEN))
    this.sendPresence(seat, present)
  }

  /** Everybody at once, as an answer: in a large room it may be longer than what live traffic may hold. */
  sendPresence(seat: Seat, message: Uint8Array | undefined): void {
    const { lag } = seat.outbox
    if (message === undefined) return
    // a slow member gets the latest of everybody once it has drained
    if (lag !== undefined) seat.outbox.startLag({ ...lag, presenceSequence: 0 })
    else seat.outbox.sendAnswer(message, this.#owner.now())
  }

  /** The seat has taken its answer, or is gone. */
  release(seat: Seat): void {
    seat.releaseAnswer?.()
    seat.releaseAnswer = undefined
  }

  /** From time to time: gives the memory of shared frames back. @returns whether there is still some. */
  forget(): boolean {
    this.#catchUps.clear()
    return this.#joins.forget()
  }

  /** Nobody is here any more. */
  drop(): void {
    this.#catchUps.clear()
    this.#joins.drop()
  }

  #mayAnswer(seat: Seat): boolean {
    const { ledger, now } = this.#owner
    // thousands of small requests fit into what is read from a socket at once
    const isFrequent = seat.answeredCount >= MAX_ANSWERS && now() - seat.answeredAt < ANSWER_WINDOW_MS
    if (isFrequent || !seat.outbox.hasRoomForAnswer) return false
    if (ledger.hasRoom(now())) return true
    this.#owner.events.limited('answerBytes')
    return false
  }

  #countAnswer(seat: Seat): void {
    const now = this.#owner.now()
    if (now - seat.answeredAt >= ANSWER_WINDOW_MS) {
      seat.answeredAt = now
      seat.answeredCount = 0
    }
    seat.answeredCount += 1
  }

  #catchUp(lag: Lag): readonly Uint8Array[] {
    const { document } = this.#owner
    if (this.#caughtUpTo !== document.version) this.#catchUps.clear()
    this.#caughtUpTo = document.version
    const shared = this.#catchUps.get(lag.version)
    if (shared !== undefined) return shared
    const update = document.answer(lag.stateVector)
    const frames = update === undefined ? [] : [encodeUpdate(update)]
    this.#catchUps.set(lag.version, frames)
    return frames
  }

  #hold(seat: Seat, frames: readonly Uint8Array[]): void {
    const { ledger, now, tooSlow, wait } = this.#owner
    seat.releaseAnswer?.()
    seat.releaseAnswer = ledger.hold(frames, now(), () => {
      this.#owner.events.limited('answerBytes')
      tooSlow(seat)
    })
    if (seat.releaseAnswer !== undefined) wait()
  }
}
