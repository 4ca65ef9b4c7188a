import { StructReader } from './struct-reader.ts'
import type { UpdateLayout } from './update-layout.ts'

/** One mark per so many structs: a cut reads at most so many, and marks stay below 1 % of the bytes. */
const MARK_EVERY = 64
/** And one where so many bytes have passed: what is long is read once, when it comes. */
const MARK_BYTES = 65_536

/**
 * Marks at every 64th struct of a section but the first, and behind long ones: clock, distance from the section's end in
 * bytes, and number of structs before. Counted from the end, marks survive a sliced first struct and a moved buffer.
 */
export type StructMarks = Int32Array

/** Marks for structs `[first, stop)` of a layout's section, `clock` being the first one's; none for short sections. */
export function markStructs(
  layout: UpdateLayout,
  first: number,
  stop: number,
  clock: number,
  endByte: number,
): StructMarks | undefined {
  let markedAt = layout.at[first] as number
  if (stop - first <= MARK_EVERY && endByte - markedAt <= MARK_BYTES) return undefined
  const marks: number[] = []
  let marked = first
  let reached = clock
  for (let i = first; i < stop; i++) {
    const at = layout.at[i] as number
    if (i > first && (i - marked === MARK_EVERY || at - markedAt > MARK_BYTES)) {
      marks.push(reached, endByte - at, i - first)
      marked = i
      markedAt = at
    }
    reached += layout.length[i] as number
  }
  return marks.length === 0 ? undefined : Int32Array.from(marks)
}

/** Structs of one client, one behind the other. */
export interface StructRun {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
  /** Clock of the first. */
  readonly clock: number
  readonly count: number
  readonly marks: StructMarks | undefined
}

/** A struct found in a run. */
export interface StructPlace {
  readonly at: number
  readonly end: number
  readonly clock: number
  /** How many structs there are from here on, this one included. */
  readonly left: number
}

const reader = new StructReader()
// what a run holds was scanned
reader.isTrusted = true

/** The struct that holds the unit at `clock`, which the run must contain. */
export function findStruct(run: StructRun, clock: number): StructPlace {
  const { bytes, from, to, marks } = run
  let at = from
  let reached = run.clock
  let left = run.count
  if (marks !== undefined) {
    let low = 0
    let high = marks.length / 3
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((marks[3 * middle] as number) <= clock) low = middle + 1
      else high = middle
    }
    if (low > 0) {
      reached = marks[3 * low - 3] as number
      at = to - (marks[3 * low - 2] as number)
      left -= marks[3 * low - 1] as number
    }
  }
  reader.load(bytes, at, to)
  for (;;) {
    at = reader.at
    reader.head()
    reader.content()
    if (reached + reader.length > clock) return { at, end: reader.at, clock: reached, left }
    reached += reader.length
    left--
  }
}
