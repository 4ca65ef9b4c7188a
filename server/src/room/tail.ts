import { ByteWriter } from './byte-writer.ts'
import type { ClientRecord } from './client-table.ts'
import { writeSliced } from './slicing.ts'
import { markStructs, type StructMarks, type StructRun } from './struct-marks.ts'
import type { UpdateLayout } from './update-layout.ts'

/** A place in a tail: everything before it can be dropped together. */
export interface TailMark {
  readonly entries: number
  readonly sections: number
  readonly structs: number
  readonly updateBytes: number
}

/**
 * The structs admitted since the base, in one growing buffer, with numbers per section in typed arrays: an 18-byte update
 * costs about 40 bytes. Sections of one client are contiguous in clock and linked newest to oldest.
 */
export class Tail {
  readonly writer: ByteWriter = new ByteWriter(0)
  /** Admitted updates, those that only delete included. */
  entries = 0
  /** Bytes of the admitted updates as the log holds them. */
  updateBytes = 0
  sections = 0
  structs = 0
  #previous = new Int32Array(0)
  #clock = new Int32Array(0)
  #count = new Int32Array(0)
  #from = new Int32Array(0)
  #to = new Int32Array(0)
  /** Marks of the few sections with many structs. */
  #marks = new Map<number, StructMarks>()

  /** Appends what a layout's section holds above the client's clock. Answers the new section's index. */
  append(record: ClientRecord, layout: UpdateLayout, section: number): number {
    const keep = layout.keep[section] as number
    const stop = layout.stop[section] as number
    const offset = layout.offset[section] as number
    const end = layout.structEnd(section, stop - 1)
    const from = this.writer.length
    let at = layout.at[keep] as number
    if (offset > 0) {
      const structEnd = layout.structEnd(section, keep)
      const clock = record.clock - offset
      writeSliced(this.writer, layout.bytes, at, structEnd, record.client, clock, offset)
      at = structEnd
    }
    this.writer.copy(layout.bytes, at, end)
    const index = this.sections
    if (index === this.#clock.length) this.#grow(index)
    this.#previous[index] = record.lastSection
    this.#clock[index] = record.clock
    this.#count[index] = stop - keep
    this.structs += stop - keep
    this.#from[index] = from
    this.#to[index] = this.writer.length
    const marks = markStructs(layout, keep, stop, record.clock - offset, end)
    if (marks !== undefined) this.#marks.set(index, marks)
    record.lastSection = index
    this.sections++
    return index
  }

  previous(section: number): number {
    return this.#previous[section] as number
  }

  clock(section: number): number {
    return this.#clock[section] as number
  }

  count(section: number): number {
    return this.#count[section] as number
  }

  from(section: number): number {
    return this.#from[section] as number
  }

  to(section: number): number {
    return this.#to[section] as number
  }

  run(section: number): StructRun {
    return {
      bytes: this.writer.bytes,
      from: this.from(section),
      to: this.to(section),
      clock: this.clock(section),
      count: this.count(section),
      marks: this.#marks.get(section),
    }
  }

  /** One more update was admitted. */
  endEntry(updateBytes: number): void {
    this.entries++
    this.updateBytes += updateBytes
  }

  mark(): TailMark {
    const { entries, sections, structs, updateBytes } = this
    return { entries, sections, structs, updateBytes }
  }

  /** Drops everything before `mark`. The caller moves the records' `lastSection` by as many sections. */
  drop(mark: TailMark): void {
    const dropped = mark.sections
    const left = this.sections - dropped
    const cut = left === 0 ? this.writer.length : this.from(dropped)
    this.writer.dropFirst(cut)
    for (let i = 0; i < left; i++) {
      this.#previous[i] = Math.max(-1, this.previous(i + dropped) - dropped)
      this.#clock[i] = this.clock(i + dropped)
      this.#count[i] = this.count(i + dropped)
      this.#from[i] = this.from(i + dropped) - cut
      this.#to[i] = this.to(i + dropped) - cut
    }
    this.sections = left
    this.entries -= mark.entries
    this.structs -= mark.structs
    this.updateBytes -= mark.updateBytes
    this.#resize(left)
    const marks = new Map<number, StructMarks>()
    for (const [section, value] of this.#marks) if (section >= dropped) marks.set(section - dropped, value)
    this.#marks = marks
  }

  /** Makes room for so many more sections, so that many at once move memory once. */
  reserve(sections: number): void {
    const need = this.sections + sections
    if (need > this.#clock.length) this.#resize(Math.max(need, 2 * this.#clock.length))
  }

  #grow(used: number): void {
    this.#resize(Math.max(4, used + 1, 2 * used))
  }

  #resize(size: number): void {
    const used = Math.min(size, this.sections)
    const resized = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(size)
      copy.set(array.subarray(0, used))
      return copy
    }
    this.#previous = resized(this.#previous)
    this.#clock = resized(this.#clock)
    this.#count = resized(this.#count)
    this.#from = resized(this.#from)
    this.#to = resized(this.#to)
  }
}
