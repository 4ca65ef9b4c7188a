import * as Y from 'yjs'

type DeleteSet = ReturnType<typeof Y.createDeleteSet>

/** Ids of structs as sorted, merged ranges per client. */
export class IdRanges {
  readonly #clients = new Map<number, { from: number; to: number }[]>()

  add(client: number, from: number, to: number): void {
    if (from >= to) return
    const ranges = this.#clients.get(client) ?? []
    const before = ranges.filter((range) => range.to < from)
    const behind = ranges.filter((range) => range.from > to)
    const touched = ranges.filter((range) => range.to >= from && range.from <= to)
    const merged = { from, to }
    for (const range of touched) {
      merged.from = Math.min(merged.from, range.from)
      merged.to = Math.max(merged.to, range.to)
    }
    this.#clients.set(client, [...before, merged, ...behind])
  }

  addAll(other: IdRanges): void {
    for (const [client, ranges] of other.#clients) {
      for (const range of ranges) this.add(client, range.from, range.to)
    }
  }

  has(client: number, from: number, to: number): boolean {
    return (
      from >= to || (this.#clients.get(client) ?? []).some((range) => range.from <= from && range.to >= to)
    )
  }

  /** The first range of this set that `other` lacks, for people. */
  firstMissingIn(other: IdRanges): string | undefined {
    for (const [client, ranges] of this.#clients) {
      for (const { from, to } of ranges) {
        if (!other.has(client, from, to)) return `${client}:${from}-${to}`
      }
    }
    return undefined
  }

  /** The end of the last range of each client. */
  *ends(): Iterable<[client: number, end: number]> {
    for (const [client, ranges] of this.#clients) yield [client, ranges.at(-1)?.to ?? 0]
  }

  clone(): IdRanges {
    const copy = new IdRanges()
    for (const [client, ranges] of this.#clients)
      copy.#clients.set(
        client,
        ranges.map((range) => ({ ...range })),
      )
    return copy
  }

  static fromDeleteSet(ds: DeleteSet): IdRanges {
    const ranges = new IdRanges()
    for (const [client, items] of ds.clients) {
      for (const item of items) ranges.add(client, item.clock, item.clock + item.len)
    }
    return ranges
  }
}

/** What a document, or a message, holds: units and deletes. */
export interface Holding {
  readonly units: IdRanges
  readonly deletes: IdRanges
}

/** Nothing. */
export function emptyHolding(): Holding {
  return { units: new IdRanges(), deletes: new IdRanges() }
}

/** What `doc` has integrated; pending structs do not count. */
export function holdingOf(doc: Y.Doc): Holding {
  const { sv, ds } = Y.snapshot(doc)
  const units = new IdRanges()
  for (const [client, clock] of sv) units.add(client, 0, clock)
  return { units, deletes: IdRanges.fromDeleteSet(ds) }
}

/** What an update carries, as far as `state` (a state vector) has it integrated: the rest is no document's part yet. */
export function holdingOfUpdate(update: Uint8Array, state: ReadonlyMap<number, number>): Holding {
  const { structs, ds } = Y.decodeUpdate(update)
  const { units, deletes } = emptyHolding()
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const { client, clock } = struct.id
    units.add(client, clock, Math.min(clock + struct.length, state.get(client) ?? 0))
  }
  for (const [client, items] of ds.clients) {
    const end = state.get(client) ?? 0
    for (const item of items) deletes.add(client, item.clock, Math.min(item.clock + item.len, end))
  }
  return { units, deletes }
}
