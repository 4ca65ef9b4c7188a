import { CLOSE, type CloseCode, type Limits, type RoomName } from '@roomful/shared'
import { askAuthorizer, openAccess, type Authorize, type AuthorizeRequest } from '../authorize.ts'
import type { Clock } from '../clock.ts'
import type { RevocationLog } from '../log/revocation-log.ts'
import type { Revocation } from '../log/revocation-set.ts'
import type { Logger } from '../logger.ts'
import type { Metrics, Refusal } from '../metrics.ts'
import { Expiries } from './expiries.ts'
import type { Grant, Granted, Refused } from './grant.ts'
import { Revocations, type AccessFilter } from './revocations.ts'

/** A connection as the doorkeeper knows it. */
export interface Guest {
  readonly room: RoomName
  /** Not closed yet. */
  readonly isHere: boolean
  /** What it may do and who it is, from now on. */
  permit(grant: Granted): void
  /** Counts a refusal, then closes. */
  refuse(reason: Refusal, code: CloseCode, text: string): void
}

/** What the door needs. */
export interface DoorkeeperOptions {
  readonly authorize: Authorize
  readonly clock: Clock
  readonly limits: Pick<Limits, 'tokenBytes' | 'revocations'>
  /** Where revocations are kept; without it in memory only. */
  readonly revocations?: RevocationLog | undefined
  readonly metrics: Metrics
  readonly logger: Logger
}

/** What came of asking for open sockets again. */
export interface Rechecked {
  /** Open sockets that were asked for. */
  readonly asked: number
  /** Of them: closed, with 4401, 4403 or, where the authorizer failed, 1011. */
  readonly closed: number
  /** Of them: may do something else than before. */
  readonly changed: number
}

/** What came of taking access back. */
export interface Revoked extends Rechecked {
  /**
   * `stored`: a restart knows of it, and other instances were told. `waiting`: storage is away; it holds here, and is stored
   * and told as soon as that is back. `memory`: the log keeps none.
   */
  readonly kept: 'stored' | 'waiting' | 'memory'
}

interface Visit {
  readonly request: AuthorizeRequest
  grant: Granted
}

/** Why a guest is asked for again; it names the refusal in `/metrics`. */
type Occasion = Extract<Refusal, 'expired' | 'revoked'>
type Outcome = 'kept' | 'changed' | 'closed' | 'gone'

/** Storage is waited for so long; the sockets here are closed long before. */
const STORE_MS = 2_000
/** Between two attempts to read what is stored. */
const READ_AGAIN_MS = 500
/** Who asks meanwhile waits; by then it is a failure, and the client tries again. */
const READ_MS = 10_000
/** News of more revocations than this are one look at everybody. */
const MAX_FILTERS = 20

/** An authorizer may have a database behind it: twenty thousand questions at once would be an attack on it. */
const MAX_QUESTIONS = 100

/**
 * Who may be in which room, from the first question to the last: asks the authorizer, remembers what it said of every
 * open socket, asks again when that runs out or is taken back ([I7]). In open mode nothing is remembered.
 */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions
  readonly #isOpen: boolean
  readonly #visits = new Map<Guest, Visit>()
  readonly #revocations: Revocations
  readonly #expiries: Expiries<Guest>
  /** Until the revocations of before are known nobody is let in. */
  #reading: Promise<void> | undefined
  #isClosed = false

  constructor(options: DoorkeeperOptions) {
    this.#options = options
    this.#revocations = new Revocations(options.limits.revocations)
    this.#isOpen = options.authorize === openAccess
    this.#expiries = new Expiries(options.clock, (guest) => this.#expired(guest))
    // in open mode there is nothing that could be revoked
    if (options.revocations !== undefined && !this.#isOpen) this.#reading = this.#read(options.revocations)
  }

  /** Asks, for a socket or for anything else. Rejects where the authorizer fails: that is no verdict. */
  async ask(request: AuthorizeRequest): Promise<Grant> {
    const { authorize, clock, limits, metrics } = this.#options
    if (request.token !== undefined && Buffer.byteLength(request.token) > limits.tokenBytes) {
      metrics.refused('token-too-large')
      metrics.limited('tokenBytes')
      return { access: 'none', reason: 'token', detail: 'over LIMIT_TOKEN_BYTES' }
    }
    const grant = await askAuthorizer(authorize, request, clock)
    if (this.#reading !== undefined) await this.#within(READ_MS, this.#reading)
    if (grant.access === 'none' || !this.#revocations.isRevoked(grant, request.room)) return grant
    return { access: 'none', reason: 'token', detail: 'revoked' }
  }

  /**
   * Asks for a socket, and lets it in or closes it.
   *
   * @returns whether it may go on to its room
   */
  async admit(guest: Guest, request: AuthorizeRequest): Promise<boolean> {
    let grant: Grant
    try {
      grant = await this.ask(request)
    } catch (error) {
      this.#failed(guest, request, error)
      return false
    }
    if (!guest.isHere) return false
    if (grant.access === 'none') {
      this.#refuse(guest, grant, grant.reason === 'token' ? 'unauthorized' : 'forbidden')
      return false
    }
    if (!this.#isOpen) {
      const visit: Visit = { request, grant }
      this.#visits.set(guest, visit)
      this.#limit(guest, grant)
    }
    guest.permit(grant)
    return true
  }

  /** The socket is closed. */
  forget(guest: Guest): void {
    this.#visits.delete(guest)
    this.#expiries.delete(guest)
  }

  /** Asks again for every open socket that fits, and acts on the answers at once. Never rejects. */
  async recheck(filter: AccessFilter = {}): Promise<Rechecked> {
    const guests = [...this.#visits].filter(([guest, visit]) => isMeant(filter, guest, visit))
    const waiting = guests.values()
    const counts = { kept: 0, changed: 0, closed: 0, gone: 0 }
    const work = async (): Promise<void> => {
      for (const [guest, visit] of waiting) counts[await this.#askAgain(guest, visit, 'revoked')] += 1
    }
    await Promise.all(Array.from({ length: Math.min(MAX_QUESTIONS, guests.length) }, work))
    return { asked: guests.length, closed: counts.closed, changed: counts.changed }
  }

  /**
   * Nothing issued until now counts for those who fit; then {@link recheck}. Every instance of the same log does the same.
   * Never rejects.
   */
  async revoke(filter: AccessFilter): Promise<Revoked> {
    const revocation = { ...filter, at: this.#options.clock.now() }
    this.#add(revocation)
    // not one behind the other: a disk that hangs keeps nobody in
    const [rechecked, kept] = await Promise.all([this.recheck(filter), this.#keep(revocation)])
    return { ...rechecked, kept }
  }

  /** No more timers. */
  close(): void {
    this.#isClosed = true
    this.#expiries.close()
    this.#visits.clear()
  }

  async #keep(revocation: Revocation): Promise<Revoked['kept']> {
    const { logger, revocations } = this.#options
    if (revocations === undefined) return 'memory'
    try {
      await this.#within(STORE_MS, revocations.add(revocation))
      return 'stored'
    } catch (error) {
      logger.error({ err: error }, 'a revocation is not stored yet: it holds on this instance')
      return 'waiting'
    }
  }

  /** Settles once what is stored is known; storage that cannot be read is tried again. Never rejects. */
  async #read(revocations: RevocationLog): Promise<void> {
    const { clock, logger } = this.#options
    for (let isKnown = false; !isKnown && !this.#isClosed;) {
      try {
        await revocations.open((news) => this.#heard(news))
        isKnown = true
      } catch (error) {
        logger.warn({ err: error }, 'the stored revocations cannot be read: nobody is let in until they are')
        await new Promise<void>((resolve) => clock.after(READ_AGAIN_MS, resolve))
      }
    }
    this.#reading = undefined
  }

  /** Of the log: what was stored, or comes from another instance. */
  #heard(news: readonly Revocation[]): void {
    const fresh = news.filter((revocation) => this.#add(revocation))
    if (fresh.length > MAX_FILTERS) void this.recheck()
    else for (const { room, userId } of fresh) void this.recheck({ room, userId })
  }

  /** @returns whether it ends anything that was not ended before. */
  #add(revocation: Revocation): boolean {
    const { put, isFull } = this.#revocations.add(revocation)
    if (isFull) this.#options.metrics.limited('revocations')
    return put.length > 0
  }

  /** Rejects where something takes longer; it goes on all the same. */
  async #within(ms: number, done: Promise<void>): Promise<void> {
    let stop: (() => void) | undefined
    const late = new Promise<never>((_resolve, reject) => {
      stop = this.#options.clock.after(ms, () => reject(new Error(`storage did not answer within ${ms} ms`)))
    })
    try {
      await Promise.race([done, late])
    } finally {
      stop?.()
    }
  }

  #expired(guest: Guest): void {
    const visit = this.#visits.get(guest)
    if (visit !== undefined) void this.#askAgain(guest, visit, 'expired')
  }

  /** Never rejects. */
  async #askAgain(guest: Guest, visit: Visit, occasion: Occasion): Promise<Outcome> {
    let grant: Grant
    try {
      grant = await this.ask(visit.request)
    } catch (error) {
      if (this.#visits.get(guest) !== visit) return 'gone'
      // what it may do is not known any more: it comes back, and is asked for anew
      this.#failed(guest, visit.request, error)
      return 'closed'
    }
    if (this.#visits.get(guest) !== visit) return 'gone'
    if (grant.access === 'none') {
      this.#refuse(guest, grant, occasion)
      return 'closed'
    }
    const before = visit.grant
    if (grant.user?.id !== before.user?.id) {
      this.#refuse(guest, { access: 'none', reason: 'token', detail: 'another person' }, occasion)
      return 'closed'
    }
    visit.grant = grant
    this.#limit(guest, grant)
    if (isSame(grant, before)) return 'kept'
    guest.permit(grant)
    return 'changed'
  }

  #limit(guest: Guest, { expiresAt }: Granted): void {
    if (expiresAt === undefined) this.#expiries.delete(guest)
    else this.#expiries.set(guest, expiresAt)
  }

  #refuse(guest: Guest, { reason, detail }: Refused, counted: Refusal): void {
    this.#options.logger.debug({ room: guest.room, reason: counted, detail }, 'refused by the authorizer')
    // one code and one text for each reason, whatever there is or is not behind the door
    if (reason === 'token')
      guest.refuse(counted, CLOSE.unauthorized, 'token missing, invalid, expired or revoked')
    else guest.refuse(counted, CLOSE.forbidden, 'no access to this room')
  }

  #failed(guest: Guest, { token }: AuthorizeRequest, error: unknown): void {
    this.#options.logger.error({ err: withoutToken(error, token), room: guest.room }, 'the authorizer failed')
    guest.refuse('authorizer-failed', CLOSE.internal, 'internal error')
  }
}

function isMeant({ room, userId }: AccessFilter, guest: Guest, { grant }: Visit): boolean {
  return (room === undefined || guest.room === room) && (userId === undefined || grant.user?.id === userId)
}

function isSame(a: Granted, b: Granted): boolean {
  return a.access === b.access && a.user?.name === b.user?.name && a.user?.color === b.user?.color
}

/** An embedder's error may quote what it was given. */
function withoutToken(error: unknown, token: string | undefined): unknown {
  if (!(error instanceof Error)) return 'no error'
  const clean = (text: string): string =>
    token === undefined
      ? text
      : text.replaceAll(token, '[token]').replaceAll(encodeURIComponent(token), '[token]')
  return { type: error.name, message: clean(error.message), stack: clean(error.stack ?? '') }
}
