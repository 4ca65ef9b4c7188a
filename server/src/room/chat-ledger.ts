import { type ChatUnit, readChatUnits } from './chat-units.ts'
import type { ClientTable } from './client-table.ts'
import type { DeleteGuard, FreshDeletes } from './fresh-deletes.ts'
import { RangeList } from './range-list.ts'
import type { UpdateLayout } from './update-layout.ts'

/** A message that is there: where it stands in the document, and whose it is. */
export interface ChatEntry {
  readonly client: number
  readonly clock: number
  /** The message's. */
  readonly id: string
  readonly userId: string
}

/** Of one update so many messages are read; what comes behind them counts as none: no chat is so long. */
const MAX_READ = 20_000
/** Structs of a snapshot between two yields: a few milliseconds. */
const READ_PER_TURN = 1_024

interface ClientEntries {
  readonly byClock: Map<number, ChatEntry>
  /** What somebody else than `userId` has there; forgotten when an entry comes or goes. */
  guarded: { readonly userId: string; readonly ranges: RangeList } | undefined
}

/**
 * The messages that are in a room's chat, in the order of the log, and whose they are: what a room without a document has to
 * know to keep people from speaking in each other's names (`room-log.md` section 7). Units that are no message of ours
 * are not in it, and never counted or deleted for being old.
 */
export class ChatLedger {
  readonly #inOrder = new Set<ChatEntry>()
  readonly #clients = new Map<number, ClientEntries>()
  /** Message id → the entry that had it first, of those that are there. An edit is a new entry of the same id. */
  readonly #owners = new Map<string, ChatEntry>()

  /** Messages. */
  get size(): number {
    return this.#inOrder.size
  }

  /**
   * An update came into force: takes in what it brought to the chat and lets go of what it deleted.
   *
   * @param structs the classifier's: section, index, clock, offset of each struct
   * @returns what it brought and is still there; `undefined` where that is nothing
   */
  take(layout: UpdateLayout, structs: readonly number[], fresh: FreshDeletes): ChatUnit[] | undefined {
    if (structs.length === 0) {
      this.deleteFresh(fresh)
      return undefined
    }
    const units: ChatUnit[] = []
    for (let at = 0; at < structs.length; at += 4) {
      const isOver = units.length >= MAX_READ
      for (const unit of readAt(layout, structs, at, isOver)) {
        this.add(unit)
        pushUnit(units, unit)
      }
    }
    this.deleteFresh(fresh)
    return units.filter((unit) => unit.message === undefined || this.#holds(unit))
  }

  /** The messages of a snapshot, oldest first by what they say: the order of the log is not in it. */
  async load(
    layout: UpdateLayout,
    structs: readonly number[],
    clients: ClientTable,
    yieldTurn: () => Promise<void>,
  ): Promise<void> {
    const units: ChatUnit[] = []
    let read = 0
    for (let at = 0; at < structs.length; at += 4) {
      for (const unit of readAt(layout, structs, at, false)) if (unit.message !== undefined) units.push(unit)
      if (++read % READ_PER_TURN === 0) await yieldTurn()
    }
    units.sort(inOrder)
    for (const unit of units) if (clients.find(unit.client)?.deleted?.has(unit.clock) !== true) this.add(unit)
  }

  /** A unit came into the document. */
  add({ client, clock, message }: ChatUnit): void {
    if (message === undefined) return
    const entry: ChatEntry = { client, clock, id: message.id, userId: message.userId }
    const known = this.#clients.get(client)
    if (known === undefined)
      this.#clients.set(client, { byClock: new Map([[clock, entry]]), guarded: undefined })
    else {
      known.byClock.set(clock, entry)
      known.guarded = undefined
    }
    this.#inOrder.add(entry)
    const owner = this.#owners.get(entry.id)
    if (owner === undefined || owner.userId === entry.userId) this.#owners.set(entry.id, entry)
  }

  /** What an update deleted. */
  deleteFresh(fresh: FreshDeletes): void {
    if (fresh.count > 0 && this.#clients.size > 0)
      fresh.each((client, from, to) => this.delete(client, from, to))
  }

  /** Units `[from, to)` of a client are deleted. */
  delete(client: number, from: number, to: number): void {
    const known = this.#clients.get(client)
    if (known === undefined) return
    // a range may be as long as a clock can be
    if (to - from < known.byClock.size) {
      for (let clock = from; clock < to; clock++) this.#remove(known, known.byClock.get(clock))
    } else {
      for (const entry of known.byClock.values())
        if (entry.clock >= from && entry.clock < to) this.#remove(known, entry)
    }
    if (known.byClock.size === 0) this.#clients.delete(client)
  }

  /** Whose message this is; `undefined` where none of that id is there. */
  ownerOf(messageId: string): string | undefined {
    return this.#owners.get(messageId)?.userId
  }

  /** The `count` messages that came first. */
  oldest(count: number): ChatEntry[] {
    const entries: ChatEntry[] = []
    for (const entry of this.#inOrder) {
      if (entries.length >= count) break
      entries.push(entry)
    }
    return entries
  }

  /** Keeps somebody from deleting what others said. */
  guardFor(userId: string): DeleteGuard {
    return { guarded: (client) => this.#guarded(client, userId) }
  }

  #holds({ client, clock }: ChatUnit): boolean {
    return this.#clients.get(client)?.byClock.has(clock) === true
  }

  #guarded(client: number, userId: string): RangeList | undefined {
    const known = this.#clients.get(client)
    if (known === undefined) return undefined
    if (known.guarded?.userId !== userId) {
      const ranges = new RangeList()
      const clocks: number[] = []
      for (const entry of known.byClock.values()) if (entry.userId !== userId) clocks.push(entry.clock)
      for (const clock of clocks.sort((a, b) => a - b)) ranges.push(clock, clock + 1)
      known.guarded = { userId, ranges }
    }
    return known.guarded.ranges.count === 0 ? undefined : known.guarded.ranges
  }

  #remove(known: ClientEntries, entry: ChatEntry | undefined): void {
    if (entry === undefined) return
    known.byClock.delete(entry.clock)
    known.guarded = undefined
    this.#inOrder.delete(entry)
    if (this.#owners.get(entry.id) === entry) this.#owners.delete(entry.id)
  }
}

function readAt(layout: UpdateLayout, structs: readonly number[], at: number, isOver: boolean): ChatUnit[] {
  const [section, i, clock, offset] = structs.slice(at, at + 4) as [number, number, number, number]
  return readChatUnits(layout, section, i, clock, offset, isOver)
}

function inOrder(a: ChatUnit, b: ChatUnit): number {
  return (a.message?.sentAt ?? 0) - (b.message?.sentAt ?? 0) || a.client - b.client || a.clock - b.clock
}

/** Units that are no message and touch become one. */
function pushUnit(units: ChatUnit[], unit: ChatUnit): void {
  const last = units.at(-1)
  const touches = last !== undefined && last.client === unit.client && last.clock + last.length === unit.clock
  if (touches && unit.message === undefined && last.message === undefined)
    units[units.length - 1] = { ...last, length: last.length + unit.length }
  else units.push(unit)
}
