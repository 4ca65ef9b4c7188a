import { StructReader } from './struct-reader.ts'
import type { UpdateLayout } from './update-layout.ts'

/** One mark per so many structs: a cut reads at most so many, and marks stay below 1 % of the bytes. */
const MARK_EVERY = 64

/**
 * Marks at every 64th struct of a section but the first: its clock and its distance from the section's end in bytes. Counted
 * from the end, marks survive a sliced first struct and a moved buffer.
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
  const count = Math.floor((stop - first - 1) / MARK_EVERY)
  if (count <= 0) return undefined
  const marks = new Int32Array(2 * count)
  let reached = clock
  for (let i = first, mark = 0; mark < count; i++) {
    if (i > first && (i - first) % MARK_EVERY === 0) {
      marks[2 * mark] = reached
      marks[2 * mark + 1] = endByte - (layout.at[i] as number)
      mark++
    }
    reached += layout.length[i] as number
  }
  return marks
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

/** The struct that holds the unit at `clock`, which the run must contain. */
export function findStruct(run: StructRun, clock: number): StructPlace {
  const { bytes, from, to, marks } = run
  let at = from
  let reached = run.clock
  let left = run.count
  if (marks !== undefined) {
    let low = 0
    let high = marks.length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((marks[2 * middle] as number) <= clock) low = middle + 1
      else high = middle
    }
    if (low > 0) {
      reached = marks[2 * low - 2] as number
      at = to - (marks[2 * low - 1] as number)
      left -= low * MARK_EVERY
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
