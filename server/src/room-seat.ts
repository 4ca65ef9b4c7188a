import type { Limits, WireMessage } from '@roomful/shared'
import type { Member } from './member.ts'
import { AckQueue } from './room-acks.ts'
import { Asks } from './room-asks.ts'
import { Inbox } from './room-intake.ts'
import { Outbox } from './room-outbox.ts'

/** Ids a connection tried and lost are remembered so far: more is a broken client. */
const MAX_LOST_IDS = 16

/** What presence keeps of one connection. */
export class SeatPresence {
  /** The clientID this connection speaks for. */
  boundId: number | undefined
  /**
   * It was told of everybody in full and is told every change: what it needs to be told, of who only moved, by numbers
   * alone (108).
   */
  hasTexts = false
  /** Whether it is told of the others. Starts after its own first entry, so that the room knows which one is its own. */
  isBegun = false
  /**
   * Whether the entry at hand stands right behind the connection's first SyncStep1, where clients say who they are. Any
   * later first entry may be somebody else's, relayed: a tab without a state of its own sends on what its siblings say.
   */
  isIntroduction = false
  /** It speaks for its id without having introduced itself: who does takes the id over. */
  isRelaying = false
  /** The last presence issued when it began. */
  begunSequence = 0
  /** When it was told of everybody because it asked, and whether it has asked again since. */
  queriedAt: number = Number.NEGATIVE_INFINITY
  isAsking = false
  readonly #lost: number[] = []
  #ownId: number | undefined

  /** The clientID it said to be, whether it got it or not: entries of it are never sent here. */
  get ownId(): number | undefined {
    return this.#ownId
  }

  set ownId(clientId: number) {
    // whoever has the former one was never told to it
    if (this.#ownId !== undefined && this.#ownId !== clientId) this.hasTexts = false
    this.#ownId = clientId
  }

  /** Somebody else proved to be the owner: this connection does not get that id while the owner is here. */
  lose(clientId: number): void {
    if (this.boundId === clientId) this.boundId = undefined
    if (this.#lost.includes(clientId)) return
    if (this.#lost.length >= MAX_LOST_IDS) this.#lost.shift()
    this.#lost.push(clientId)
  }

  hasLost(clientId: number): boolean {
    return this.#lost.includes(clientId)
  }
}

/** One member's place in a room: all the room knows of it. */
export class Seat {
  readonly member: Member
  readonly joinedAt: number
  readonly outbox: Outbox
  readonly inbox: Inbox = new Inbox()
  readonly asks: Asks = new Asks()
  readonly acks: AckQueue = new AckQueue()
  readonly presence: SeatPresence = new SeatPresence()
  /**
   * Something of this member was refused for good or for now (read-only, document too large): no sync status may be
   * answered until a SyncStep2 has brought everything again.
   */
  hasRefused = false
  /** What was refused would have gone over a count: counts do not shrink again as bytes do, so it is not asked for. */
  isOverCount = false
  /** When its units were last compared with the room's. */
  comparedAt: number = Number.NEGATIVE_INFINITY
  /** Comparisons that run, and those that found a difference: while there is one no receipt may say that all is stored. */
  disputes = 0
  /** The permission notice was sent: once is enough. */
  isToldReadOnly = false
  /** The latest SyncStep1 that came while it could not be answered. */
  deferredStep1: Uint8Array | undefined
  /** When its SyncStep1s were answered last, and how often at about that time. */
  answeredAt: number = Number.NEGATIVE_INFINITY
  answeredCount = 0
  /** An answer of this seat's is counted for the process: call when it was taken, or the seat is gone. */
  releaseAnswer: (() => void) | undefined
  #before: 'nothing' | 'first-step1' | 'more' = 'nothing'

  constructor(member: Member, limits: Limits, now: number) {
    this.member = member
    this.joinedAt = now
    this.outbox = new Outbox(member, limits, now)
  }

  /** Each message of this member, in order, before it is taken. */
  hears(type: WireMessage['type']): void {
    this.presence.isIntroduction = type === 'awareness' && this.#before === 'first-step1'
    this.#before = type === 'sync-step1' && this.#before === 'nothing' ? 'first-step1' : 'more'
  }
}
