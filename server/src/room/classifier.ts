import { ID_CLASS, type IdClass, pushClass } from './class-runs.ts'
import type { ClientRecord, Clients } from './client-table.ts'
import { KIND, PARENT, type StructReader } from './struct-reader.ts'
import type { UpdateLayout } from './update-layout.ts'

/**
 * Gives every new unit its class, in integration order, and finds what would freeze the room: live content longer than
 * one unit as a map entry. When such an entry is split and its parent deleted later, Yjs throws on every replica.
 */
export class Classifier {
  readonly #layout: UpdateLayout
  #clients: Clients
  /** Delete client → its index, built when a long map entry first asks. */
  #deletes: Map<number, number> | undefined
  /** A map entry broke the rule. */
  hasPoison = false
  /** Structs at the top level of the chat: section, index, clock, offset of each. */
  readonly chat: number[] = []

  constructor(layout: UpdateLayout, clients: Clients) {
    this.#layout = layout
    this.#clients = clients
  }

  /** Begins on the layout's next update. */
  begin(clients: Clients): void {
    this.#clients = clients
    this.#deletes = undefined
    this.hasPoison = false
    if (this.chat.length > 0) this.chat.length = 0
  }

  /** Struct `i` of `record`'s section, its head just read, from `offset` units behind its `clock` on. */
  visit(reader: StructReader, record: ClientRecord, i: number, clock: number, offset: number): void {
    const idClass = offset > 0 ? record.classAt(clock + offset - 1) : this.#classOf(reader, record)
    pushClass(record.classes, clock + offset, idClass)
    if (idClass === ID_CLASS.chat) this.chat.push(record.section, i, clock, offset)
    if (idClass !== ID_CLASS.map || !isLive(reader.kind)) return
    const end = clock + (this.#layout.length[i] as number)
    if (end - clock - offset > 1) this.hasPoison ||= !this.#isDeleted(record.client, clock + offset, end)
  }

  #classOf(reader: StructReader, record: ClientRecord): IdClass {
    if (reader.kind === KIND.gc) return ID_CLASS.other
    if (reader.hasOrigin) return this.#inherited(record, reader.originClient, reader.originClock)
    if (reader.hasRightOrigin) return this.#inherited(record, reader.rightClient, reader.rightClock)
    if (reader.keyed) return ID_CLASS.map
    return reader.parent === PARENT.root && reader.inChat ? ID_CLASS.chat : ID_CLASS.other
  }

  #inherited(own: ClientRecord, client: number, clock: number): IdClass {
    const record = client === own.client ? own : this.#clients.find(client)
    return record === undefined ? ID_CLASS.other : record.classAt(clock)
  }

  /** Whether the update at hand deletes all of these new units; D holds nothing above S. */
  #isDeleted(client: number, from: number, to: number): boolean {
    const layout = this.#layout
    if (this.#deletes === undefined) {
      this.#deletes = new Map()
      for (let i = 0; i < layout.deleteClients; i++) this.#deletes.set(layout.deleteClient[i] as number, i)
    }
    const index = this.#deletes.get(client)
    if (index === undefined) return false
    let low = layout.firstRange[index] as number
    let high = layout.firstRange[index + 1] as number
    const end = high
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((layout.range[2 * middle + 1] as number) > from) high = middle
      else low = middle + 1
    }
    let covered = from
    for (let i = low; i < end && covered < to && (layout.range[2 * i] as number) <= covered; i++) {
      covered = layout.range[2 * i + 1] as number
    }
    return covered >= to
  }
}

/** Content of these kinds can be longer than one unit and is visible. */
function isLive(kind: number): boolean {
  return kind === KIND.string || kind === KIND.any || kind === KIND.json
}
