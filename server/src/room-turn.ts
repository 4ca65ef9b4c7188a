import type { Clock } from './clock.ts'
import { Tick, UPDATE_PACE } from './room-tick.ts'

/** What a turn needs of its room. */
export interface TurnOwner {
  readonly clock: Clock
  members(): number
  /** Says what there is to say; called once however often it was asked for. */
  speak(): void
}

/**
 * When a room speaks: at the end of the turn of the event loop in which there is something to say. Where updates times
 * members is a lot, updates are collected for a tick first, and whatever else comes meanwhile goes out with them.
 */
export class Turn {
  readonly #owner: TurnOwner
  readonly #tick = new Tick(UPDATE_PACE)
  #isDue = false
  #isClosed = false
  #spokeAt = Number.NEGATIVE_INFINITY

  constructor(owner: TurnOwner) {
    this.#owner = owner
  }

  /** There is something to say. */
  wake(): void {
    if (this.#isDue || this.#isClosed) return
    this.#isDue = true
    this.#owner.clock.endOfTurn(() => this.#end())
  }

  /** An update is to go to everybody. */
  said(): void {
    const { clock, members } = this.#owner
    const now = clock.now()
    this.#tick.count(now)
    if (this.#isDue || this.#isClosed) return
    const lengthMs = this.#tick.lengthMs(now, members())
    const waitMs = lengthMs === 0 ? 0 : Math.min(lengthMs, this.#spokeAt + lengthMs - now)
    if (waitMs <= 0) return this.wake()
    this.#isDue = true
    clock.after(waitMs, () => this.#end())
  }

  /** What there is to say is said now, not at the end of its tick. */
  flush(): void {
    this.#end()
  }

  /** Says nothing more. */
  close(): void {
    this.#isClosed = true
  }

  #end(): void {
    // said already, by a flush
    if (!this.#isDue) return
    this.#isDue = false
    if (this.#isClosed) return
    this.#spokeAt = this.#owner.clock.now()
    this.#owner.speak()
  }
}
