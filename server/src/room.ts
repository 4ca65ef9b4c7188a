import {
  CLOSE,
  decodeMessage,
  encodeSyncStep1,
  encodeUpdate,
  MESSAGE,
  type CloseCode,
  type RoomName,
} from '@roomful/shared'
import { assertNever } from './assert-never.ts'
import { MessageBatch, type Member } from './member.ts'
import { Answers } from './room-answers.ts'
import { Care } from './room-care.ts'
import { Checks } from './room-checks.ts'
import { RoomDocument } from './room-document.ts'
import { FanOut } from './room-fan-out.ts'
import { Intake } from './room-intake.ts'
import { greet } from './room-greeting.ts'
import { notify, notifyPresenceTooLarge } from './room-notices.ts'
import type { OverloadKind } from './room-events.ts'
import type { RoomOptions } from './room-options.ts'
import type { Departure } from './room-presence-leaving.ts'
import type { PresenceElsewhere } from './room-presence-elsewhere.ts'
import { Presence } from './room-presence.ts'
import { Seat } from './room-seat.ts'
import { unknownMessageNumber } from './room-unknown.ts'
import { Turn } from './room-turn.ts'
import { Writes } from './room-writes.ts'

export type { RoomOptions } from './room-options.ts'

/**
 * One room on one instance: members on one side, a document and its log on the other. Pure of sockets, storage, timers
 * and randomness.
 *
 * Frames: bytes that are no message close their member with 4400. Message numbers this server does not handle are ignored
 * and counted, for stock clients may carry handlers of their own; so are messages only servers send (auth, hello, notice).
 *
 * @example
 * const room = await Room.open({ name, backend, clock, compactor, limits, instanceId, events })
 * room.join(member)
 * room.receive(member, frame)
 * room.leave(member)
 */
export class Room {
  readonly #options: RoomOptions
  readonly #document: RoomDocument
  readonly #presence: Presence
  readonly #answers: Answers
  readonly #intake: Intake
  readonly #writes: Writes
  readonly #checks: Checks
  readonly #fanOut = new FanOut()
  readonly #care: Care
  readonly #seats = new Map<Member, Seat>()
  /** Seats with sync statuses that wait. */
  readonly #waiting = new Set<Seat>()
  readonly #turn: Turn
  #isClosed = false
  #isDeleted = false

  private constructor(options: RoomOptions, document: RoomDocument) {
    this.#options = options
    this.#document = document
    this.#turn = new Turn({
      clock: options.clock,
      members: () => this.#seats.size,
      speak: () => this.#guard(() => this.#speak()),
    })
    this.#intake = new Intake({
      clock: options.clock,
      take: (seat, frame) => this.#guard(() => this.#take(seat, frame), seat),
      isShut: () => document.isAlone,
    })
    this.#writes = new Writes({
      document,
      options,
      intake: this.#intake,
      isSeated: (seat) => this.#isSeated(seat),
      say: (message, sender) => this.#say(message, sender),
      expel: (seat, code, reason) => this.#expel(seat, code, reason),
      acknowledgeLater: (seat) => {
        if (seat.acks.size > 0) this.#turn.wake()
      },
      need: (ms) => this.#care.need(ms),
      guard: (run, seat) => this.#guard(run, seat),
    })
    this.#checks = new Checks(document, options.clock.now())
    this.#answers = new Answers({
      ledger: options.bounds.answers,
      events: options.events,
      limits: options.limits,
      now: () => options.clock.now(),
      document,
      presence: () => this.#presence,
      wait: () => this.#care.needSoon(),
      malformed: (seat) => this.#malformed(seat),
      tooSlow: (seat) => this.#tooSlow(seat, 'stall'),
    })
    this.#care = new Care({
      options,
      document,
      answers: this.#answers,
      writes: this.#writes,
      checks: this.#checks,
      seats: this.#seats,
      presenceSequence: () => this.#presence.flushedSequence,
      beginPresence: (seat) => this.#beginPresence(seat),
      tooSlow: (seat, kind) => this.#tooSlow(seat, kind),
      guard: (run) => this.#guard(run),
    })
    this.#presence = new Presence({
      clock: options.clock,
      limits: options.limits,
      events: options.events,
      id: options.writerId ?? options.instanceId,
      members: () => this.#seats.size,
      isHeard: () => document.isHeard,
      broadcast: (bytes, isSaidOnce) => document.broadcastAwareness(bytes, isSaidOnce),
      wake: () => this.#turn.wake(),
      begin: (seat) => this.#beginPresence(seat),
      refused: (seat, reason) => {
        if (reason === 'too-large') notifyPresenceTooLarge(seat, options.clock.now())
      },
      lost: (seat) => notify(seat, 'clientid-conflict', options.clock.now()),
    })
  }

  /** Opens the log, replays it, then is live. Rejects when storage cannot be read: nobody is answered before (I9). */
  static async open(options: RoomOptions): Promise<Room> {
    // the log may speak as soon as it is open; there are no members to tell before the room stands
    const standing: { room?: Room } = {}
    const tell = (say: (room: Room) => void): void => {
      if (standing.room !== undefined) say(standing.room)
    }
    // who is present elsewhere is told once, when the log is opened
    const early: ((elsewhere: PresenceElsewhere) => void)[] = []
    const tellLater = (say: (elsewhere: PresenceElsewhere) => void): void => {
      if (standing.room === undefined) early.push(say)
      else tell((to) => to.#guard(() => say(to.#presence.elsewhere)))
    }
    const document = await RoomDocument.open(options, {
      arrived: (update) => tell((to) => to.#arrived(update)),
      settled: () => tell((to) => to.#settled()),
      rebased: () => tell((to) => to.#turn.wake()),
      deleted: () => tell((to) => to.closeDeleted()),
      awareness: (instanceId, bytes) => tellLater((elsewhere) => elsewhere.receive(instanceId, bytes)),
      presence: () => standing.room?.wholePresence(),
      instanceGone: (instanceId) => tellLater((elsewhere) => elsewhere.gone(instanceId)),
    })
    const room = (standing.room = new Room(options, document))
    for (const say of early) room.#guard(() => say(room.#presence.elsewhere))
    return room
  }

  /** Everybody here, for other instances. */
  wholePresence(): Uint8Array {
    return this.#presence.elsewhere.whole()
  }

  get name(): RoomName {
    return this.#options.name
  }

  /** +1 at each deletion of the room. */
  get generation(): number {
    return this.#document.head.generation
  }

  /** `false` once it was closed, or deleted under it: open it anew. */
  get isUsable(): boolean {
    return !this.#isClosed && !this.#isDeleted
  }

  get memberCount(): number {
    return this.#seats.size
  }

  /** Different persons present: states with one `user.id` count once, states without count each. */
  get people(): number {
    return this.#presence.people
  }

  /** Bytes held of the document: base and tail. */
  get bytes(): number {
    return this.#document.bytes
  }

  /** Hello to extended members, then our SyncStep1, at once. Presence follows with the member's own first entry. */
  join(member: Member): void {
    const { clock, events, limits } = this.#options
    if (!this.isUsable) return member.close(CLOSE.restart, 'the room is closing')
    if (this.#seats.has(member)) return
    if (this.#seats.size >= limits.roomMembers) {
      events.limited('roomMembers')
      return member.close(CLOSE.overload, 'the room is full')
    }
    const now = clock.now()
    const seat = new Seat(member, limits, now)
    this.#seats.set(member, seat)
    greet(seat, this.#options, this.generation)
    seat.outbox.send(encodeSyncStep1(this.#document.encodeStateVector()), now)
    this.#care.joined()
  }

  /** One WebSocket binary frame. Never throws; the bytes are the room's from now on. */
  receive(member: Member, frame: Uint8Array): void {
    const seat = this.#seats.get(member)
    // late frames of a member that was closed
    if (seat !== undefined) this.#intake.receive(seat, frame)
  }

  /** The connection is gone: closed, or lost without a word. Idempotent. */
  leave(member: Member, departure: Departure = 'closed'): void {
    const seat = this.#seats.get(member)
    if (seat === undefined) return
    this.#seats.delete(member)
    this.#waiting.delete(seat)
    this.#writes.forget(seat)
    this.#answers.release(seat)
    this.#presence.leave(seat, departure, (key) => this.#isHere(key))
    if (this.#seats.size > 0) return
    this.#care.stop()
    this.#answers.drop()
    this.#options.onEmpty?.()
  }

  /** What the member may do, or what it is called, is another now: hello says so again. */
  permitted(member: Member): void {
    const seat = this.#seats.get(member)
    if (seat === undefined) return
    greet(seat, this.#options, this.generation)
    // what was kept from the document while it might only read
    if (seat.hasRefused && member.permission !== 'read') this.#writes.askFor(seat)
  }

  /** Encoded state vector of everything admitted. Only read it. */
  encodeStateVector(): Uint8Array {
    return this.#document.encodeStateVector()
  }

  /** Encoded state vector for the tombstone of a deletion: of all generations so far. */
  tombstoneVector(): Uint8Array {
    return this.#document.tombstoneVector()
  }

  /** Everything admitted as one Yjs update: for export, REST and tests. */
  encodeDocument(): Uint8Array {
    return this.#document.encode()
  }

  /** Resolves once everything received so far is durable and acknowledged, or once it is sure that it never will be. */
  async settled(): Promise<void> {
    await this.#intake.idle()
    await this.#document.settled()
    this.#settled()
    this.#turn.flush()
  }

  /** Compacts now, whatever the size; joins a compaction that runs. Never rejects: failures are events. */
  compact(): Promise<void> {
    return this.#document.compact()
  }

  /** Closes every member with 4404 and the new generation: the room was deleted. */
  closeDeleted(): void {
    this.#isDeleted = true
    this.#closeMembers(CLOSE.deleted, `generation=${this.generation + 1}`)
  }

  /** Settles appends and leaves the log; members that are still here are closed with 1012. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#turn.close()
    this.#closeMembers(CLOSE.restart, 'the room is closing')
    this.#presence.close()
    this.#care.stop()
    // what was received before is still stored
    await this.#intake.idle()
    await this.#document.close()
  }

  #take(seat: Seat, frame: Uint8Array): void {
    const message = decodeMessage(frame)
    // its last words waited behind a large update: only what it wrote still matters
    if (!this.#isSeated(seat) && message?.type !== 'update' && message?.type !== 'sync-step2') return
    if (message === undefined) return this.#takeUnknown(seat, frame)
    seat.hears(message.type)
    switch (message.type) {
      case 'sync-step1':
        // shared frames are given back then
        this.#care.needLater()
        return this.#answers.answer(seat, message.stateVector)
      case 'sync-step2':
      case 'update':
        return this.#writes.take(seat, message, frame)
      case 'awareness':
        if (!this.#presence.receive(seat, message.update)) this.#malformed(seat)
        return
      case 'query-awareness':
        return this.#answers.query(seat)
      case 'sync-status':
        return this.#takeSyncStatus(seat, frame)
      case 'report':
        this.#options.events.differed(message.what)
        // what the member has and the room lacks; the other way round it asks itself
        return this.#writes.askFor(seat)
      case 'auth':
      case 'hello':
      case 'notice':
      case 'fragment':
      case 'check':
      case 'moved':
        return this.#options.events.ignored(MESSAGE[message.type])
      default:
        return assertNever(message)
    }
  }

  #takeUnknown(seat: Seat, frame: Uint8Array): void {
    const type = unknownMessageNumber(frame)
    if (type === undefined) this.#malformed(seat)
    else this.#options.events.ignored(type)
  }

  #malformed(seat: Seat): void {
    this.#options.events.malformed()
    this.#expel(seat, CLOSE.malformed, 'malformed message')
  }

  #isSeated(seat: Seat): boolean {
    return this.#seats.get(seat.member) === seat
  }

  #takeSyncStatus(seat: Seat, frame: Uint8Array): void {
    seat.acks.push(frame, this.#document.submitted)
    // at the end of the turn: thousands of them may have come in it
    this.#waiting.add(seat)
    this.#turn.wake()
  }

  #releaseAcks(seat: Seat): void {
    if (seat.hasRefused || seat.disputes > 0 || seat.asks.holdsAcks) return
    const { clock, events } = this.#options
    const frames = seat.acks.release(this.#document.durable)
    if (frames.length > 0) {
      events.acknowledged(frames.length)
      seat.outbox.sendBatch(new MessageBatch(frames), clock.now())
      if (seat.member.bufferedBytes > 0) this.#care.needLater()
    }
    if (seat.acks.size === 0) this.#waiting.delete(seat)
  }

  #beginPresence(seat: Seat): void {
    if (seat.presence.isBegun) return
    this.#answers.sendPresence(seat, this.#presence.begin(seat))
  }

  #say(message: Uint8Array, sender: Seat | undefined): void {
    this.#fanOut.say(message, sender)
    this.#turn.said()
  }

  #arrived(update: Uint8Array): void {
    if (!this.#isClosed) this.#say(encodeUpdate(update), undefined)
  }

  #settled(): void {
    if (this.#waiting.size > 0) this.#turn.wake()
  }

  /** What the room has to say of this turn, said once. */
  #speak(): void {
    const now = this.#options.clock.now()
    this.#writes.advance(now)
    this.#care.need(this.#checks.dueMs(now))
    this.#presence.elsewhere.say()
    const frame = this.#presence.takeFrame()
    this.#fanOut.flush(this.#seats.values(), frame, now, (seat) => this.#care.noticeLag(seat))
    for (const seat of this.#waiting) this.#releaseAcks(seat)
  }

  #tooSlow(seat: Seat, kind: OverloadKind): void {
    this.#options.events.overloaded(kind)
    this.#expel(seat, CLOSE.overload, kind === 'stall' ? 'reading stalled' : 'reading too slowly')
  }

  #isHere(key: string): boolean {
    for (const { member, presence } of this.#seats.values())
      if (member.key === key && presence.boundId !== undefined) return true
    return false
  }

  #closeMembers(code: CloseCode, reason: string): void {
    for (const seat of this.#seats.values()) this.#expel(seat, code, reason)
  }

  #expel(seat: Seat, code: CloseCode, reason: string): void {
    seat.member.close(code, reason)
    if (code !== CLOSE.restart) this.#intake.drop(seat)
    this.leave(seat.member)
  }

  /** A fault of ours ends at most one connection, never the process. */
  #guard(run: () => void, seat?: Seat): void {
    try {
      run()
    } catch (error) {
      this.#options.events.failed(error)
      if (seat !== undefined) this.#expel(seat, CLOSE.internal, 'the server failed')
    }
  }
}
