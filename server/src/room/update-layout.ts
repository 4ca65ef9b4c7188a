type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

const NOTHING = new Uint8Array(0)
/** Larger scratch is given back after use, so that one huge update does not stay in memory for ever. */
const KEPT_ENTRIES = 1 << 16

function grown<A extends Numbers>(array: A, used: number, need: number): A {
  if (need <= array.length) return array
  const size = Math.max(need, 2 * array.length)
  const larger = array instanceof Int32Array ? new Int32Array(size) : new Float64Array(size)
  larger.set(array.subarray(0, used))
  return larger as A
}

/** A layout as plain numbers: for another thread. */
export interface LayoutFacts {
  readonly counts: readonly [sections: number, structs: number, deleteClients: number, ranges: number]
  readonly hasSkip: boolean
  readonly arrays: readonly Numbers[]
}

/**
 * Where everything stands in one update's bytes, as numbers in reused arrays: sections (one client each), structs and
 * delete ranges. Written by the scan, read by everything behind it.
 */
export class UpdateLayout {
  bytes: Uint8Array = NOTHING

  sections = 0
  /** Per section: clientID. */
  client: Float64Array<ArrayBuffer> = new Float64Array(4)
  /** Per section: clock of its first struct. */
  clock: Int32Array<ArrayBuffer> = new Int32Array(4)
  /** Per section: clock behind its last struct. */
  endClock: Int32Array<ArrayBuffer> = new Int32Array(4)
  /** Per section: index of its first struct; one more element than sections. */
  first: Int32Array<ArrayBuffer> = new Int32Array(5)
  /** Per section: byte behind its last struct. */
  endByte: Int32Array<ArrayBuffer> = new Int32Array(4)

  // What admission makes of each section.
  /** Per section: index of the first struct that holds something new. */
  keep: Int32Array<ArrayBuffer> = new Int32Array(4)
  /** Per section: units of that struct which are known already. */
  offset: Int32Array<ArrayBuffer> = new Int32Array(4)
  /** Per section: index behind the last struct that can be integrated. */
  stop: Int32Array<ArrayBuffer> = new Int32Array(4)
  /** Per section: length of its client's class runs before, to undo a refusal. */
  runsBefore: Int32Array<ArrayBuffer> = new Int32Array(4)

  structs = 0
  /** Per struct: its first byte. */
  at: Int32Array<ArrayBuffer> = new Int32Array(16)
  /** Per struct: its length in units. */
  length: Int32Array<ArrayBuffer> = new Int32Array(16)

  /** Clients in the delete set. */
  deleteClients = 0
  deleteClient: Float64Array<ArrayBuffer> = new Float64Array(4)
  /** Per delete client: index of its first range; one more element than clients. */
  firstRange: Int32Array<ArrayBuffer> = new Int32Array(5)
  ranges = 0
  /** `from, to` clocks of the ranges. */
  range: Int32Array<ArrayBuffer> = new Int32Array(8)

  /** Every section begins at or below S, refers to nothing at or above S, and has no gaps: all of it can be integrated. */
  isReady = true
  hasSkip = false

  /** The layout of `bytes` that another thread has made. */
  static of(bytes: Uint8Array, facts: LayoutFacts): UpdateLayout {
    const layout = new UpdateLayout()
    layout.bytes = bytes
    const [sections, structs, deleteClients, ranges] = facts.counts
    Object.assign(layout, { sections, structs, deleteClients, ranges, hasSkip: facts.hasSkip })
    layout.isReady = false
    const [client, clock, endClock, first, endByte, at, length, deleteClient, firstRange, range] =
      facts.arrays
    const read = { client, clock, endClock, first, endByte, at, length, deleteClient, firstRange, range }
    Object.assign(layout, read)
    layout.keep = new Int32Array(sections)
    layout.offset = new Int32Array(sections)
    layout.stop = new Int32Array(sections)
    return layout
  }

  /** What the scan found. The arrays are the layout's own. */
  facts(): LayoutFacts {
    const { sections, structs, deleteClients, ranges, hasSkip } = this
    const { client, clock, endClock, first, endByte, at, length, deleteClient, firstRange, range } = this
    return {
      counts: [sections, structs, deleteClients, ranges],
      hasSkip,
      arrays: [client, clock, endClock, first, endByte, at, length, deleteClient, firstRange, range],
    }
  }

  reset(bytes: Uint8Array): void {
    this.bytes = bytes
    this.sections = 0
    this.structs = 0
    this.deleteClients = 0
    this.ranges = 0
    this.isReady = true
    this.hasSkip = false
  }

  /** Lets go of the bytes, and of arrays that grew beyond the usual. */
  release(): void {
    this.bytes = NOTHING
    if (this.at.length > KEPT_ENTRIES) {
      this.at = new Int32Array(16)
      this.length = new Int32Array(16)
    }
    if (this.range.length > KEPT_ENTRIES) this.range = new Int32Array(8)
    if (this.client.length > KEPT_ENTRIES) {
      this.client = new Float64Array(4)
      this.clock = new Int32Array(4)
      this.endClock = new Int32Array(4)
      this.first = new Int32Array(5)
      this.endByte = new Int32Array(4)
      this.keep = new Int32Array(4)
      this.offset = new Int32Array(4)
      this.stop = new Int32Array(4)
      this.runsBefore = new Int32Array(4)
    }
    if (this.deleteClient.length > KEPT_ENTRIES) {
      this.deleteClient = new Float64Array(4)
      this.firstRange = new Int32Array(5)
    }
  }

  /** Begins a section; its end is written when it is reached. */
  addSection(client: number, clock: number): void {
    const i = this.sections
    if (i === this.client.length) this.#growSections(i)
    this.client[i] = client
    this.clock[i] = clock
    this.first[i] = this.structs
    this.sections = i + 1
  }

  #growSections(used: number): void {
    this.client = grown(this.client, used, used + 1)
    this.clock = grown(this.clock, used, used + 1)
    this.endClock = grown(this.endClock, used, used + 1)
    this.endByte = grown(this.endByte, used, used + 1)
    this.keep = grown(this.keep, used, used + 1)
    this.offset = grown(this.offset, used, used + 1)
    this.stop = grown(this.stop, used, used + 1)
    this.runsBefore = grown(this.runsBefore, used, used + 1)
    this.first = grown(this.first, used, 2 * used + 1)
  }

  addStruct(at: number, length: number): void {
    const i = this.structs
    if (i === this.at.length) {
      this.at = grown(this.at, i, i + 1)
      this.length = grown(this.length, i, i + 1)
    }
    this.at[i] = at
    this.length[i] = length
    this.structs = i + 1
  }

  /** Ends the section begun last. */
  endSection(endClock: number, endByte: number): void {
    const i = this.sections - 1
    this.endClock[i] = endClock
    this.endByte[i] = endByte
    this.first[i + 1] = this.structs
  }

  addDeleteClient(client: number): void {
    const i = this.deleteClients
    if (i === this.deleteClient.length) {
      this.deleteClient = grown(this.deleteClient, i, i + 1)
      this.firstRange = grown(this.firstRange, i, 2 * i + 1)
    }
    this.deleteClient[i] = client
    this.firstRange[i] = this.ranges
    this.deleteClients = i + 1
  }

  addRange(from: number, to: number): void {
    const i = 2 * this.ranges
    if (i === this.range.length) this.range = grown(this.range, i, i + 2)
    this.range[i] = from
    this.range[i + 1] = to
    this.ranges++
    this.firstRange[this.deleteClients] = this.ranges
  }

  /** Byte behind struct `i` of section `section`. */
  structEnd(section: number, i: number): number {
    return i + 1 === (this.first[section + 1] as number)
      ? (this.endByte[section] as number)
      : (this.at[i + 1] as number)
  }
}
