import type { Clock } from './clock.ts'
import { likenessOf, type Likeness } from './room-presence-alike.ts'
import { CLAIM_MS, type PresenceClaim, type PresenceClaims } from './room-presence-claims.ts'
import { advancePresenceClock, bindPresenceClock } from './room-presence-clock.ts'
import type { PresenceLeaving } from './room-presence-leaving.ts'
import {
  encodePresenceMessage,
  encodeStates,
  markOf,
  parsePresenceMessage,
  type PresenceMessage,
} from './room-presence-message.ts'
import { readPresenceState, type PresenceLimits } from './room-presence-state.ts'
import { isNullState, readPresence, type PresenceEntry } from './room-presence-wire.ts'
import type { PresenceRecord, Roster } from './room-roster.ts'
import { Seat } from './room-seat.ts'

/** Own states go to other instances at once, then at most so often: the ticks of both sides would add up. */
export const SAY_MS = 5
/** An instance that does not answer for so long has lost a clientID: its own holder has {@link CLAIM_MS}. */
export const FAR_CLAIM_MS: number = CLAIM_MS + 500

/** What it needs of the presence it belongs to. */
export interface ElsewhereOwner {
  /** This room on this instance, different from all others. */
  readonly id: string
  readonly clock: Clock
  readonly limits: PresenceLimits
  readonly roster: Roster
  readonly claims: PresenceClaims
  readonly leaving: PresenceLeaving
  /** Whether another instance has the room open. */
  readonly isHeard: () => boolean
  /** `isSaidOnce`: a roster does not say it again. */
  readonly broadcast: (bytes: Uint8Array, isSaidOnce: boolean) => void
  /** Something is to be said: at the end of this turn. */
  readonly wake: () => void
  /** Members have to hear of a change. */
  readonly issued: () => void
  /** A connection here does not speak for the clientID any more. */
  readonly lose: (seat: Seat, clientId: number) => void
  readonly remove: (record: PresenceRecord) => void
}

/** What becomes of a question whether a holder is alive. */
interface ProofOutcome {
  readonly alive: () => void
  readonly dead: () => void
  /** It is dead, and somebody who asked later has the id. */
  readonly outbid: () => void
}

interface Proof {
  readonly holder: Seat
  /** By who asks, the latest last: bounded by the instances there are. */
  readonly outcomes: Map<string, ProofOutcome>
  readonly cancel: () => void
}

/**
 * The presence of a room on other instances. Each instance answers for the clientIDs bound to its own connections and gives
 * them away only to the same tab (by its key), or where its own connection is dead. What is heard is lifted above what was
 * told before, per clientID, as that of a connection is.
 */
export class PresenceElsewhere {
  readonly #owner: ElsewhereOwner
  readonly #unsaid = new Set<PresenceRecord>()
  /** clientID of a claim that was asked elsewhere → its holder is alive. */
  readonly #asked = new Map<number, () => void>()
  /** clientID somebody here is asked to prove → who waits for the answer, and how to stop. */
  readonly #proofs = new Map<number, Proof>()
  /** Given away, and nothing was heard of since: a roster on its way may not have them yet. */
  readonly #given = new WeakSet<PresenceRecord>()
  #saidAt = Number.NEGATIVE_INFINITY
  #cancelSay: (() => void) | undefined

  constructor(owner: ElsewhereOwner) {
    this.#owner = owner
  }

  /** A state of somebody here changed. */
  changed(record: PresenceRecord): void {
    const { isHeard, wake, clock } = this.#owner
    if (!record.isOwn || !isHeard()) return
    this.#unsaid.add(record)
    const wait = this.#saidAt + SAY_MS - clock.now()
    if (wait <= 0) wake()
    else this.#arm(wait)
  }

  /** At the end of a turn: what changed, once and in one message. */
  say(): void {
    if (this.#unsaid.size === 0) return
    const now = this.#owner.clock.now()
    const wait = this.#saidAt + SAY_MS - now
    if (wait > 0) return this.#arm(wait)
    this.#saidAt = now
    const entries: Uint8Array[] = []
    // what was given away meanwhile is not ours to say
    for (const record of this.#unsaid) if (record.isOwn) entries.push(record.entry)
    this.#unsaid.clear()
    if (entries.length > 0) this.#owner.broadcast(encodeStates('changed', entries), false)
  }

  /** Everybody here, for an instance that begins to listen. */
  whole(): Uint8Array {
    this.#unsaid.clear()
    return encodeStates(
      'roster',
      this.#owner.roster.own().map(({ entry }) => entry),
    )
  }

  /** A tab is here: what it left elsewhere under another clientID goes now. */
  brought(key: string): void {
    if (this.#owner.isHeard()) this.#tell({ kind: 'brought', mark: markOf(key) })
  }

  /** This instance ends: whoever is on it comes back on another. */
  farewell(): void {
    const own = this.#owner.isHeard() ? this.#owner.roster.own() : []
    if (own.length === 0) return
    this.#tell({
      kind: 'farewell',
      marks: new Map(own.map(({ clientId, key }) => [clientId, markOf(key)])),
    })
  }

  /** A connection here says to be somebody that another instance has: that one decides. */
  challenge(claim: PresenceClaim): void {
    const { clientId } = claim.record
    const ask = (alive: () => void): void => {
      this.#asked.set(clientId, alive)
      const { isIntroduction } = claim.seat.presence
      const mark = markOf(claim.seat.member.key)
      this.#tell({ kind: 'claims', by: this.#owner.id, clientId, isIntroduction, mark })
    }
    this.#owner.claims.challenge(claim, ask, FAR_CLAIM_MS)
  }

  /** What another instance said; what cannot be read is nothing. */
  receive(instanceId: string, bytes: Uint8Array): void {
    const message = parsePresenceMessage(bytes)
    switch (message?.kind) {
      case undefined:
        return
      case 'changed':
        for (const entry of readPresence(message.update) ?? []) this.#take(instanceId, entry, false)
        return
      case 'roster':
        return this.#takeRoster(instanceId, message.update)
      case 'claims':
        return this.#answer(instanceId, message)
      case 'yields':
      case 'keeps':
        if (message.to === this.#owner.id) this.#answered(message)
        return
      case 'holds':
        return this.#takeHolds(instanceId, message)
      case 'brought':
        return this.#owner.leaving.release((key) => markOf(key) === message.mark)
      case 'farewell':
        return this.#takeFarewell(instanceId, message.marks)
    }
  }

  /** The instance is gone: so is everybody on it, but for who waits here to take over. */
  gone(instanceId: string): void {
    for (const record of this.#owner.roster.heldBy(instanceId)) {
      record.holder = undefined
      this.#given.delete(record)
      this.#asked.delete(record.clientId)
      if (!this.#owner.claims.grant(record)) this.#owner.remove(record)
    }
  }

  close(): void {
    this.#cancelSay?.()
    for (const { cancel } of this.#proofs.values()) cancel()
    this.#proofs.clear()
    this.#asked.clear()
  }

  #takeRoster(instanceId: string, update: Uint8Array): void {
    const entries = readPresence(update)
    if (entries === undefined) return
    const { claims, leaving } = this.#owner
    const present = new Set(entries.map(({ clientId }) => clientId))
    for (const entry of entries) this.#take(instanceId, entry, true)
    for (const record of this.#owner.roster.heldBy(instanceId)) {
      // the next one has it: rosters of one instance come in order
      if (present.has(record.clientId) || this.#given.delete(record)) continue
      record.holder = undefined
      this.#asked.delete(record.clientId)
      // another instance may have it by now, and tell of it in a moment
      if (!claims.grant(record)) leaving.add(record, undefined, 'closed')
    }
  }

  /** @param isWhole of a roster: in one that counts from anew clocks may be lower. */
  #take(instanceId: string, entry: PresenceEntry, isWhole: boolean): void {
    const { roster, leaving, issued } = this.#owner
    const isRemoval = isNullState(entry.json)
    const record = isRemoval ? roster.get(entry.clientId) : roster.claim(entry.clientId)
    if (record === undefined) return
    const { holder, clock } = record
    if (holder instanceof Seat) {
      if (!isRemoval) this.#contest(record, holder, instanceId)
      return
    }
    // somebody else speaks for it by now
    if (isRemoval && holder !== instanceId) return
    const likeness = likenessOf(record.json, entry.json)
    const person = isRemoval ? { is: undefined } : this.#personOf(record, entry, likeness)
    if (person === undefined) return
    const isAnew = isWhole && entry.clock < clock.lastReceived
    if (!isRemoval && (holder !== instanceId || isAnew)) bindPresenceClock(clock, entry.clock)
    leaving.keep(record)
    this.#given.delete(record)
    record.holder = isRemoval ? undefined : instanceId
    record.isOwn = false
    record.mark = undefined
    const isLastIssued = likeness === 'same'
    const verdict = advancePresenceClock(clock, { clock: entry.clock, isRemoval, isLastIssued })
    if (verdict.kind !== 'issue') return
    if (isRemoval) roster.remove(record, verdict.clock)
    else roster.issue(record, verdict.clock, entry.json, person.is, likeness)
    issued()
  }

  #personOf(
    record: PresenceRecord,
    { json }: PresenceEntry,
    likeness: Likeness,
  ): { readonly is: string | undefined } | undefined {
    const { limits } = this.#owner
    if (likeness !== 'other') return { is: record.person }
    const state = readPresenceState(json, limits)
    return state.kind === 'state' ? { is: state.person } : undefined
  }

  /** Another instance speaks for somebody who is bound here: whoever is alive and was bound first. */
  #contest(record: PresenceRecord, holder: Seat, instanceId: string): void {
    this.#prove(record, holder, `contest ${instanceId}`, {
      alive: () => {
        const { clientId, boundAt: since } = record
        this.#tell({ kind: 'holds', clientId, since, by: this.#owner.id })
        this.changed(record)
      },
      dead: () => this.#yield(record, holder, instanceId),
      // it holds the id by itself, and hears of the one who has it now
      outbid: () => {},
    })
  }

  #takeHolds(
    instanceId: string,
    { clientId, since, by }: Extract<PresenceMessage, { readonly kind: 'holds' }>,
  ): void {
    const record = this.#owner.roster.get(clientId)
    if (record === undefined || !(record.holder instanceof Seat)) return
    // without an order between equals both would go on telling each other for ever
    const isFirst = since < record.boundAt || (since === record.boundAt && by < this.#owner.id)
    if (isFirst) this.#yield(record, record.holder, instanceId)
    else this.#contest(record, record.holder, instanceId)
  }

  #answer(instanceId: string, claim: Extract<PresenceMessage, { readonly kind: 'claims' }>): void {
    const { clientId, by, mark } = claim
    const record = this.#owner.roster.get(clientId)
    const holder = record?.holder
    if (record === undefined || typeof holder === 'string') return
    const yields = (): void => {
      this.#yield(record, holder, instanceId)
      this.#tell({ kind: 'yields', to: by, clientId })
    }
    if (holder === undefined) {
      // it has just left from here, or never was
      if (record.isOwn) yields()
      return
    }
    const isSameTab = mark !== '' && [record.key, holder.member.key].some((key) => markOf(key) === mark)
    if (isSameTab || (claim.isIntroduction && holder.presence.isRelaying)) return yields()
    const keeps = (): void => this.#tell({ kind: 'keeps', to: by, clientId })
    this.#prove(record, holder, `claim ${by}`, { alive: keeps, dead: yields, outbid: keeps })
  }

  #answered({ kind, clientId }: { readonly kind: 'yields' | 'keeps'; readonly clientId: number }): void {
    const alive = this.#asked.get(clientId)
    this.#asked.delete(clientId)
    if (kind === 'keeps') return alive?.()
    const { roster, claims, leaving } = this.#owner
    const record = roster.get(clientId)
    if (record === undefined || claims.grant(record) || typeof record.holder !== 'string') return
    // whoever claimed it here is gone again: as if it had left from here
    record.holder = undefined
    record.isOwn = true
    leaving.add(record, undefined, 'closed')
    this.changed(record)
  }

  #takeFarewell(instanceId: string, marks: ReadonlyMap<number, string>): void {
    const { roster, leaving } = this.#owner
    for (const [clientId, mark] of marks) {
      const record = roster.get(clientId)
      if (record === undefined || record.holder !== instanceId) continue
      record.holder = undefined
      // nobody knows whose it was: whoever introduces itself may be the one, and none may be locked out
      record.mark = mark === '' ? undefined : mark
      if (!this.#owner.claims.grant(record)) leaving.add(record, undefined, 'restarted')
    }
  }

  /** Pings the connection that holds the id, once for all who ask meanwhile; whoever asks again waits once. */
  #prove({ clientId }: PresenceRecord, holder: Seat, asker: string, outcome: ProofOutcome): void {
    const { clock, roster } = this.#owner
    const running = this.#proofs.get(clientId)
    if (running?.holder === holder) {
      running.outcomes.delete(asker)
      running.outcomes.set(asker, outcome)
      return
    }
    this.#abandon(clientId, running)
    const end = (isAlive: boolean): void => {
      if (this.#proofs.get(clientId) !== proof) return
      this.#proofs.delete(clientId)
      proof.cancel()
      // it may have left, or have been replaced, meanwhile
      if (roster.get(clientId)?.holder !== holder) return
      const outcomes = [...proof.outcomes.values()]
      if (isAlive) return outcomes.forEach(({ alive }) => alive())
      // as on one instance: the latest is the one that is alive
      outcomes.pop()?.dead()
      for (const { outbid } of outcomes) outbid()
    }
    const cancel = clock.after(CLAIM_MS, () => end(false))
    const proof: Proof = { holder, outcomes: new Map([[asker, outcome]]), cancel }
    this.#proofs.set(clientId, proof)
    holder.member.ping(() => end(true))
  }

  /** The holder in question is another by now: who asked of the old one has lost. */
  #abandon(clientId: number, proof: Proof | undefined): void {
    if (proof === undefined) return
    this.#proofs.delete(clientId)
    proof.cancel()
    for (const { outbid } of proof.outcomes.values()) outbid()
  }

  #yield(record: PresenceRecord, holder: Seat | undefined, instanceId: string): void {
    if (holder !== undefined) this.#owner.lose(holder, record.clientId)
    this.#owner.leaving.keep(record)
    record.holder = instanceId
    record.isOwn = false
    this.#given.add(record)
    this.#unsaid.delete(record)
  }

  #tell(message: Parameters<typeof encodePresenceMessage>[0]): void {
    this.#owner.broadcast(encodePresenceMessage(message), true)
  }

  #arm(wait: number): void {
    this.#cancelSay ??= this.#owner.clock.after(wait, () => {
      this.#cancelSay = undefined
      this.#owner.wake()
    })
  }
}
