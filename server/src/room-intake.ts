import type { Clock } from './clock.ts'
import type { Seat } from './room-seat.ts'

/** Work of one member in one turn, in bytes of hostile updates: about 10 ms. */
export const TURN_WORK: number = 128 * 1024

/**
 * Why a member's frames wait: nothing (`open`), a large update of its own that is being read (`reading`), or the next turn
 * (`resting`).
 */
type InboxState = 'open' | 'reading' | 'resting'

/** Frames of one member that were received and not taken yet. Its socket is not read meanwhile. */
export class Inbox {
  state: InboxState = 'open'
  /** Work of this turn. */
  spent = 0
  frames: Uint8Array[] = []
}

/** What taking frames needs of its room. */
export interface IntakeOwner {
  readonly clock: Clock
  /** Takes one frame. Must not throw. */
  take(seat: Seat, frame: Uint8Array): void
  /** Nobody's frames are taken for now. */
  isShut(): boolean
}

/**
 * The frames of each member, in order: behind a large update of a member its own later frames wait, the others go on; who
 * makes the room work for more than {@link TURN_WORK} in one turn waits for the next. A member whose frames wait is not read.
 */
export class Intake {
  readonly #owner: IntakeOwner
  readonly #resting = new Set<Seat>()
  #reading = 0
  #isDue = false
  #whenIdle: (() => void)[] = []

  constructor(owner: IntakeOwner) {
    this.#owner = owner
  }

  /** A frame came. */
  receive(seat: Seat, frame: Uint8Array): void {
    const { inbox } = seat
    if (inbox.state === 'open' && !this.#owner.isShut()) return this.#owner.take(seat, frame)
    inbox.frames.push(frame)
    if (inbox.state === 'open') this.#rest(seat)
  }

  /** A large update of this member is being read: what it sends now waits behind it. */
  hold(seat: Seat): void {
    seat.inbox.state = 'reading'
    this.#reading += 1
    seat.member.hold(true)
  }

  /** It was read. */
  release(seat: Seat): void {
    this.#reading -= 1
    this.#rest(seat)
  }

  /** The room has worked for this member; too much for one turn, and it rests until the next. */
  charge(seat: Seat, work: number): void {
    const { inbox } = seat
    inbox.spent += work
    if (inbox.spent > TURN_WORK && inbox.state === 'open') this.#rest(seat)
  }

  /** The member is sent away: what waits is not taken any more. */
  drop(seat: Seat): void {
    seat.inbox.frames = []
  }

  /** Resolves once no frame waits. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve()
    return new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  get #isIdle(): boolean {
    return this.#reading === 0 && this.#resting.size === 0
  }

  #rest(seat: Seat): void {
    seat.inbox.state = 'resting'
    seat.member.hold(true)
    this.#resting.add(seat)
    if (this.#isDue) return
    this.#isDue = true
    this.#owner.clock.endOfTurn(() => this.#turn())
  }

  #turn(): void {
    this.#isDue = false
    const seats = [...this.#resting]
    this.#resting.clear()
    for (const seat of seats) this.#wake(seat)
    if (!this.#isIdle) return
    const waiting = this.#whenIdle
    this.#whenIdle = []
    for (const resolve of waiting) resolve()
  }

  #wake(seat: Seat): void {
    const { inbox } = seat
    if (this.#owner.isShut()) return this.#rest(seat)
    inbox.state = 'open'
    inbox.spent = 0
    while (inbox.state === 'open') {
      const frame = inbox.frames.shift()
      if (frame === undefined) return seat.member.hold(false)
      this.#owner.take(seat, frame)
    }
  }
}
