import type { ByteWriter } from './byte-writer.ts'
import type { ClientTable } from './client-table.ts'
import type { DeleteIndex } from './delete-index.ts'
import type { RangeList } from './range-list.ts'
import type { UpdateLayout } from './update-layout.ts'

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
  /** They are exactly the update's own delete set. */
  isWhole = true

  get count(): number {
    return this.#ranges
  }

  /** Reads the layout's delete set. What lies above the clients' `reach` goes to `missing`, which is made when needed. */
  collect(
    layout: UpdateLayout,
    clients: ClientTable,
    missing: Map<number, number> | undefined,
  ): Map<number, number> | undefined {
    this.#clients = 0
    this.#ranges = 0
    this.isWhole = true
    let lacking = missing
    for (let i = 0; i < layout.deleteClients; i++) {
      const client = layout.deleteClient[i] as number
      const record = clients.find(client)
      const reach = record === undefined ? 0 : record.reach
      const deleted = record?.deleted
      const end = layout.firstRange[i + 1] as number
      const before = this.#ranges
      let hint = 0
      for (let j = layout.firstRange[i] as number; j < end; j++) {
        const from = layout.range[2 * j] as number
        let to = layout.range[2 * j + 1] as number
        if (to > reach) {
          lacking ??= new Map()
          const clock = Math.max(from, reach)
          const known = lacking.get(client)
          if (known === undefined || clock < known) lacking.set(client, clock)
          this.isWhole = false
          to = reach
          if (to <= from) continue
        }
        if (deleted === undefined) this.#push(from, to)
        else hint = this.#subtract(deleted, hint, from, to)
      }
      if (this.#ranges > before) this.#endClient(client)
    }
    return lacking
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
