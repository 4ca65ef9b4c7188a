import type { Likeness } from './room-presence-alike.ts'
import { createPresenceClock, type PresenceClock } from './room-presence-clock.ts'
import {
  encodePresenceEntry,
  encodePresenceMessage,
  NULL_STATE,
  writePresenceEntry,
} from './room-presence-wire.ts'
import type { Seat } from './room-seat.ts'

/** Who speaks for a clientID: a connection here, another instance (by its id), or nobody any more. */
export type PresenceHolder = Seat | string | undefined

/** What the room knows of one clientID. Outlives its owner, for the clocks. */
export interface PresenceRecord {
  readonly clientId: number
  readonly clock: PresenceClock
  holder: PresenceHolder
  /** The key of the tab that had the id first: who brings it again is that tab. */
  key: string | undefined
  /** Of a tab whose instance ended: it may come back here, nobody else. */
  mark: string | undefined
  /** When the present holder here was bound, ms since 1970. */
  boundAt: number
  /** Whether the last issue came from a member here: other instances have to hear of it. */
  isOwn: boolean
  /** The state's JSON as validated, a view into {@link entry}; `undefined` while the id is not present. */
  json: Uint8Array | undefined
  /** The entry as issued last, ready to be copied into a message. The next one may be written into its memory. */
  entry: Uint8Array
  /** When it was issued: sequence numbers grow by one with each issue of the room. */
  sequence: number
  /** `user.id` of the state. */
  person: string | undefined
  /** Everybody was told a text that differs from the present one in its numbers only. Of who is not present: anything. */
  isTextTold: boolean
}

/** Clocks of ids that left are remembered so far, oldest forgotten first: 10,000 of them are about 2 MB. */
export const MAX_GONE_IDS = 10_000

const NO_BYTES = new Uint8Array(0)

/** All presence of a room: one latest state per clientID, kept as the bytes that go out. */
export class Roster {
  readonly #records = new Map<number, PresenceRecord>()
  readonly #gone = new Set<number>()
  readonly #dirty = new Set<PresenceRecord>()
  readonly #persons = new Map<string, number>()
  #anonymous = 0
  #sequence = 0
  #flushedSequence = 0

  /** The last issue. */
  get sequence(): number {
    return this.#sequence
  }

  /** The last issue that {@link takeDirty} handed out. */
  get flushedSequence(): number {
    return this.#flushedSequence
  }

  get hasDirty(): boolean {
    return this.#dirty.size > 0
  }

  /** Different persons; states without `user.id` count one each. */
  get people(): number {
    return this.#persons.size + this.#anonymous
  }

  get(clientId: number): PresenceRecord | undefined {
    return this.#records.get(clientId)
  }

  /** The record of this id, made where there is none. */
  claim(clientId: number): PresenceRecord {
    const known = this.#records.get(clientId)
    if (known !== undefined) return known
    const record: PresenceRecord = {
      clientId,
      clock: createPresenceClock(),
      holder: undefined,
      key: undefined,
      mark: undefined,
      boundAt: 0,
      isOwn: true,
      json: undefined,
      entry: NO_BYTES,
      sequence: 0,
      person: undefined,
      isTextTold: false,
    }
    this.#records.set(clientId, record)
    return record
  }

  /**
   * Puts a state in force.
   *
   * @param json is copied: it may be a view into a frame.
   * @param likeness to the state before.
   */
  issue(
    record: PresenceRecord,
    clock: number,
    json: Uint8Array,
    person: string | undefined,
    likeness: Likeness = 'other',
  ): void {
    if (likeness === 'other') record.isTextTold = false
    if (record.json === undefined || record.person !== person) {
      if (record.json !== undefined) this.#uncount(record)
      this.#gone.delete(record.clientId)
      record.person = person
      this.#count(record, 1)
    }
    const { entry } = record
    record.entry = writePresenceEntry(entry, record.clientId, clock, json)
    if (record.entry !== entry || record.json === undefined || record.json.length !== json.length)
      record.json = record.entry.subarray(record.entry.length - json.length)
    this.#tell(record, clock)
  }

  /** The id is not present any more; its clock stays known. */
  remove(record: PresenceRecord, clock: number): void {
    if (record.json === undefined) return
    this.#uncount(record)
    record.json = undefined
    record.person = undefined
    // memory of its own: thousands who left may be remembered
    record.entry = encodePresenceEntry(record.clientId, clock, NULL_STATE)
    this.#tell(record, clock)
    this.#gone.add(record.clientId)
    if (this.#gone.size > MAX_GONE_IDS) this.#forgetOldest()
  }

  /** What was issued since the last call, latest state per id. */
  takeDirty(): readonly PresenceRecord[] {
    const records = [...this.#dirty]
    this.#dirty.clear()
    this.#flushedSequence = this.#sequence
    return records
  }

  /** Everybody present but `exceptId`, as one message; `undefined` where nobody is. */
  present(exceptId: number | undefined): Uint8Array | undefined {
    return this.#message((record) => record.json !== undefined && record.clientId !== exceptId)
  }

  /**
   * The same without what the coming tick will tell anyway.
   *
   * @param hasTexts the tick tells it of some by their numbers alone: those are told here.
   */
  told(exceptId: number | undefined, hasTexts: boolean): Uint8Array | undefined {
    const isToCome = (record: PresenceRecord): boolean =>
      this.#dirty.has(record) && !(hasTexts && record.isTextTold)
    return this.#message(
      (record) => record.json !== undefined && record.clientId !== exceptId && !isToCome(record),
    )
  }

  /** Everything issued after `sequence`, removals too, but `exceptId`, as one message. */
  since(sequence: number, exceptId: number | undefined): Uint8Array | undefined {
    return this.#message((record) => record.sequence > sequence && record.clientId !== exceptId)
  }

  /** Everybody present. */
  *everybody(): Generator<PresenceRecord> {
    for (const record of this.#records.values()) if (record.json !== undefined) yield record
  }

  /** Everybody this instance speaks for. */
  own(): readonly PresenceRecord[] {
    return [...this.#records.values()].filter((record) => record.isOwn && record.json !== undefined)
  }

  /** Everybody another instance spoke for. */
  heldBy(instanceId: string): readonly PresenceRecord[] {
    return [...this.#records.values()].filter((record) => record.holder === instanceId)
  }

  #message(isWanted: (record: PresenceRecord) => boolean): Uint8Array | undefined {
    const entries: Uint8Array[] = []
    for (const record of this.#records.values()) if (isWanted(record)) entries.push(record.entry)
    return entries.length === 0 ? undefined : encodePresenceMessage(entries)
  }

  #tell(record: PresenceRecord, clock: number): void {
    this.#sequence += 1
    record.clock.lastIssued = clock
    record.sequence = this.#sequence
    this.#dirty.add(record)
  }

  #uncount(record: PresenceRecord): void {
    this.#count(record, -1)
  }

  #count(record: PresenceRecord, by: 1 | -1): void {
    if (record.person === undefined) {
      this.#anonymous += by
      return
    }
    const count = (this.#persons.get(record.person) ?? 0) + by
    if (count > 0) this.#persons.set(record.person, count)
    else this.#persons.delete(record.person)
  }

  #forgetOldest(): void {
    for (const clientId of this.#gone) {
      const record = this.#records.get(clientId)
      // a holder may come back with a state at any time, and a removal has to be told first: their clocks must stay
      if (record === undefined || record.holder !== undefined || this.#dirty.has(record)) continue
      this.#gone.delete(clientId)
      this.#records.delete(clientId)
      return
    }
  }
}
