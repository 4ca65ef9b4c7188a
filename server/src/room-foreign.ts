import type { LogEntry, Position } from './log/room-log.ts'
import type { Missing } from './room-asks.ts'

/** Entries held in memory for what they build on; more are left to the log. */
export const MAX_HELD_ENTRIES = 1_000
export const MAX_HELD_BYTES: number = 8 * 1024 * 1024

/** How an entry of the log was taken. */
export type EntryOutcome =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly missing: Missing }
  | { readonly kind: 'refused'; readonly error: Error }

interface Held {
  readonly entry: LogEntry
  /** The position before it: no compaction may claim more. */
  readonly before: Position
  missing: Missing
  /** It is being tried again. */
  isUnderWay: boolean
}

/** What reading entries needs of its room. */
export interface ForeignOwner {
  /**
   * `took` hears of it in the turn in which it came into force: at once, or behind the promise that is returned, which never
   * rejects.
   */
  take(entry: LogEntry, took: (outcome: EntryOutcome) => void): Promise<void> | undefined
  /** What stands behind this position came into force. */
  cameBehind(before: Position): void
  clockOf(client: number): number
  quarantined(error: Error): void
}

/**
 * Entries of the log that somebody else wrote, or that were written before. One that builds on what is not there cannot be
 * asked for: it is held, bounded, and tried again when the room advances. What was never taken whole stays in the log:
 * {@link limit} is how far a compaction may go (I8).
 */
export class ForeignEntries {
  readonly #owner: ForeignOwner
  #held: Held[] = []
  #heldBytes = 0
  #quarantinedFrom: Position | undefined
  #rewinds = 0

  constructor(owner: ForeignOwner) {
    this.#owner = owner
  }

  get heldCount(): number {
    return this.#held.length
  }

  /** No snapshot may claim entries behind this position; `undefined` where all were taken. */
  get limit(): Position | undefined {
    const held = this.#held[0]?.before
    const quarantined = this.#quarantinedFrom
    if (held === undefined || quarantined === undefined) return held ?? quarantined
    return held < quarantined ? held : quarantined
  }

  /** @returns a promise where it takes several turns. It never rejects. */
  take(entry: LogEntry, before: Position): Promise<void> | undefined {
    const rewinds = this.#rewinds
    return this.#owner.take(entry, (outcome) => {
      // its position means nothing any more
      if (rewinds !== this.#rewinds) return
      this.#owner.cameBehind(before)
      this.#took(entry, before, outcome)
    })
  }

  /** The log is another one: what was held of it comes again, or never. */
  rewound(): void {
    this.#rewinds += 1
    this.#held = []
    this.#heldBytes = 0
    this.#quarantinedFrom = undefined
  }

  /** The room advanced: tries what waited for it, until nothing more fits. Large ones are through some turns later. */
  retry(): void {
    for (let hasProgress = this.#held.length > 0; hasProgress;) {
      hasProgress = false
      // #release puts a new list in place of this one
      for (const held of this.#held) {
        if (held.isUnderWay || !this.#isReady(held)) continue
        hasProgress = true
        held.isUnderWay = true
        void this.#owner.take(held.entry, (outcome) => this.#retried(held, outcome))
      }
    }
  }

  #took(entry: LogEntry, before: Position, outcome: EntryOutcome): void {
    switch (outcome.kind) {
      case 'whole':
        return
      case 'part':
        this.#hold({ entry, before, missing: outcome.missing, isUnderWay: false })
        return
      case 'refused':
        this.#quarantine(before, outcome.error)
        return
    }
  }

  #retried(held: Held, outcome: EntryOutcome): void {
    held.isUnderWay = false
    // of a log that is past, or pushed out
    if (!this.#held.includes(held)) return
    this.#owner.cameBehind(held.before)
    if (outcome.kind === 'part') {
      held.missing = outcome.missing
      return
    }
    this.#release(held)
    if (outcome.kind === 'refused') this.#quarantine(held.before, outcome.error)
  }

  #isReady(held: Held): boolean {
    for (const [client, clock] of held.missing) if (this.#owner.clockOf(client) > clock) return true
    return false
  }

  #hold(held: Held): void {
    this.#held.push(held)
    this.#heldBytes += held.entry.update.length
    while (this.#held.length > MAX_HELD_ENTRIES || this.#heldBytes > MAX_HELD_BYTES) {
      const oldest = this.#held[0]
      if (oldest === undefined) return
      this.#release(oldest)
      this.#quarantine(oldest.before, new Error(`entry ${oldest.entry.position} builds on what never came`))
    }
  }

  #release(held: Held): void {
    this.#held = this.#held.filter((other) => other !== held)
    this.#heldBytes -= held.entry.update.length
  }

  #quarantine(before: Position, error: Error): void {
    if (this.#quarantinedFrom === undefined || before < this.#quarantinedFrom) this.#quarantinedFrom = before
    this.#owner.quarantined(error)
  }
}
