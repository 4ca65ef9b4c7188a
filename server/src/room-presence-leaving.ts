import type { Clock } from './clock.ts'
import type { PresenceRecord } from './room-roster.ts'

/**
 * A lost connection's presence stays so long: a reload or a reconnect of the same tab is back within it and nobody sees
 * it flicker, and a leave is still seen well within a second (I4). A client that says goodbye itself goes at once.
 */
export const LEAVE_GRACE_MS = 400

interface Leaver {
  readonly record: PresenceRecord
  readonly key: string | undefined
  readonly at: number
}

/** Presence of connections that are gone, until it is removed or somebody takes it up. One timer, in order of leaving. */
export class PresenceLeaving {
  readonly #clock: Clock
  readonly #remove: (record: PresenceRecord) => void
  readonly #leavers = new Map<number, Leaver>()
  #cancel: (() => void) | undefined

  constructor(clock: Clock, remove: (record: PresenceRecord) => void) {
    this.#clock = clock
    this.#remove = remove
  }

  add(record: PresenceRecord, key: string | undefined): void {
    this.#leavers.delete(record.clientId)
    this.#leavers.set(record.clientId, { record, key, at: this.#clock.now() + LEAVE_GRACE_MS })
    this.#arm()
  }

  /** The id is spoken for again: it does not leave. */
  keep(record: PresenceRecord): void {
    this.#leavers.delete(record.clientId)
  }

  /** The tab with this key is here under another id: what it left behind goes now. */
  release(key: string): void {
    for (const leaver of this.#leavers.values()) if (leaver.key === key) this.#take(leaver)
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
