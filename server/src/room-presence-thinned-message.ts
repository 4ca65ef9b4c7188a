import type { EncodeHead } from './room-presence-heads.ts'
import type { TileView } from './room-presence-place.ts'
import type { PresencePlan } from './room-presence-plan.ts'
import type { Extent, PresenceSheet } from './room-presence-sheet.ts'

/** What a thinned room tells in one tick. */
export interface ThinnedParts<T> {
  /** Told to everybody: who came, who left, and those whose turn it is. */
  readonly all: T
  /** Everybody else who changed, for whom they are in view. */
  readonly near: T
  /** Those whose turn it is for views with too much in them. */
  readonly wide: T
}

/** What all who see the same are told. */
interface Group {
  readonly sheet: PresenceSheet
  /** Where runs of the sheet begin and end, in turn. */
  readonly runs: readonly number[]
  readonly count: number
  readonly bytes: number
  pieces: readonly Uint8Array[]
}

const NOTHING: readonly Uint8Array[] = []

/**
 * One message of a thinned tick. Its entries are copied once, in the order of their tiles; a member's message is what
 * everybody is told and the few runs that are in its view, without its own entry. Members with one view share it.
 */
export class ThinnedMessage {
  readonly #sheets: ThinnedParts<PresenceSheet>
  readonly #plan: PresencePlan
  readonly #encodeHead: EncodeHead
  readonly #groups = new Map<TileView, Group>()

  constructor(sheets: ThinnedParts<PresenceSheet>, plan: PresencePlan, encodeHead: EncodeHead) {
    this.#sheets = sheets
    this.#plan = plan
    this.#encodeHead = encodeHead
  }

  has(clientId: number | undefined): boolean {
    const { all, near, wide } = this.#sheets
    return clientId !== undefined && (all.has(clientId) || near.has(clientId) || wide.has(clientId))
  }

  piecesFor(view: TileView, clientId: number | undefined): readonly Uint8Array[] {
    const group = this.#groups.get(view) ?? this.#add(view)
    return clientId === undefined ? group.pieces : this.#without(clientId, group)
  }

  #add(view: TileView): Group {
    const { all, near, wide } = this.#sheets
    const sheet = this.#plan.wide.has(view) ? wide : near
    const group: Group = {
      sheet,
      runs: sheet.runsIn(view),
      count: all.count + sheet.countIn(view),
      bytes: all.bytes.length + sheet.bytesIn(view),
      pieces: [],
    }
    group.pieces = this.#pieces(group, undefined, undefined)
    this.#groups.set(view, group)
    return group
  }

  #without(clientId: number, group: Group): readonly Uint8Array[] {
    const told = this.#sheets.all.extentOf(clientId)
    // nobody is in both: who is told of to everybody is in no other sheet
    const seen = told === undefined ? group.sheet.extentOf(clientId) : undefined
    if (told !== undefined) return this.#pieces(group, told, undefined)
    return seen !== undefined && isWithin(seen, group.runs)
      ? this.#pieces(group, undefined, seen)
      : group.pieces
  }

  /** The message of a group without one entry, of what everybody is told or of what is in view. */
  #pieces(group: Group, told: Extent | undefined, seen: Extent | undefined): readonly Uint8Array[] {
    const { all } = this.#sheets
    const { sheet, runs, count, bytes } = group
    const own = told ?? seen
    const left = count - (own === undefined ? 0 : 1)
    if (left === 0) return NOTHING
    const pieces = [this.#encodeHead(left, bytes - (own === undefined ? 0 : own.to - own.from))]
    add(pieces, all.bytes, 0, all.bytes.length, told)
    for (let i = 0; i < runs.length; i += 2) add(pieces, sheet.bytes, runs[i] ?? 0, runs[i + 1] ?? 0, seen)
    return pieces
  }
}

function isWithin({ from }: Extent, runs: readonly number[]): boolean {
  for (let i = 0; i < runs.length; i += 2)
    if (from >= (runs[i] ?? 0) && from < (runs[i + 1] ?? 0)) return true
  return false
}

/** Adds these bytes, in two parts where `own` lies among them. */
function add(
  pieces: Uint8Array[],
  bytes: Uint8Array,
  from: number,
  to: number,
  own: Extent | undefined,
): void {
  if (own !== undefined && own.from >= from && own.from < to) {
    add(pieces, bytes, from, own.from, undefined)
    add(pieces, bytes, own.to, to, undefined)
  } else if (from < to) pieces.push(bytes.subarray(from, to))
}
