import { ALL_TILES, eachRun, type TileView } from './room-presence-place.ts'
import type { PresenceSpot } from './room-presence-spot.ts'
import type { PresenceRecord } from './room-roster.ts'

/** Where an entry lies. */
export interface Extent {
  readonly from: number
  readonly to: number
}

/**
 * Entries of one tick, one behind the other in the order of their tiles: what is in a view are a few runs of these bytes,
 * which all who see it share.
 */
export class PresenceSheet {
  readonly bytes: Uint8Array
  /** Before tile n: bytes, and entries. */
  readonly #bytesBefore = new Uint32Array(ALL_TILES + 1)
  readonly #countBefore = new Uint32Array(ALL_TILES + 1)
  readonly #extents = new Map<number, Extent>()

  constructor(spots: readonly PresenceSpot[], entryOf: (record: PresenceRecord) => Uint8Array = inFull) {
    const bytesBefore = this.#bytesBefore
    const countBefore = this.#countBefore
    for (const { tile, record } of spots) {
      bytesBefore[tile + 1] = (bytesBefore[tile + 1] ?? 0) + entryOf(record).length
      countBefore[tile + 1] = (countBefore[tile + 1] ?? 0) + 1
    }
    for (let tile = 1; tile <= ALL_TILES; tile += 1) {
      bytesBefore[tile] = (bytesBefore[tile] ?? 0) + (bytesBefore[tile - 1] ?? 0)
      countBefore[tile] = (countBefore[tile] ?? 0) + (countBefore[tile - 1] ?? 0)
    }
    this.bytes = new Uint8Array(bytesBefore[ALL_TILES] ?? 0)
    const next = bytesBefore.slice()
    for (const spot of spots) {
      const at = next[spot.tile] ?? 0
      const entry = entryOf(spot.record)
      const to = at + entry.length
      this.bytes.set(entry, at)
      this.#extents.set(spot.record.clientId, { from: at, to })
      next[spot.tile] = to
    }
  }

  get count(): number {
    return this.#extents.size
  }

  has(clientId: number): boolean {
    return this.#extents.has(clientId)
  }

  /** Where the entry of this one lies. */
  extentOf(clientId: number): Extent | undefined {
    return this.#extents.get(clientId)
  }

  countIn(view: TileView): number {
    return within(view, this.#countBefore)
  }

  bytesIn(view: TileView): number {
    return within(view, this.#bytesBefore)
  }

  /** The runs of a view: where each begins and ends, in turn. */
  runsIn(view: TileView): number[] {
    const runs: number[] = []
    eachRun(view, (first, last) => {
      const from = this.#bytesBefore[first] ?? 0
      const to = this.#bytesBefore[last + 1] ?? 0
      if (from === to) return
      if (runs.at(-1) === from) runs[runs.length - 1] = to
      else runs.push(from, to)
    })
    return runs
  }
}

function inFull({ entry }: PresenceRecord): Uint8Array {
  return entry
}

function within(view: TileView, before: Uint32Array): number {
  let sum = 0
  eachRun(view, (first, last) => {
    sum += (before[last + 1] ?? 0) - (before[first] ?? 0)
  })
  return sum
}
