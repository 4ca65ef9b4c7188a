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

/** One clientID that is contested. */
interface Dispute {
  /** At most one claim a connection; the latest connection last. */
  readonly claims: PresenceClaim[]
  readonly cancel: () => void
}

/**
 * Conflicts over a clientID: the holder is asked; it keeps the id with its answer and loses it after a while without, or by
 * leaving. However many claim it meanwhile, the holder is asked once and each of them is told: of several the latest
 * connection is the one that is alive, and where that one leaves, the one before it. A connection claims one id at a time.
 */
export class PresenceClaims {
  readonly #clock: Clock
  readonly #outcome: PresenceClaimOutcome
  readonly #disputes = new Map<number, Dispute>()
  /** What each connection claims. */
  readonly #idOf = new Map<Seat, number>()

  constructor(clock: Clock, outcome: PresenceClaimOutcome) {
    this.#clock = clock
    this.#outcome = outcome
  }

  /**
   * @param ask asks the holder to prove that it is alive: a ping, or a question to the instance that has it.
   * @param ms how long it has.
   */
  challenge(claim: PresenceClaim, ask: (alive: () => void) => void, ms: number = CLAIM_MS): void {
    const { clientId } = claim.record
    if (this.#idOf.get(claim.seat) !== clientId) this.withdraw(claim.seat)
    this.#idOf.set(claim.seat, clientId)
    const running = this.#disputes.get(clientId)
    if (running !== undefined) return this.#join(running, claim)
    const cancel = this.#clock.after(ms, () => {
      if (this.#disputes.get(clientId) === dispute) this.grant(claim.record)
    })
    const dispute: Dispute = { claims: [claim], cancel }
    this.#disputes.set(clientId, dispute)
    ask(() => {
      // an answer to a dispute that is over proves nothing
      if (this.#disputes.get(clientId) !== dispute) return
      this.#end(clientId, dispute)
      for (const denied of dispute.claims) this.#outcome.denied(denied)
    })
  }

  /** The holder is gone. @returns whether somebody was waiting and has the id now. */
  grant(record: PresenceRecord): boolean {
    const dispute = this.#disputes.get(record.clientId)
    const granted = dispute?.claims.pop()
    if (dispute === undefined || granted === undefined) return false
    this.#idOf.delete(granted.seat)
    this.#end(record.clientId, dispute)
    this.#outcome.granted(granted)
    for (const denied of dispute.claims) this.#outcome.denied(denied)
    return true
  }

  /** The connection claims nothing any more: it is gone, or speaks for another id. */
  withdraw(seat: Seat): void {
    const clientId = this.#idOf.get(seat)
    const dispute = clientId === undefined ? undefined : this.#disputes.get(clientId)
    this.#idOf.delete(seat)
    if (clientId === undefined || dispute === undefined) return
    const index = dispute.claims.findIndex((claim) => claim.seat === seat)
    if (index !== -1) dispute.claims.splice(index, 1)
    if (dispute.claims.length === 0) this.#end(clientId, dispute)
  }

  close(): void {
    for (const [clientId, dispute] of this.#disputes) this.#end(clientId, dispute)
  }

  #join({ claims }: Dispute, claim: PresenceClaim): void {
    const { key } = claim.seat.member
    const own = claims.findIndex(({ seat }) => seat === claim.seat)
    if (own !== -1) {
      claims[own] = claim
      return
    }
    const old = claims.findIndex(({ seat }) => key !== undefined && seat.member.key === key)
    const [replaced] = old === -1 ? [] : claims.splice(old, 1)
    claims.push(claim)
    if (replaced === undefined) return
    // the same tab on an older connection
    this.#idOf.delete(replaced.seat)
    this.#outcome.denied(replaced)
  }

  #end(clientId: number, dispute: Dispute): void {
    this.#disputes.delete(clientId)
    for (const { seat } of dispute.claims) this.#idOf.delete(seat)
    dispute.cancel()
  }
}
