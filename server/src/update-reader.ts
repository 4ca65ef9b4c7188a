import type { Clock } from './clock.ts'
import { isSameUnits, type UnitsToCompare } from './room/compare-units.ts'
import { withoutPast } from './room/past.ts'
import { UpdateReading, type ReadResult } from './room/read-update.ts'

export type { ReadResult } from './room/read-update.ts'

/** What is to be read. */
export interface ReadRequest {
  readonly update: Uint8Array
  readonly maxStructs: number
  /** State vector of a deleted past: what lies below it is taken out first. */
  readonly past?: Uint8Array | undefined
}

/**
 * Scans large updates away from the room's own turn. `read` rejects where no update can be read now: the sender may come
 * again. The layout's `bytes` are the update, or what is left of it above the past. Calls may overlap.
 */
export interface UpdateReader {
  /** `update` is only read. */
  read(request: ReadRequest): Promise<ReadResult>
  /** Whether two updates tell the same of one client's units. */
  compare(units: UnitsToCompare): Promise<boolean>
  /** Rejects what is under way. Idempotent. */
  close(): Promise<void>
}

/** Reads all of an update whatever it holds: for a stored snapshot that takes too long for one turn. */
export function wholeBy(reader: UpdateReader): (update: Uint8Array) => Promise<ReadResult> {
  return (update) => reader.read({ update, maxStructs: Infinity })
}

/** About two milliseconds of hostile bytes. */
const BYTES_PER_TURN = 64 * 1024

/**
 * Reads in this thread, a slice in each turn of the loop. For rooms without a thread for it: a single value of many megabytes
 * is read in one piece.
 */
export function createInlineReader(clock: Clock): UpdateReader {
  return {
    async read({ update, maxStructs, past }) {
      const current = past === undefined ? update : withoutPast(update, past)
      if (current === undefined) return { kind: 'malformed', reason: 'not an update' }
      const reading = new UpdateReading(current, maxStructs)
      for (;;) {
        const result = reading.step(BYTES_PER_TURN)
        if (result !== undefined) return result
        await new Promise<void>((resolve) => clock.endOfTurn(resolve))
      }
    },
    compare: async (units) => isSameUnits(units),
    close: () => Promise.resolve(),
  }
}
