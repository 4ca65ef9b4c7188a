import type { LogEntry } from './log/room-log.ts'
import { isForeignWriter } from './room-foreign-desk.ts'
import type { EntryOutcome } from './room-foreign.ts'
import type { LargeUpdates } from './room-large-updates.ts'
import type { RoomEvents } from './room-events.ts'
import type { Admission, RoomContent } from './room/room-content.ts'

/** What taking entries of the log needs of its room. */
export interface StoredEntriesOwner {
  readonly content: RoomContent
  readonly large: LargeUpdates
  readonly events: RoomEvents
  /** An update that did not come from a member: it goes to everybody. */
  arrived(update: Uint8Array): void
  isClosed(): boolean
}

/**
 * Takes entries of the log in: small ones at once, large ones read elsewhere and admitted in slices like any large update, one
 * behind the other, while members write on.
 */
export class StoredEntries {
  readonly #owner: StoredEntriesOwner
  /** The large ones that are not through, as one. */
  #underWay: Promise<void> | undefined

  constructor(owner: StoredEntriesOwner) {
    this.#owner = owner
  }

  /**
   * `took` hears of it in the turn in which it came into force; never where the room was closed meanwhile. A large one is in
   * force when the returned promise resolves, which never rejects.
   */
  take(entry: LogEntry, took: (outcome: EntryOutcome) => void): Promise<void> | undefined {
    if (!this.#owner.large.isLarge(entry.update)) {
      took(this.#takeAtOnce(entry))
      return undefined
    }
    const before = this.#underWay ?? Promise.resolve()
    const taking = before
      .then(() => this.#takeInSlices(entry, took))
      .then(() => {
        if (this.#underWay === taking) this.#underWay = undefined
      })
    this.#underWay = taking
    return taking
  }

  /** Resolves once no large one is under way. */
  async idle(): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay
  }

  #takeInSlices(entry: LogEntry, took: (outcome: EntryOutcome) => void): Promise<void> {
    const { large, isClosed } = this.#owner
    if (isClosed()) return Promise.resolve()
    return new Promise((resolve) =>
      large.admitStored(entry.update, (admission) => {
        if (!isClosed()) {
          // what cannot be read elsewhere is read here: the room cannot go on without it
          const isUnread = admission.kind === 'unread'
          took(isUnread ? this.#takeAtOnce(entry) : this.#outcomeOf(entry, admission))
        }
        resolve()
      }),
    )
  }

  #takeAtOnce(entry: LogEntry): EntryOutcome {
    return this.#outcomeOf(entry, this.#owner.content.admitStored(entry.update))
  }

  #outcomeOf(entry: LogEntry, admission: Admission): EntryOutcome {
    switch (admission.kind) {
      case 'refused':
        if (isForeignWriter(entry.meta.instanceId)) {
          this.#owner.events.foreign('quarantined', 1, new Error(admission.reason))
          return { kind: 'whole' }
        }
        return {
          kind: 'refused',
          error: new Error(`entry ${entry.position} is malformed: ${admission.reason}`),
        }
      case 'full':
        throw new Error('what is stored is never too much')
      case 'append':
        this.#owner.arrived(admission.update)
        break
      case 'known':
        break
    }
    const { missing } = admission
    return missing === undefined || missing.size === 0 ? { kind: 'whole' } : { kind: 'part', missing }
  }
}
