import type { ByteWriter } from './byte-writer.ts'
import type { ClientRecord, Clients } from './client-table.ts'
import type { DeleteIndex } from './delete-index.ts'
import type { RangeList } from './range-list.ts'
import type { UpdateLayout } from './update-layout.ts'

/** Units that somebody may not delete. */
export interface DeleteGuard {
  /** Of one client; `undefined` where there are none. */
  guarded(client: number): RangeList | undefined
}

/** Larger scratch is given back after use. */
const KEPT_ENTRIES = 1 << 16

/** The deletes of one update that D lacks: clipped to what is integrated, D subtracted, in reused arrays. */
export class FreshDeletes {
  #clients = 0
  #client: number[] = []
  /** Index of each client's first range; one more element than clients. */
  #first: number[] = [0]
  #range = new Int32Array(16)
  #ranges = 0
  /** The next delete client to read. */
  #next = 0
  #at = 0
  #missing: Map<number, number> | undefined
  #guard: DeleteGuard | undefined
  /** Of the client at hand. */
  #guarded: RangeList | undefined
  /** Units that were cut out because they may not be deleted. */
  guardedUnits = 0
  /** They are exactly the update's own delete set. */
  isWhole = true

  get count(): number {
    return this.#ranges
  }

  /** Reads the layout's delete set. What lies above the clients' `reach` goes to `missing`, which is made when needed. */
  collect(
    layout: UpdateLayout,
    clients: Clients,
    missing: Map<number, number> | undefined,
    guard?: DeleteGuard,
  ): Map<number, number> | undefined {
    this.begin(missing, guard)
    this.step(layout, clients, Infinity)
    return this.#missing
  }

  /** Starts on a delete set that is read in steps. What `guard` keeps is left out. */
  begin(missing: Map<number, number> | undefined, guard?: DeleteGuard): void {
    this.#guard = guard
    this.guardedUnits = 0
    this.#clients = 0
    this.#ranges = 0
    this.#next = 0
    this.#at = 0
    this.isWhole = true
    this.#missing = missing
  }

  /** What was given to {@link begin}, and what the deletes lack. */
  get missing(): Map<number, number> | undefined {
    return this.#missing
  }

  /** Goes on for about `budget` ranges; says whether the end was reached. */
  step(layout: UpdateLayout, clients: Clients, budget: number): boolean {
    const pause = this.#at + budget
    for (; this.#next < layout.deleteClients; this.#next++) {
      if (this.#at >= pause) return false
      const client = layout.deleteClient[this.#next] as number
      const end = layout.firstRange[this.#next + 1] as number
      this.#collectClient(layout, clients.find(client), client, Math.min(end, pause))
      if (this.#at < end) return false
      if (this.#ranges > (this.#first[this.#clients] as number)) this.#endClient(client)
    }
    return true
  }

  /** Ranges from `#at` on to `end`, all of one client. */
  #collectClient(layout: UpdateLayout, record: ClientRecord | undefined, client: number, end: number): void {
    const reach = record === undefined ? 0 : record.reach
    const deleted = record?.deleted
    this.#guarded = this.#guard?.guarded(client)
    let hint = 0
    for (let j = this.#at; j < end; j++) {
      const from = layout.range[2 * j] as number
      let to = layout.range[2 * j + 1] as number
      if (to > reach) {
        this.#lacks(client, Math.max(from, reach))
        to = reach
        if (to <= from) continue
      }
      if (deleted === undefined) this.#push(from, to)
      else hint = this.#subtract(deleted, hint, from, to)
    }
    this.#at = end
  }

  #lacks(client: number, clock: number): void {
    this.isWhole = false
    this.#missing ??= new Map()
    const known = this.#missing.get(client)
    if (known === undefined || clock < known) this.#missing.set(client, clock)
  }

  /** Pushes what `deleted` lacks of a range; answers where to look for the next one. */
  #subtract(deleted: RangeList, hint: number, from: number, to: number): number {
    let i = deleted.after(from, hint)
    let start = from
    while (i < deleted.count && (deleted.pairs[2 * i] as number) < to) {
      this.isWhole = false
      const known = deleted.pairs[2 * i] as number
      if (known > start) this.#push(start, known)
      start = deleted.pairs[2 * i + 1] as number
      if (start >= to) return i
      i++
    }
    this.#push(start, to)
    return i
  }

  #push(from: number, to: number): void {
    const guarded = this.#guarded
    if (guarded === undefined) {
      this.#store(from, to)
      return
    }
    let start = from
    for (let i = guarded.after(from); start < to && i < guarded.count; i++) {
      const kept = guarded.pairs[2 * i] as number
      if (kept >= to) break
      const keptEnd = Math.min(guarded.pairs[2 * i + 1] as number, to)
      this.isWhole = false
      this.guardedUnits += keptEnd - Math.max(kept, start)
      if (kept > start) this.#store(start, kept)
      start = keptEnd
    }
    if (start < to) this.#store(start, to)
  }

  #store(from: number, to: number): void {
    if (2 * this.#ranges === this.#range.length) {
      const grown = new Int32Array(2 * this.#range.length)
      grown.set(this.#range)
      this.#range = grown
    }
    this.#range[2 * this.#ranges] = from
    this.#range[2 * this.#ranges + 1] = to
    this.#ranges++
  }

  #endClient(client: number): void {
    this.#client[this.#clients++] = client
    this.#first[this.#clients] = this.#ranges
  }

  /** Writes them as an update's delete set. */
  write(writer: ByteWriter): void {
    writer.varUint(this.#clients)
    for (let i = 0; i < this.#clients; i++) {
      const first = this.#first[i] as number
      const end = this.#first[i + 1] as number
      writer.varUint(this.#client[i] as number)
      writer.varUint(end - first)
      for (let j = first; j < end; j++) {
        const from = this.#range[2 * j] as number
        writer.varUint(from)
        writer.varUint((this.#range[2 * j + 1] as number) - from)
      }
    }
  }

  /** Calls back for each range. */
  each(visit: (client: number, from: number, to: number) => void): void {
    for (let i = 0; i < this.#clients; i++) {
      const end = this.#first[i + 1] as number
      for (let j = this.#first[i] as number; j < end; j++)
        visit(this.#client[i] as number, this.#range[2 * j] as number, this.#range[2 * j + 1] as number)
    }
  }

  addTo(index: DeleteIndex): void {
    for (let i = 0; i < this.#clients; i++) {
      index.add(
        this.#client[i] as number,
        this.#range,
        this.#first[i] as number,
        this.#first[i + 1] as number,
      )
    }
  }

  /** Lets go of arrays that grew beyond the usual. */
  release(): void {
    if (this.#range.length > KEPT_ENTRIES) this.#range = new Int32Array(16)
    if (this.#client.length > KEPT_ENTRIES) {
      this.#client = []
      this.#first = [0]
    }
  }
}
