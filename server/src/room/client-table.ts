import type { ClassRuns } from './class-runs.ts'
import type { RangeList } from './range-list.ts'

/** What a room knows of one clientID. */
export class ClientRecord {
  readonly client: number
  /** S: the clock behind the last stored unit. */
  clock = 0
  /** Index of the client's newest section in the tail, -1 without. */
  lastSection = -1
  /** D: its deleted units. */
  deleted: RangeList | undefined
  /** K: the classes of its units. */
  readonly classes: ClassRuns = []

  // Scratch of one admission; outside of it `section` is -1 and `reach` is `clock`.
  /** The client's section in the update at hand, -1 without. */
  section = -1
  /** The clock the client would have after the update. */
  reach = 0
  /** Scratch of one answer: the asking side's clock. */
  asked = 0

  constructor(client: number) {
    this.client = client
  }
}

/** The clients of a room by clientID. */
export class ClientTable {
  readonly #records = new Map<number, ClientRecord>()
  /** Typing comes in runs of one client: most look-ups hit the last one. */
  #last: ClientRecord | undefined
  #sorted: ClientRecord[] | undefined = []

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
  confirm(): void {
    this.#sorted = undefined
  }

  /** Forgets a record that never got a clock. */
  remove(record: ClientRecord): void {
    this.#records.delete(record.client)
    if (this.#last === record) this.#last = undefined
  }

  /** Clients with a clock, highest clientID first: the order in which Yjs writes. Stable until a client comes. */
  sorted(): readonly ClientRecord[] {
    this.#sorted ??= [...this.#records.values()]
      .filter((record) => record.clock > 0)
      .sort((a, b) => b.client - a.client)
    return this.#sorted
  }
}
