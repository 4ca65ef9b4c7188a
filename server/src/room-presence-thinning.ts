import type { RoomEvents } from './room-events.ts'
import { PresenceFrame, type TickFrame } from './room-presence-frame.ts'
import { EVERYTHING, placeOf, UNKNOWN, type TileView } from './room-presence-place.ts'
import { FAR_MS, planPresence, type PresencePlan, type Viewers } from './room-presence-plan.ts'
import { Rate } from './room-presence-rate.ts'
import { PresenceSheet } from './room-presence-sheet.ts'
import type { PresenceSpot } from './room-presence-spot.ts'
import { ThinnedFrame } from './room-presence-thinned-frame.ts'
import { Turns } from './room-presence-turns.ts'
import type { PresenceRecord, Roster } from './room-roster.ts'

/** A thinned room speaks so often: each state of 12.5 a second goes out alone, and 20 writes a second cost less than 30. */
export const THINNED_TICK_MS = 50
/** It ends below this part of the budget, or a room at the budget would go to and fro. */
const END_FRACTION = 0.8
/** How often the budget is divided anew. */
const PLAN_MS = 500
/** Who moved within this time counts as moving. */
const MOVING_MS = 1_000

const NO_PLAN: PresencePlan = { wide: new Set(), wideMs: undefined }

/** What thinning needs of its room. */
export interface ThinningOwner {
  readonly roster: Roster
  readonly events: RoomEvents
  readonly limits: { readonly presenceBytesPerSecond: number }
  readonly members: () => number
}

/** A room that is thinned. */
interface Thinned {
  readonly spots: Map<number, PresenceSpot>
  /** Who changed and was not told to everybody yet. */
  readonly far: Turns<PresenceSpot>
  /** Who changed and was not told to those with too much in view. */
  readonly wide: Turns<PresenceSpot>
  plan: PresencePlan
  plannedAt: number
  turns: number
}

/**
 * What of a room's presence goes out in a tick: all of it, until states times readers would pass
 * `limits.presenceBytesPerSecond`. Then a member is told at once of who is in its own view, and of everybody else in turns,
 * so that the latest of each reaches everybody within a second. Who comes or leaves is told to all at once. Nothing ever
 * waits but the latest state of each. Rooms below the budget pay one addition a tick.
 */
export class Thinning {
  readonly #owner: ThinningOwner
  /** Bytes a second if each tick went to everybody. */
  readonly #rate = new Rate()
  #thinned: Thinned | undefined

  constructor(owner: ThinningOwner) {
    this.#owner = owner
  }

  get isOn(): boolean {
    return this.#thinned !== undefined
  }

  /** Whether somebody's turn is to come though nothing new happens. */
  get isWaiting(): boolean {
    return this.#thinned !== undefined && this.#thinned.far.size > 0
  }

  /** Everything up to this issue was handed to all members. */
  get toldSequence(): number {
    const { flushedSequence } = this.#owner.roster
    if (this.#thinned === undefined) return flushedSequence
    let first = flushedSequence + 1
    for (const { untoldSince } of this.#thinned.far.longest()) first = Math.min(first, untoldSince)
    return first - 1
  }

  /** The frame of this tick: what was issued since the last one, or what of it is due. */
  take(now: number): TickFrame {
    const { roster, limits, members } = this.#owner
    const dirty = roster.takeDirty()
    if (this.#thinned !== undefined && !this.#isOver(now)) return this.#takeThinned(this.#thinned, dirty, now)
    if (this.#thinned !== undefined) return this.#end(this.#thinned, dirty)
    const frame = new PresenceFrame(dirty)
    this.#rate.count(now, frame.bytes * members())
    if (this.#rate.perSecond(now) > limits.presenceBytesPerSecond) this.#begin(now)
    return frame
  }

  #isOver(now: number): boolean {
    return this.#rate.perSecond(now) < this.#owner.limits.presenceBytesPerSecond * END_FRACTION
  }

  #begin(now: number): void {
    const { roster, events } = this.#owner
    const thinned: Thinned = {
      spots: new Map(),
      far: new Turns(FAR_MS, now),
      wide: new Turns(FAR_MS, now),
      plan: NO_PLAN,
      plannedAt: Number.NEGATIVE_INFINITY,
      turns: 0,
    }
    for (const record of roster.everybody()) addSpot(thinned, record, now)
    this.#thinned = thinned
    events.limited('presenceBytesPerSecond')
  }

  /** What waits goes out with what is new. */
  #end({ far }: Thinned, dirty: readonly PresenceRecord[]): PresenceFrame {
    const records = new Set(dirty)
    for (const { record } of far) records.add(record)
    this.#thinned = undefined
    return new PresenceFrame([...records])
  }

  #takeThinned(thinned: Thinned, dirty: readonly PresenceRecord[], now: number): ThinnedFrame {
    const { members, events } = this.#owner
    const { spots, far, wide } = thinned
    const forAll: PresenceSpot[] = []
    const changed: PresenceSpot[] = []
    let bytes = 0
    for (const record of dirty) {
      bytes += record.entry.length
      const known = spots.get(record.clientId)
      if (record.json === undefined) {
        forAll.push(known ?? spotOf(record, 0, now))
        if (known !== undefined) removeSpot(thinned, known)
      } else if (known === undefined) forAll.push(addSpot(thinned, record, now))
      else {
        move(known, now)
        if (known.untoldSince === 0) known.untoldSince = record.sequence
        far.wait(known, known.turn)
        changed.push(known)
      }
    }
    this.#rate.count(now, bytes * members())
    if (now - thinned.plannedAt >= PLAN_MS || now < thinned.plannedAt) this.#plan(thinned, now)
    if (thinned.plan.wideMs !== undefined) for (const spot of changed) wide.wait(spot, spot.turn)
    for (const spot of far.due(now)) {
      spot.untoldSince = 0
      wide.forget(spot, spot.turn)
      forAll.push(spot)
    }
    const near = changed.filter(({ untoldSince }) => untoldSince !== 0)
    events.presenceThinned(near.length)
    return new ThinnedFrame({ all: forAll, near, wide: wide.due(now) }, thinned.plan, spots)
  }

  #plan(thinned: Thinned, now: number): void {
    const { members, limits } = this.#owner
    const moving = [...thinned.spots.values()].filter(({ changedAt }) => now - changedAt <= MOVING_MS)
    const round = new PresenceSheet(moving)
    const viewers = this.#viewers(thinned, round)
    const demand = {
      budget: limits.presenceBytesPerSecond,
      perSecond: this.#rate.perSecond(now) / Math.max(1, members()),
      round: round.bytes.length,
    }
    thinned.plan = planPresence(demand, viewers)
    thinned.plannedAt = now
    const { wide } = thinned
    if (thinned.plan.wideMs !== undefined) wide.setPeriod(thinned.plan.wideMs, now)
    else wide.clear()
  }

  /** Who of the members here sees what; who did not say sees everything. */
  #viewers({ spots }: Thinned, round: PresenceSheet): Viewers[] {
    const membersOf = new Map<TileView, number>()
    let unknown = this.#owner.members()
    for (const { record, view } of spots.values()) {
      if (typeof record.holder !== 'object') continue
      membersOf.set(view, (membersOf.get(view) ?? 0) + 1)
      unknown -= 1
    }
    if (unknown > 0) membersOf.set(EVERYTHING, (membersOf.get(EVERYTHING) ?? 0) + unknown)
    return [...membersOf].map(([view, members]) => ({ view, members, round: round.bytesIn(view) }))
  }
}

function addSpot(thinned: Thinned, record: PresenceRecord, now: number): PresenceSpot {
  const spot = spotOf(record, thinned.turns, now)
  thinned.turns += 1
  thinned.spots.set(record.clientId, spot)
  return spot
}

function removeSpot({ spots, far, wide }: Thinned, spot: PresenceSpot): void {
  spots.delete(spot.record.clientId)
  far.forget(spot, spot.turn)
  wide.forget(spot, spot.turn)
}

function spotOf(record: PresenceRecord, turn: number, now: number): PresenceSpot {
  const place = record.json === undefined ? UNKNOWN : placeOf(record.json)
  return { record, turn, tile: place.tile, view: place.view, changedAt: now, untoldSince: 0 }
}

function move(spot: PresenceSpot, now: number): void {
  spot.changedAt = now
  if (spot.record.json === undefined) return
  const { tile, view } = placeOf(spot.record.json)
  spot.tile = tile
  spot.view = view
}
