import type { Clock } from './clock.ts'
import type { PresenceEntry } from './room-presence-wire.ts'
import type { PresenceRecord } from './room-roster.ts'
import type { Seat } from './room-seat.ts'

/** A holder that does not answer a ping for so long has lost its clientID. */
export const CLAIM_MS = 2_000

/** A connection that says to be a clientID somebody else holds. */
export interface PresenceClaim {
  readonly seat: Seat
  readonly record: PresenceRecord
  /** Its latest entry, in force once the claim is granted. */
  readonly entry: PresenceEntry
  readonly person: string | undefined
}

/** What becomes of a claim; each is told once. */
export interface PresenceClaimOutcome {
  granted(claim: PresenceClaim): void
  denied(claim: PresenceClaim): void
}

interface Pending {
  claim: PresenceClaim
  readonly cancel: () => void
}

/**
 * Conflicts over a clientID: the holder is pinged; it keeps the id with its pong and loses it after {@link CLAIM_MS}
 * without, or by leaving. One claim per id: the latest connection is the one that is alive.
 */
export class PresenceClaims {
  readonly #clock: Clock
  readonly #outcome: PresenceClaimOutcome
  readonly #pending = new Map<number, Pending>()

  constructor(clock: Clock, outcome: PresenceClaimOutcome) {
    this.#clock = clock
    this.#outcome = outcome
  }

  challenge(claim: PresenceClaim, holder: Seat): void {
    const { clientId } = claim.record
    const running = this.#pending.get(clientId)
    if (running !== undefined) {
      running.claim = claim
      return
    }
    const cancel = this.#clock.after(CLAIM_MS, () => {
      if (this.#pending.get(clientId) === pending) this.grant(claim.record)
    })
    const pending: Pending = { claim, cancel }
    this.#pending.set(clientId, pending)
    holder.member.ping(() => {
      // a pong of a ping whose claim is over proves nothing
      if (this.#pending.get(clientId) !== pending) return
      this.#end(clientId, pending)
      this.#outcome.denied(pending.claim)
    })
  }

  /** The holder is gone. @returns whether somebody was waiting and has the id now. */
  grant(record: PresenceRecord): boolean {
    const pending = this.#pending.get(record.clientId)
    if (pending === undefined) return false
    this.#end(record.clientId, pending)
    this.#outcome.granted(pending.claim)
    return true
  }

  /** The claiming connection is gone. */
  withdraw(seat: Seat): void {
    const { ownId } = seat.presence
    if (ownId === undefined) return
    const pending = this.#pending.get(ownId)
    if (pending !== undefined && pending.claim.seat === seat) this.#end(ownId, pending)
  }

  close(): void {
    for (const [clientId, pending] of this.#pending) this.#end(clientId, pending)
  }

  #end(clientId: number, pending: Pending): void {
    this.#pending.delete(clientId)
    pending.cancel()
  }
}
