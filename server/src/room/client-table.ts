import type { BaseSection } from './base.ts'
import { classAt, type ClassRuns, type IdClass } from './class-runs.ts'
import type { RangeList } from './range-list.ts'

/** What a room knows of one clientID. */
export class ClientRecord {
  readonly client: number
  /** S: the clock behind the last stored unit. */
  clock = 0
  /** Its structs in the base. */
  inBase: BaseSection | undefined
  /** Index of the client's newest section in the tail, -1 without. */
  lastSection = -1
  /** D: its deleted units. */
  deleted: RangeList | undefined
  /** K: the classes of its units; of a draft those above {@link under}'s. */
  classes: ClassRuns = []

  // Scratch of one admission; outside of it `section` is -1 and `reach` is `clock`.
  /** The client's section in the update at hand, -1 without. */
  section = -1
  /** The clock the client would have after the update. */
  reach = 0
  /** Scratch of one answer: the asking side's clock. */
  asked = 0

  /** Drafts that stand over it: an empty record stays until the last of them is gone. */
  drafts = 0
  /** The room's record, where this is a draft of what a large update makes of it. */
  readonly under: ClientRecord | undefined

  constructor(client: number, under?: ClientRecord) {
    this.client = client
    this.under = under
    if (under === undefined) return
    this.clock = under.clock
    this.reach = under.clock
    this.deleted = under.deleted
  }

  /** K of a unit below `reach`. */
  classAt(clock: number): IdClass {
    const under = this.under
    return under === undefined || clock >= this.clock
      ? classAt(this.classes, clock)
      : classAt(under.classes, clock)
  }
}

/** Where clients are looked up: a room's table, or a draft over it. */
export interface Clients {
  find(client: number): ClientRecord | undefined
}

/** The clients of a room by clientID. */
export class ClientTable implements Clients {
  readonly #records = new Map<number, ClientRecord>()
  /** Typing comes in runs of one client: most look-ups hit the last one. */
  #last: ClientRecord | undefined
  #sorted: ClientRecord[] = []
  /** Confirmed since `#sorted` was: put into their places together, for sorting 100,000 costs more than a tick. */
  #added: ClientRecord[] = []

  /** Clients with a clock. */
  get count(): number {
    return this.#sorted.length + this.#added.length
  }

  find(client: number): ClientRecord | undefined {
    const last = this.#last
    if (last !== undefined && last.client === client) return last
    const found = this.#records.get(client)
    if (found !== undefined) this.#last = found
    return found
  }

  /** S of a client, 0 where unknown. */
  clock(client: number): number {
    return this.find(client)?.clock ?? 0
  }

  /** The client's record, made when needed. It counts once it has a clock, see {@link ClientTable.confirm}. */
  obtain(client: number): ClientRecord {
    const found = this.find(client)
    if (found !== undefined) return found
    const record = new ClientRecord(client)
    this.#records.set(client, record)
    this.#last = record
    return record
  }

  /** A record has its first clock. */
  confirm(record: ClientRecord): void {
    this.#added.push(record)
  }

  /** Forgets a record that never got a clock. */
  remove(record: ClientRecord): void {
    this.#records.delete(record.client)
    if (this.#last === record) this.#last = undefined
  }

  /** Clients with a clock, highest clientID first: the order in which Yjs writes. Stable until a client comes. */
  sorted(): readonly ClientRecord[] {
    if (this.#added.length === 0) return this.#sorted
    // plain numbers: a comparator over 100,000 records would take a tick of its own
    const added = Float64Array.from(this.#added, (record) => record.client).sort()
    this.#added = []
    const merged: ClientRecord[] = []
    let next = added.length - 1
    for (const record of this.#sorted) {
      for (; next >= 0 && (added[next] as number) > record.client; next--) this.#move(added[next], merged)
      merged.push(record)
    }
    for (; next >= 0; next--) this.#move(added[next], merged)
    this.#sorted = merged
    return merged
  }

  #move(client: number | undefined, into: ClientRecord[]): void {
    const record = client === undefined ? undefined : this.#records.get(client)
    if (record !== undefined) into.push(record)
  }
}
