import type { Classifier } from './classifier.ts'
import { ClockHeap } from './clock-heap.ts'
import type { ClientRecord, Clients } from './client-table.ts'
import { KIND, PARENT, StructReader } from './struct-reader.ts'
import type { UpdateLayout } from './update-layout.ts'

/**
 * Which part of an update Yjs would integrate, by simulating clocks only: a section goes on while its next struct begins at
 * or below its client's clock and refers to nothing that is not there yet. What waits for another section is woken when
 * that one passes the clock.
 *
 * Work is bounded by the input: a struct can wait at most once per reference, so it is read at most four times.
 */
export class Integration {
  readonly #reader = new StructReader()
  readonly #layout: UpdateLayout
  readonly #clients: Clients
  readonly #classifier: Classifier
  readonly #records: readonly ClientRecord[]
  /** Per section: the next struct, its clock, and who waits. */
  readonly #next: Int32Array
  readonly #clock: Int32Array
  readonly #waiting: (ClockHeap | undefined)[]
  readonly #ready: number[] = []
  /** Per section that stands: whom it lacks. */
  readonly #lacksClient: Float64Array
  readonly #lacksClock: Int32Array

  /** `records` are those of the layout's sections, in order, with `section` and `reach` set. */
  constructor(
    layout: UpdateLayout,
    clients: Clients,
    records: readonly ClientRecord[],
    classifier: Classifier,
  ) {
    this.#layout = layout
    this.#clients = clients
    this.#classifier = classifier
    this.#records = records
    // the layout was scanned
    this.#reader.isTrusted = true
    const count = layout.sections
    this.#next = layout.first.slice(0, count)
    this.#clock = layout.clock.slice(0, count)
    this.#waiting = Array.from({ length: count })
    this.#lacksClient = new Float64Array(count).fill(-1)
    this.#lacksClock = new Int32Array(count)
    // the highest clientID is taken first, as Yjs does; sections mostly come in that order
    for (let section = count - 1; section >= 0; section--) {
      layout.keep[section] = -1
      this.#ready.push(section)
    }
  }

  /** Goes on for about `budget` structs; says whether nothing more can move. */
  step(budget: number): boolean {
    let left = budget
    for (;;) {
      const section = this.#ready.pop()
      if (section === undefined) break
      left = this.#advance(section, left)
      if (left <= 0) {
        this.#ready.push(section)
        return false
      }
      const record = this.#records[section] as ClientRecord
      const heap = this.#waiting[section]
      if (heap === undefined) continue
      for (let woken = heap.take(record.reach); woken !== -1; woken = heap.take(record.reach)) {
        this.#ready.push(woken)
      }
    }
    return true
  }

  #advance(section: number, budget: number): number {
    const layout = this.#layout
    const record = this.#records[section] as ClientRecord
    const last = layout.first[section + 1] as number
    let left = budget
    let i = this.#next[section] as number
    let clock = this.#clock[section] as number
    for (; i < last && left > 0; left--) {
      const length = layout.length[i] as number
      const isSkip = layout.bytes[layout.at[i] as number] === KIND.skip
      if (!isSkip && clock + length > record.reach) {
        if (clock > record.reach) {
          this.#lacks(section, record.client, clock - 1)
          break
        }
        if (!this.#hasReferences(section, i)) break
        const offset = record.reach - clock
        if (layout.keep[section] === -1) {
          layout.keep[section] = i
          layout.offset[section] = offset
        }
        // not where the section stands: behind this struct there may be a gap, which holds nothing
        layout.stop[section] = i + 1
        this.#classifier.visit(this.#reader, record, i, clock, offset)
        record.reach = clock + length
      }
      i++
      clock += length
    }
    this.#next[section] = i
    this.#clock[section] = clock
    return left
  }

  /** Whether all that struct `i` refers to is there; if not, the section waits or stands for good. */
  #hasReferences(section: number, i: number): boolean {
    const reader = this.#reader
    const layout = this.#layout
    reader.load(layout.bytes, layout.at[i] as number, layout.structEnd(section, i))
    reader.head()
    const own = layout.client[section] as number
    return (
      (!reader.hasOrigin || this.#has(section, own, reader.originClient, reader.originClock)) &&
      (!reader.hasRightOrigin || this.#has(section, own, reader.rightClient, reader.rightClock)) &&
      (reader.parent !== PARENT.item || this.#has(section, own, reader.parentClient, reader.parentClock))
    )
  }

  #has(section: number, own: number, client: number, clock: number): boolean {
    // the scan refused references to the own future
    if (client === own) return true
    const record = this.#clients.find(client)
    if (record !== undefined && clock < record.reach) return true
    if (record !== undefined && record.section !== -1) {
      const heap = (this.#waiting[record.section] ??= new ClockHeap())
      heap.push(clock, section)
    }
    this.#lacks(section, client, clock)
    return false
  }

  #lacks(section: number, client: number, clock: number): void {
    this.#lacksClient[section] = client
    this.#lacksClock[section] = clock
  }

  /** Adds client → lowest clock that is lacking, of every section that stands; makes the map when needed. */
  addMissing(missing: Map<number, number> | undefined): Map<number, number> | undefined {
    const layout = this.#layout
    let lacking = missing
    for (let section = 0; section < layout.sections; section++) {
      if ((this.#next[section] as number) === (layout.first[section + 1] as number)) continue
      lacking ??= new Map()
      const client = this.#lacksClient[section] as number
      const clock = this.#lacksClock[section] as number
      const known = lacking.get(client)
      if (known === undefined || clock < known) lacking.set(client, clock)
    }
    return lacking
  }
}
