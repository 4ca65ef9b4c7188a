import { MESSAGE, type Limits } from '@roomful/shared'
import type { Member, MessageBatch } from './member.ts'
import type { OverloadKind } from './room-events.ts'

/** A member that lags goes on once no more than this part of `limits.sendBufferBytes` is left to send. */
const RESUME_FRACTION = 0.25

/** Where a slow member stopped. */
export interface Lag {
  /** Everything below was sent. */
  readonly stateVector: Uint8Array
  readonly version: number
  /** The last presence issued before. */
  readonly presenceSequence: number
}

/**
 * What goes to one member, with backpressure by class: live traffic (updates, presence) stops while more than
 * `limits.sendBufferBytes` are waiting. Answers the member asked for, and single turns larger than that, do not count
 * towards `limits.sendBufferMaxBytes`, which closes it.
 */
export class Outbox {
  readonly #member: Member
  readonly #limits: Limits
  #lastSentAt: number
  /** Buffered bytes that are no live traffic, at most. What is in front of them drains first, so this errs to kindness. */
  #exempt = 0
  #handed = 0
  #sent = 0
  #lastTaken = 0
  #progressAt: number
  #lag: Lag | undefined

  constructor(member: Member, limits: Limits, now: number) {
    this.#member = member
    this.#limits = limits
    this.#lastSentAt = now
    this.#progressAt = now
  }

  /** Sync messages handed over so far, one in fragments once. */
  get sent(): number {
    return this.#sent
  }

  get lastSentAt(): number {
    return this.#lastSentAt
  }

  get lag(): Lag | undefined {
    return this.#lag
  }

  /** Whether live traffic should stop until this member has drained. */
  get isOverSoftLimit(): boolean {
    return this.#member.bufferedBytes > this.#limits.sendBufferBytes
  }

  /** Whether an answer that was asked for may be sent: one may wait in the buffer, a second only behind it. */
  get hasRoomForAnswer(): boolean {
    return this.#member.bufferedBytes <= this.#limits.sendBufferBytes
  }

  get hasDrained(): boolean {
    return this.#member.bufferedBytes <= this.#limits.sendBufferBytes * RESUME_FRACTION
  }

  send(message: Uint8Array, now: number): void {
    this.#count(message.length, isSync(message) ? 1 : 0, now)
    this.#member.send(message)
  }

  /** What the member asked for: however large, it does not close the member. */
  sendAnswer(message: Uint8Array, now: number): void {
    this.#exempt = Math.min(this.#exempt, this.#member.bufferedBytes) + message.length
    this.send(message, now)
  }

  sendBatch(batch: MessageBatch, now: number): void {
    const { bytes } = batch
    if (bytes > this.#limits.sendBufferBytes)
      this.#exempt = Math.min(this.#exempt, this.#member.bufferedBytes) + bytes
    this.#count(bytes, batch.syncs, now)
    this.#member.sendBatch(batch)
  }

  startLag(lag: Lag): void {
    this.#lag = lag
  }

  endLag(): void {
    this.#lag = undefined
  }

  /** Called from time to time: why this member has to go, if it has to. */
  overload(now: number): OverloadKind | undefined {
    const buffered = this.#member.bufferedBytes
    const taken = this.#handed - buffered
    if (buffered === 0 || taken > this.#lastTaken) this.#progressAt = now
    this.#lastTaken = taken
    if (this.#liveBytes() > this.#limits.sendBufferMaxBytes) return 'buffer'
    return now - this.#progressAt >= this.#limits.sendStallMs ? 'stall' : undefined
  }

  #liveBytes(): number {
    const buffered = this.#member.bufferedBytes
    this.#exempt = Math.min(this.#exempt, buffered)
    return buffered - this.#exempt
  }

  #count(bytes: number, syncs: number, now: number): void {
    // the stall clock starts when there is something to take
    if (this.#member.bufferedBytes === 0) this.#progressAt = now
    this.#handed += bytes
    this.#sent += syncs
    this.#lastSentAt = now
  }
}

/** A sync message, or the first fragment of one. */
function isSync(message: Uint8Array): boolean {
  return message[0] === MESSAGE.sync || (message[0] === MESSAGE.fragment && message[1] === 0)
}
