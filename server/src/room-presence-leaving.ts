import type { Clock } from './clock.ts'
import type { PresenceRecord } from './room-roster.ts'

/**
 * How a connection ended: with a closing handshake (a page that closes or reloads), without a word, or because its instance
 * restarts and has told it to come back.
 */
export type Departure = 'closed' | 'lost' | 'restarted'

/**
 * Presence stays so long after its connection is gone, ms. A closed page is seen to leave well within a second (I4), but a
 * reload is back by then and nobody sees it flicker. A cable that was out for less than three seconds is nobody's business
 * (ux 27). Who was sent away by a restart comes back within five seconds, and connects, which on machines at their limit took ten
 * more (I10; docs/decisions/0072); whoever was on an instance that died is seen as long. A client that takes its own presence
 * back is gone at once.
 */
export const LEAVE_GRACE_MS: Readonly<Record<Departure, number>> = {
  closed: 700,
  lost: 3_500,
  restarted: 20_000,
}

interface Leaver {
  readonly record: PresenceRecord
  readonly key: string | undefined
  readonly at: number
}

/** Presence of connections that are gone, until it is removed or somebody takes it up. */
export class PresenceLeaving {
  readonly #queues: Readonly<Record<Departure, LeavingQueue>>

  constructor(clock: Clock, remove: (record: PresenceRecord) => void) {
    this.#queues = {
      closed: new LeavingQueue(clock, LEAVE_GRACE_MS.closed, remove),
      lost: new LeavingQueue(clock, LEAVE_GRACE_MS.lost, remove),
      restarted: new LeavingQueue(clock, LEAVE_GRACE_MS.restarted, remove),
    }
  }

  add(record: PresenceRecord, key: string | undefined, departure: Departure): void {
    this.keep(record)
    this.#queues[departure].add(record, key)
  }

  /** The id is spoken for again: it does not leave. */
  keep(record: PresenceRecord): void {
    for (const queue of this.#all) queue.keep(record)
  }

  /** The tab with this key is here under another id: what it left behind goes now. */
  release(isKey: (key: string) => boolean): void {
    for (const queue of this.#all) queue.release(isKey)
  }

  close(): void {
    for (const queue of this.#all) queue.close()
  }

  get #all(): readonly LeavingQueue[] {
    return Object.values(this.#queues)
  }
}

/** Those who wait equally long: the first to leave is the first to go, so one timer is enough. */
class LeavingQueue {
  readonly #clock: Clock
  readonly #graceMs: number
  readonly #remove: (record: PresenceRecord) => void
  readonly #leavers = new Map<number, Leaver>()
  #cancel: (() => void) | undefined

  constructor(clock: Clock, graceMs: number, remove: (record: PresenceRecord) => void) {
    this.#clock = clock
    this.#graceMs = graceMs
    this.#remove = remove
  }

  add(record: PresenceRecord, key: string | undefined): void {
    this.#leavers.set(record.clientId, { record, key, at: this.#clock.now() + this.#graceMs })
    this.#arm()
  }

  keep(record: PresenceRecord): void {
    this.#leavers.delete(record.clientId)
  }

  release(isKey: (key: string) => boolean): void {
    for (const leaver of this.#leavers.values())
      if (leaver.key !== undefined && isKey(leaver.key)) this.#take(leaver)
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#leavers.clear()
  }

  #arm(): void {
    if (this.#cancel !== undefined) return
    const [next] = this.#leavers.values()
    if (next === undefined) return
    this.#cancel = this.#clock.after(Math.max(0, next.at - this.#clock.now()), () => {
      this.#cancel = undefined
      const now = this.#clock.now()
      for (const leaver of this.#leavers.values()) if (leaver.at <= now) this.#take(leaver)
      this.#arm()
    })
  }

  #take(leaver: Leaver): void {
    this.#leavers.delete(leaver.record.clientId)
    this.#remove(leaver.record)
  }
}
