import { isSameButNumbers, likenessOf, type Likeness } from './room-presence-alike.ts'
import { advancePresenceClock, bindPresenceClock, MAX_PRESENCE_CLOCK } from './room-presence-clock.ts'
import { PresenceClaims } from './room-presence-claims.ts'
import { PresenceElsewhere } from './room-presence-elsewhere.ts'
import type { TickFrame } from './room-presence-frame.ts'
import { PresenceLeaving, type Departure } from './room-presence-leaving.ts'
import { markOf } from './room-presence-message.ts'
import { readPresenceState } from './room-presence-state.ts'
import { Thinning, THINNED_TICK_MS } from './room-presence-thinning.ts'
import { PRESENCE_PACE, Tick } from './room-tick.ts'
import {
  isNullState,
  isSameBytes,
  readOwnPresence,
  readPresence,
  type PresenceEntry,
} from './room-presence-wire.ts'
import { Roster, type PresenceRecord } from './room-roster.ts'
import { Seat } from './room-seat.ts'
import type { Clock } from './clock.ts'
import type { Limits } from '@roomful/shared'
import type { PresenceDrop, RoomEvents } from './room-events.ts'

/** What presence needs of its room. */
export interface PresenceOwner {
  readonly clock: Clock
  readonly limits: Limits
  readonly events: RoomEvents
  /** This room on this instance, different from all others. */
  readonly id: string
  readonly members: () => number
  /** Whether another instance has the room open, and what it hears. */
  readonly isHeard: () => boolean
  readonly broadcast: (bytes: Uint8Array, isSaidOnce: boolean) => void
  /** Something is to be sent: flush at the end of this turn. */
  readonly wake: () => void
  /** The seat may be told of the others from now on. */
  readonly begin: (seat: Seat) => void
  /** A state was over the limit; extended members are told. */
  readonly refused: (seat: Seat, reason: PresenceDrop) => void
  /** The clientID the seat claimed is somebody else's. */
  readonly lost: (seat: Seat) => void
}

/**
 * The presence of a room (DESIGN section 5). A clientID is bound to the connection that first proved it, by sending a
 * state for it before it was told of any such id; entries of other ids are dropped unread (stock clients send every
 * remote change back). States are validated once and go out as copies of the bytes they came in.
 */
export class Presence {
  readonly #owner: PresenceOwner
  readonly #roster = new Roster()
  readonly #tick = new Tick(PRESENCE_PACE)
  readonly #thinning: Thinning
  readonly #claims: PresenceClaims
  readonly #leaving: PresenceLeaving
  /** Who is here by way of other instances. */
  readonly elsewhere: PresenceElsewhere
  #flushedAt = Number.NEGATIVE_INFINITY
  #cancelTick: (() => void) | undefined

  constructor(owner: PresenceOwner) {
    this.#owner = owner
    this.#thinning = new Thinning({ ...owner, roster: this.#roster })
    this.#claims = new PresenceClaims(owner.clock, {
      granted: (claim) => this.#bind(claim.seat, claim.record, claim.entry, claim.person),
      denied: (claim) => this.#lose(claim.seat, claim.record.clientId),
    })
    this.#leaving = new PresenceLeaving(owner.clock, (record) => this.#remove(record))
    this.elsewhere = new PresenceElsewhere({
      ...owner,
      roster: this.#roster,
      claims: this.#claims,
      leaving: this.#leaving,
      issued: () => this.#issued(),
      lose: (seat, clientId) => this.#lose(seat, clientId),
      remove: (record) => this.#remove(record),
    })
  }

  get people(): number {
    return this.#roster.people
  }

  /** Everything up to this issue was handed to the members. */
  get flushedSequence(): number {
    return this.#thinning.toldSequence
  }

  /** An awareness update of a member. @returns `false` where the bytes are none. */
  receive(seat: Seat, update: Uint8Array): boolean {
    const { boundId } = seat.presence
    if (boundId !== undefined) return this.#receiveOwn(seat, update, boundId)
    const entries = readPresence(update)
    if (entries === undefined) return false
    for (const entry of entries) if (!this.#take(seat, entry)) return false
    if (!seat.presence.isBegun) this.#owner.begin(seat)
    return true
  }

  /** Of a connection that is known: nothing is made of what it sends back of others. */
  #receiveOwn(seat: Seat, update: Uint8Array, boundId: number): boolean {
    const own = readOwnPresence(update, boundId)
    if (own === undefined) return false
    for (let left = own.foreign; left > 0; left -= 1) this.#drop('foreign')
    for (const entry of own.entries) if (!this.#take(seat, entry)) return false
    if (!seat.presence.isBegun) this.#owner.begin(seat)
    return true
  }

  /** The connection is gone. Its state goes a moment later, unless the same tab is back by then. */
  leave(seat: Seat, departure: Departure, isHere: (key: string) => boolean): void {
    this.#claims.withdraw(seat)
    const { boundId } = seat.presence
    const record = boundId === undefined ? undefined : this.#roster.get(boundId)
    if (record === undefined || record.holder !== seat) return
    record.holder = undefined
    // a second connection waited for this id: it is the same tab, and nobody saw it leave
    if (this.#claims.grant(record) || record.json === undefined) return
    const { key } = seat.member
    if (key !== undefined && isHere(key)) this.#remove(record)
    else this.#leaving.add(record, key, departure)
  }

  /** Everybody else who is present, for a seat that asks. */
  presentFor(seat: Seat): Uint8Array | undefined {
    seat.presence.hasTexts = seat.member.takesMoved === true
    return this.#roster.present(seat.presence.ownId)
  }

  /** What changed since the issue `sequence`, for a seat that lagged. */
  sinceFor(seat: Seat, sequence: number): Uint8Array | undefined {
    return this.#roster.since(sequence, seat.presence.ownId)
  }

  /** From now on the seat is in every tick's frame. @returns everybody else who is present. */
  begin(seat: Seat): Uint8Array | undefined {
    seat.presence.isBegun = true
    seat.presence.begunSequence = this.#roster.sequence
    seat.presence.hasTexts = seat.member.takesMoved === true
    const { ownId, hasTexts } = seat.presence
    // the coming tick of a thinned room does not tell everybody of what is new
    return this.#thinning.isOn ? this.#roster.present(ownId) : this.#roster.told(ownId, hasTexts)
  }

  /** The frame of this tick, if it is due. */
  takeFrame(): TickFrame | undefined {
    const now = this.#owner.clock.now()
    if (!this.#roster.hasDirty && !this.#thinning.isWaiting) return undefined
    const wait = this.#waitMs(now)
    if (wait > 0) {
      // timers may be early by a part of a millisecond: whoever stopped moving would be seen where they were before
      this.#arm(wait)
      return undefined
    }
    this.#cancelTick?.()
    this.#cancelTick = undefined
    this.#flushedAt = now
    const frame = this.#thinning.take(now)
    if (this.#thinning.isWaiting) this.#arm(this.#waitMs(now))
    return frame
  }

  close(): void {
    this.elsewhere.farewell()
    this.elsewhere.close()
    this.#claims.close()
    this.#leaving.close()
    this.#cancelTick?.()
    this.#cancelTick = undefined
  }

  /** @returns `false` where the entry is the member's own and malformed. */
  #take(seat: Seat, entry: PresenceEntry): boolean {
    const { boundId } = seat.presence
    if (boundId !== undefined && boundId !== entry.clientId) return this.#drop('foreign')
    if (entry.clock > MAX_PRESENCE_CLOCK) return this.#drop('clock')
    if (boundId === undefined) return this.#claim(seat, entry)
    const record = this.#roster.claim(boundId)
    const isRemoval = isNullState(entry.json)
    if (isRemoval ? record.json === undefined : entry.clock <= record.clock.lastReceived)
      return this.#drop('stale')
    if (isRemoval) return this.#advance(record, entry, undefined, 'other')
    if (isLast(record, entry)) return this.#advance(record, entry, record.person, 'same')
    if (this.#hasOnlyMoved(seat, record, entry)) return this.#advance(record, entry, record.person, 'moved')
    const state = readPresenceState(entry.json, this.#owner.limits, seat.member.user)
    if (state.kind === 'malformed') return false
    if (state.kind === 'refused') return this.#refuse(seat, state.reason)
    const issued = withJson(entry, state.json)
    return this.#advance(record, issued, state.person, likenessOf(record.json, issued.json))
  }

  /** A state that was valid with other numbers is valid, and the same person's. */
  #hasOnlyMoved(seat: Seat, record: PresenceRecord, entry: PresenceEntry): boolean {
    if (record.json === undefined || entry.json.length > this.#owner.limits.awarenessBytes) return false
    // who is verified may be called something else by now
    return seat.member.user === undefined && isSameButNumbers(record.json, entry.json)
  }

  /** A connection without an id says who it is. */
  #claim(seat: Seat, said: PresenceEntry): boolean {
    if (isNullState(said.json)) return this.#drop('foreign')
    const known = this.#roster.get(said.clientId)
    const holder = known?.holder instanceof Seat ? known.holder : undefined
    if (known?.holder !== undefined && seat.presence.hasLost(said.clientId)) return this.#drop('conflict')
    if (known !== undefined && isEcho(seat, known, said)) return this.#drop('foreign')
    const state = readPresenceState(said.json, this.#owner.limits, seat.member.user)
    if (state.kind === 'malformed') return false
    if (state.kind === 'refused') return this.#refuse(seat, state.reason)
    const entry = withJson(said, state.json)
    const record = this.#roster.claim(entry.clientId)
    const { key } = seat.member
    const { isIntroduction, ownId } = seat.presence
    // what it says while its claim waits is no relay: who had introduced itself is remembered with its key
    if (isIntroduction || ownId !== entry.clientId) seat.presence.isRelaying = !isIntroduction
    seat.presence.ownId = entry.clientId
    // also where a stranger took the id while its tab was away
    const isSameTab = key !== undefined && (key === record.key || key === holder?.member.key)
    const isOwner = isSameTab || (isIntroduction && holder?.presence.isRelaying === true)
    if (holder !== undefined && isOwner) return this.#bind(seat, record, entry, state.person)
    if (record.holder === undefined) {
      if (record.mark === undefined || record.mark === markOf(key))
        return this.#bind(seat, record, entry, state.person)
      this.#lose(seat, record.clientId)
      return true
    }
    // json is a view into the frame: a claim may wait for two seconds
    const claim = { seat, record, entry: { ...entry, json: entry.json.slice() }, person: state.person }
    if (holder === undefined) this.elsewhere.challenge(claim)
    else this.#claims.challenge(claim, (alive) => holder.member.ping(alive))
    return true
  }

  #bind(seat: Seat, record: PresenceRecord, entry: PresenceEntry, person: string | undefined): true {
    if (record.holder instanceof Seat) this.#lose(record.holder, record.clientId)
    // one id a connection: what else it claimed would never leave with it
    this.#claims.withdraw(seat)
    this.#leaving.keep(record)
    record.holder = seat
    record.isOwn = true
    record.mark = undefined
    record.boundAt = this.#owner.clock.now()
    if (!seat.presence.isRelaying) record.key ??= seat.member.key
    seat.presence.boundId = record.clientId
    seat.presence.ownId = record.clientId
    bindPresenceClock(record.clock, entry.clock)
    this.#advance(record, entry, person, likenessOf(record.json, entry.json))
    // also where it said nothing new: others may have heard of it from another instance last
    this.elsewhere.changed(record)
    const { key } = seat.member
    if (key === undefined) return true
    // a reload: the same tab under a new clientID; old and new change in one frame
    this.#leaving.release((left) => left === key)
    this.elsewhere.brought(key)
    return true
  }

  #advance(
    record: PresenceRecord,
    entry: PresenceEntry,
    person: string | undefined,
    likeness: Likeness,
  ): boolean {
    const isRemoval = isNullState(entry.json)
    const isLastIssued = likeness === 'same'
    const verdict = advancePresenceClock(record.clock, { clock: entry.clock, isRemoval, isLastIssued })
    if (verdict.kind !== 'issue') return this.#drop(verdict.kind)
    record.isOwn = true
    if (isRemoval) this.#roster.remove(record, verdict.clock)
    else this.#roster.issue(record, verdict.clock, entry.json, person, likeness)
    this.elsewhere.changed(record)
    this.#issued()
    return true
  }

  /** At its last clock: stock clients take a removal there, and the owner may come back with the next one. */
  #remove(record: PresenceRecord): void {
    this.#roster.remove(record, record.clock.lastIssued)
    this.elsewhere.changed(record)
    this.#issued()
  }

  #lose(seat: Seat, clientId: number): void {
    seat.presence.lose(clientId)
    this.#owner.events.presenceDropped('conflict')
    this.#owner.lost(seat)
  }

  #refuse(seat: Seat, reason: PresenceDrop): true {
    this.#owner.refused(seat, reason)
    return this.#drop(reason)
  }

  #drop(reason: PresenceDrop): true {
    this.#owner.events.presenceDropped(reason)
    return true
  }

  #issued(): void {
    const { clock, events, wake } = this.#owner
    const now = clock.now()
    this.#tick.count(now)
    events.presenceIssued()
    const wait = this.#waitMs(now)
    if (wait <= 0) wake()
    else this.#arm(wait)
  }

  #arm(wait: number): void {
    this.#cancelTick ??= this.#owner.clock.after(wait, () => {
      this.#cancelTick = undefined
      this.#owner.wake()
    })
  }

  #waitMs(now: number): number {
    const least = this.#thinning.isOn ? THINNED_TICK_MS : 0
    const length = Math.max(least, this.#tick.lengthMs(now, this.#owner.members()))
    return length === 0 ? 0 : this.#flushedAt + length - now
  }
}

/** Whether the others were told just this state last. */
function isLast(record: PresenceRecord, entry: PresenceEntry): boolean {
  return record.json !== undefined && isSameBytes(record.json, entry.json)
}

function withJson(entry: PresenceEntry, json: Uint8Array | undefined): PresenceEntry {
  return json === undefined ? entry : { ...entry, json }
}

/** Whether a connection without an id only sends back what it was told of somebody else. */
function isEcho(seat: Seat, known: PresenceRecord, entry: PresenceEntry): boolean {
  if (!seat.presence.isBegun || entry.clock > known.clock.lastIssued) return false
  return known.json !== undefined || known.sequence > seat.presence.begunSequence
}
