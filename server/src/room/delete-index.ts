import { ByteWriter } from './byte-writer.ts'
import type { ClientTable } from './client-table.ts'
import { RangeList } from './range-list.ts'

/** Up to so many ranges are put into their places one by one, each moving memory once; more are merged in one pass. */
const FEW_RANGES = 4

/** D: what is deleted, per client, as the room may claim it. The ranges live in the client records. */
export class DeleteIndex {
  readonly #clients: ClientTable
  #encoded: Uint8Array | undefined
  #ranges = 0

  constructor(clients: ClientTable) {
    this.#clients = clients
    for (const { deleted } of clients.sorted()) this.#ranges += deleted?.count ?? 0
  }

  /** Ranges of all clients together. */
  get ranges(): number {
    return this.#ranges
  }

  /** Adds sorted, disjoint ranges `range[2 * from, 2 * to)` of one client. */
  add(client: number, range: Int32Array, from: number, to: number): void {
    if (from === to) return
    const record = this.#clients.obtain(client)
    const deleted = (record.deleted ??= new RangeList())
    this.#encoded = undefined
    this.#ranges -= deleted.count
    if (to - from > FEW_RANGES) deleted.merge(range, from, to)
    else for (let i = from; i < to; i++) deleted.insert(range[2 * i] as number, range[2 * i + 1] as number)
    this.#ranges += deleted.count
  }

  /** D as the delete set of an update, highest clientID first. Cached until D changes; do not write into it. */
  encode(): Uint8Array {
    if (this.#encoded !== undefined) return this.#encoded
    const writer = new ByteWriter(64)
    const records = this.#clients.sorted().filter((record) => record.deleted !== undefined)
    writer.varUint(records.length)
    for (const { client, deleted } of records) {
      if (deleted === undefined) continue
      writer.varUint(client)
      writer.varUint(deleted.count)
      writer.reserve(10 * deleted.count)
      for (let i = 0; i < deleted.count; i++) {
        const from = deleted.pairs[2 * i] as number
        writer.varUint(from)
        writer.varUint((deleted.pairs[2 * i + 1] as number) - from)
      }
    }
    this.#encoded = writer.bytes.slice(0, writer.length)
    return this.#encoded
  }
}
