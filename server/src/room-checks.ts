import { checksumOf, encodeCheck } from '@roomful/shared'
import type { Seat } from './room-seat.ts'

/** A room is quiet when nothing was admitted for so long. */
export const QUIET_MS = 5_000

const NO_DIGEST = new Uint8Array(0)

/** The document as checks need it. */
export interface CheckedDocument {
  readonly version: number
  /** Digest of what is visible at this version, where the last compaction has seen it. */
  readonly digest: Uint8Array | undefined
  encodeStateVector(): Uint8Array
}

/**
 * Tells extended members what the room holds, once it has been quiet for a while after a change (room-log.md section 6):
 * whoever holds something else has lost a message, or its copy has come apart from everybody's.
 */
export class Checks {
  readonly #document: CheckedDocument
  #version: number
  #changedAt: number
  #checked: number

  constructor(document: CheckedDocument, now: number) {
    this.#document = document
    this.#version = document.version
    this.#checked = document.version
    this.#changedAt = now
  }

  /** In how many ms there may be something to check; infinity where nothing has changed. */
  dueMs(now: number): number {
    const { version } = this.#document
    if (version !== this.#version) {
      this.#version = version
      this.#changedAt = now
    }
    return version === this.#checked
      ? Number.POSITIVE_INFINITY
      : Math.max(0, this.#changedAt + QUIET_MS - now)
  }

  /** Says it where it is time. @returns in how many ms to look again; infinity where only a change makes it due. */
  lookAfter(seats: Iterable<Seat>, now: number): number {
    const dueMs = this.dueMs(now)
    if (dueMs > 0) return dueMs
    this.#checked = this.#version
    const state = checksumOf(this.#document.encodeStateVector())
    const digest = this.#document.digest ?? NO_DIGEST
    for (const seat of seats) {
      // who lags or is being asked holds something else for a good reason
      if (!seat.member.extended || seat.outbox.lag !== undefined || seat.asks.holdsAcks) continue
      seat.outbox.send(encodeCheck({ sent: seat.outbox.sent, state, digest }), now)
    }
    return Number.POSITIVE_INFINITY
  }
}
