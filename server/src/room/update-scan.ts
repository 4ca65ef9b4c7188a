import { MAX_CLOCK } from './byte-reader.ts'
import type { ClientTable } from './client-table.ts'
import { LongStruct, Malformed, TooManyStructs } from './malformed.ts'
import { KIND, PARENT, StructReader } from './struct-reader.ts'
import type { UpdateLayout } from './update-layout.ts'

/** Bounds what one update may ask for; also what the queue of waiting sections can count. */
const MAX_SECTIONS = 2 ** 21

/** Bounds of one scan; none by default. */
export interface ScanBounds {
  readonly maxStructs?: number | undefined
  /** A longer struct ends the scan: a step cannot stop within one. */
  readonly maxStructBytes?: number | undefined
}

/** Notices a clientID that comes twice. Descending order, which is how Yjs writes, proves itself. */
class SeenClients {
  #last = Infinity
  #isDescending = true
  readonly #seen = new Set<number>()

  reset(): void {
    this.#last = Infinity
    this.#isDescending = true
    if (this.#seen.size > 0) this.#seen.clear()
  }

  /** `known[0, count)` are the clients before this one. */
  check(client: number, known: Float64Array, count: number): void {
    if (this.#isDescending) {
      if (client < this.#last) {
        this.#last = client
        return
      }
      this.#isDescending = false
      for (let i = 0; i < count; i++) this.#seen.add(known[i] as number)
    }
    if (this.#seen.has(client)) throw new Malformed('a client twice')
    this.#seen.add(client)
  }
}

/**
 * The bounded structural scan: one pass over an update of format v1 that refuses what no honest client writes and
 * Yjs would swallow and choke on later. Fills a layout; makes no object per struct.
 *
 * It can stop after a number of bytes and go on, so that a large snapshot never blocks the loop.
 *
 * @throws Malformed from `step`; `TooManyStructs` and `LongStruct` where the bounds given to `begin` are passed
 */
export class UpdateScan {
  readonly #reader = new StructReader()
  readonly #seen = new SeenClients()
  readonly #layout: UpdateLayout
  #clients: ClientTable | undefined
  #maxStructs = Infinity
  #maxStructBytes = Infinity
  #sectionsLeft = 0
  #structsLeft = 0
  #client = 0
  #clock = 0
  #inDeletes = false
  #deleteClientsLeft = 0
  #rangesLeft = 0
  #deletedTo = -1

  constructor(layout: UpdateLayout) {
    this.#layout = layout
  }

  /**
   * Starts on `bytes`. `clients` is S, for the cheap test whether all of it can be integrated.
   *
   * @throws Malformed
   */
  begin(
    bytes: Uint8Array,
    clients: ClientTable | undefined,
    { maxStructs = Infinity, maxStructBytes = Infinity }: ScanBounds = {},
  ): void {
    this.#maxStructs = maxStructs
    this.#maxStructBytes = maxStructBytes
    this.#layout.reset(bytes)
    this.#reader.load(bytes, 0, bytes.length)
    this.#clients = clients
    this.#inDeletes = false
    this.#rangesLeft = 0
    this.#structsLeft = 0
    this.#seen.reset()
    this.#sectionsLeft = this.#countOf(5)
    if (this.#sectionsLeft > MAX_SECTIONS) throw new Malformed('too many clients')
  }

  /** Reads on for about `budget` bytes; says whether the end was reached. */
  step(budget: number): boolean {
    const reader = this.#reader
    const pause = reader.at + budget
    if (!this.#inDeletes) {
      while (this.#structsLeft > 0 || this.#sectionsLeft > 0) {
        if (reader.at > pause) return false
        if (this.#structsLeft === 0) this.#section()
        this.#structs(pause)
      }
      this.#inDeletes = true
      this.#deleteClientsLeft = this.#countOf(4)
      this.#seen.reset()
    }
    while (this.#rangesLeft > 0 || this.#deleteClientsLeft > 0) {
      if (reader.at > pause) return false
      if (this.#rangesLeft === 0) this.#deleteClient()
      this.#range()
    }
    if (reader.at !== reader.end) throw new Malformed('bytes left over')
    return true
  }

  /** A count of things that take at least `bytesEach`: more than the bytes could hold is absurd at once. */
  #countOf(bytesEach: number): number {
    const count = this.#reader.varUint()
    if (count * bytesEach > this.#reader.end - this.#reader.at) throw new Malformed('an absurd count')
    return count
  }

  #section(): void {
    const reader = this.#reader
    const layout = this.#layout
    this.#structsLeft = this.#countOf(2)
    if (this.#structsLeft === 0) throw new Malformed('a section of 0 structs')
    this.#client = reader.varUint()
    this.#clock = reader.clock()
    this.#seen.check(this.#client, layout.client, layout.sections)
    layout.addSection(this.#client, this.#clock)
    this.#sectionsLeft--
    if (this.#clock > this.#clockOf(this.#client)) layout.isReady = false
  }

  #structs(pause: number): void {
    const reader = this.#reader
    const layout = this.#layout
    while (this.#structsLeft > 0 && reader.at <= pause) {
      const at = reader.at
      if (this.#maxStructBytes === Infinity) this.#struct()
      else this.#boundedStruct()
      if (reader.kind === KIND.skip) {
        layout.isReady = false
        layout.hasSkip = true
      }
      if (layout.structs >= this.#maxStructs) throw new TooManyStructs()
      layout.addStruct(at, reader.length)
      this.#clock += reader.length
      if (this.#clock > MAX_CLOCK) throw new Malformed('an absurd clock or length')
      this.#structsLeft--
    }
    if (this.#structsLeft === 0) layout.endSection(this.#clock, reader.at)
  }

  #struct(): void {
    this.#reader.head()
    this.#references()
    this.#reader.content()
  }

  #boundedStruct(): void {
    const reader = this.#reader
    const { end } = reader
    reader.end = Math.min(end, reader.at + this.#maxStructBytes)
    try {
      this.#struct()
    } catch (error) {
      throw error instanceof Malformed && reader.end < end ? new LongStruct() : error
    }
    reader.end = end
  }

  #references(): void {
    const reader = this.#reader
    if (reader.hasOrigin) this.#reference(reader.originClient, reader.originClock)
    if (reader.hasRightOrigin) this.#reference(reader.rightClient, reader.rightClock)
    if (reader.parent === PARENT.item) this.#reference(reader.parentClient, reader.parentClock)
  }

  #reference(client: number, clock: number): void {
    if (client === this.#client) {
      // Yjs throws inside the transaction
      if (clock >= this.#clock) throw new Malformed("a reference to the struct's own future")
    } else if (this.#layout.isReady && clock >= this.#clockOf(client)) {
      this.#layout.isReady = false
    }
  }

  #clockOf(client: number): number {
    return this.#clients === undefined ? 0 : this.#clients.clock(client)
  }

  #deleteClient(): void {
    const reader = this.#reader
    const layout = this.#layout
    const client = reader.varUint()
    this.#rangesLeft = this.#countOf(2)
    if (this.#rangesLeft === 0) throw new Malformed('a client without delete ranges')
    this.#seen.check(client, layout.deleteClient, layout.deleteClients)
    layout.addDeleteClient(client)
    this.#deleteClientsLeft--
    this.#deletedTo = 0
  }

  #range(): void {
    const reader = this.#reader
    const from = reader.clock()
    const length = reader.clock()
    if (length === 0) throw new Malformed('an empty delete range')
    if (from < this.#deletedTo) throw new Malformed('delete ranges out of order')
    if (from + length > MAX_CLOCK) throw new Malformed('an absurd clock or length')
    this.#layout.addRange(from, from + length)
    this.#deletedTo = from + length
    this.#rangesLeft--
  }
}
