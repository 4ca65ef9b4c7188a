import { isDeepStrictEqual } from 'node:util'
import * as Y from 'yjs'
import { type FrozenContent, RoomContent } from '../../../server/src/room/room-content.ts'
import type { Random } from '../random.ts'
import { deletedBy, deletedOf, load, NOTHING, stateOf, uncovered } from './loaded.ts'
import { createUndo, editDocument } from './random-document.ts'

/** What a history needs of a room; mutants answer some of it wrongly. */
export type TestedRoom = Pick<
  RoomContent,
  'admit' | 'answer' | 'encodeStateVector' | 'clock' | 'freeze' | 'rebase'
>

type Message =
  | { readonly kind: 'step1'; readonly vector: Uint8Array }
  | { readonly kind: 'step2' | 'update'; readonly update: Uint8Array }

/** A stock client: its document, and what is under way to it and from it. */
class Tab {
  doc = new Y.Doc()
  undo: Y.UndoManager
  isOnline = false
  /** A SyncStep1 of the room is unanswered. */
  isAsked = false
  missing: ReadonlyMap<number, number> | undefined
  readonly toRoom: Message[] = []
  readonly toTab: Message[] = []
  /** Own updates a sibling tab may get past the room. */
  readonly broadcasts: Uint8Array[] = []

  constructor(clientID: number, copy: Uint8Array = NOTHING_UPDATE) {
    this.doc.clientID = clientID
    Y.applyUpdate(this.doc, copy, 'room')
    this.undo = createUndo(this.doc)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'room' || origin === 'sibling') return
      if (this.isOnline) this.toRoom.push({ kind: 'update', update })
      this.broadcasts.push(update)
    })
  }

  drop(): void {
    this.isOnline = false
    this.isAsked = false
    this.missing = undefined
    this.toRoom.length = 0
    this.toTab.length = 0
  }
}

const NOTHING_UPDATE = Uint8Array.of(0, 0)

/** A failed invariant of a history. */
export class HistoryError extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, { cause })
    this.name = 'HistoryError'
  }
}

/**
 * Some stock clients and one room: edits, undo, offline spells, reloads from old copies, tabs that hear each other past the
 * room, lost log ends, restarts and compactions, all in random order. Throws where an invariant breaks.
 */
export class HonestHistory {
  readonly #random: Random
  readonly #wrap: (content: RoomContent) => TestedRoom
  #room: TestedRoom
  #tabs: Tab[] = []
  #snapshot: Uint8Array | undefined
  #entries: Uint8Array[] = []
  #frozen: { readonly content: FrozenContent; readonly entries: number } | undefined

  private constructor(random: Random, content: RoomContent, wrap: (content: RoomContent) => TestedRoom) {
    this.#random = random
    this.#wrap = wrap
    this.#room = wrap(content)
    for (let i = random.between(2, 4); i > 0; i--) this.#tabs.push(new Tab(random.uint32()))
  }

  static async run(
    random: Random,
    steps: number,
    wrap: (content: RoomContent) => TestedRoom = (content) => content,
  ): Promise<void> {
    const history = new HonestHistory(random, await RoomContent.open(undefined), wrap)
    for (let step = 0; step < steps; step++) {
      await history.#step()
      if (step % 5 === 0) history.#check()
    }
    history.#quiesce()
  }

  async #step(): Promise<void> {
    const random = this.#random
    const tab = random.pick(this.#tabs) ?? new Tab(1)
    const what = random.weighted({
      edit: 30,
      undo: 6,
      send: 30,
      receive: 30,
      online: 6,
      offline: 2,
      sibling: 8,
      reload: 1,
      freeze: 2,
      rebase: 2,
      restart: 1,
      crash: 1,
    })
    if (what === 'edit') editDocument(tab.doc, random)
    else if (what === 'undo') tab.undo[random.chance(0.7) ? 'undo' : 'redo']()
    else if (what === 'send') this.#receiveFrom(tab)
    else if (what === 'receive') this.#deliverTo(tab)
    else if (what === 'online') this.#connect(tab)
    else if (what === 'offline') tab.drop()
    else if (what === 'sibling') this.#broadcast(tab)
    else if (what === 'reload') this.#reload(tab)
    else if (what === 'freeze') this.#frozen = { content: this.#room.freeze(), entries: this.#entries.length }
    else if (what === 'rebase') await this.#rebase()
    else await this.#restart(what === 'crash')
  }

  #connect(tab: Tab): void {
    tab.drop()
    tab.isOnline = true
    this.#ask(tab)
    tab.toRoom.push({ kind: 'step1', vector: Y.encodeStateVector(tab.doc) })
  }

  #ask(tab: Tab): void {
    tab.isAsked = true
    tab.missing = undefined
    tab.toTab.push({ kind: 'step1', vector: this.#room.encodeStateVector() })
  }

  #deliverTo(tab: Tab): void {
    const message = tab.toTab.shift()
    if (message === undefined) return
    if (message.kind === 'step1') {
      tab.toRoom.push({ kind: 'step2', update: Y.encodeStateAsUpdate(tab.doc, message.vector) })
    } else {
      Y.applyUpdate(tab.doc, message.update, 'room')
    }
  }

  #receiveFrom(tab: Tab): void {
    const message = tab.toRoom.shift()
    if (message === undefined) return
    if (message.kind === 'step1') {
      const update = this.#room.answer(message.vector)
      if (update === undefined) throw new HistoryError('an honest state vector was refused')
      tab.toTab.push({ kind: 'step2', update })
      return
    }
    if (message.kind === 'step2') tab.isAsked = false
    const admission = this.#room.admit(message.update)
    if (admission.kind === 'refused')
      throw new HistoryError(`an honest update was refused: ${admission.reason}`)
    if (admission.kind === 'append') {
      this.#entries.push(admission.update)
      this.#fanOut(admission.update, tab)
    }
    if (admission.missing !== undefined && !tab.isAsked) {
      if (message.kind === 'update') this.#ask(tab)
      else tab.missing = admission.missing
    }
    for (const other of this.#tabs) this.#askAgain(other)
  }

  /** What a tab's last SyncStep2 lacked may have come from elsewhere. */
  #askAgain(tab: Tab): void {
    if (tab.missing === undefined || tab.isAsked || !tab.isOnline) return
    for (const [client, clock] of tab.missing) {
      if (this.#room.clock(client) <= clock) continue
      this.#ask(tab)
      return
    }
  }

  #fanOut(update: Uint8Array, from: Tab | undefined): void {
    for (const tab of this.#tabs) if (tab !== from && tab.isOnline) tab.toTab.push({ kind: 'update', update })
  }

  /** A sibling hears some of a tab's updates, not always all of them and not always in order. */
  #broadcast(tab: Tab): void {
    const sibling = this.#random.pick(this.#tabs)
    if (sibling === undefined || sibling === tab) return
    for (let i = this.#random.between(1, 3); i > 0; i--) {
      const update = this.#random.pick(tab.broadcasts.slice(-6))
      if (update !== undefined) Y.applyUpdate(sibling.doc, update, 'sibling')
    }
  }

  /** The tab comes back with a new clientID from a copy somebody kept: what it alone held is gone. */
  #reload(tab: Tab): void {
    const kept = this.#random.chance(0.5) ? (this.#random.pick(this.#tabs) ?? tab) : tab
    this.#tabs = this.#tabs.filter((other) => other !== tab)
    this.#tabs.push(new Tab(this.#random.uint32(), Y.encodeStateAsUpdate(kept.doc)))
  }

  async #rebase(): Promise<void> {
    const frozen = this.#frozen
    if (frozen === undefined) return
    this.#frozen = undefined
    const snapshot = Y.encodeStateAsUpdate(load(frozen.content.update))
    const lacked = await this.#room.rebase(snapshot, frozen.content)
    this.#snapshot = snapshot
    // counted in the log: an entry read back may be known by then, when the snapshot deletes the same
    this.#entries = this.#entries.slice(frozen.entries)
    if (lacked !== undefined) this.#fanOut(lacked, undefined)
  }

  async #restart(losesEnd: boolean): Promise<void> {
    for (const tab of this.#tabs) tab.drop()
    this.#frozen = undefined
    if (losesEnd) this.#entries.length -= this.#random.int(Math.min(4, this.#entries.length + 1))
    const before = this.#room.encodeStateVector()
    const content = await RoomContent.open(this.#snapshot)
    for (const entry of this.#entries) {
      const { kind } = content.admit(entry)
      if (kind === 'refused') throw new HistoryError('a stored entry was refused')
    }
    this.#room = this.#wrap(content)
    if (!losesEnd && Buffer.compare(before, content.encodeStateVector()) !== 0)
      throw new HistoryError('the log holds another state than the room had')
  }

  /** The bytes load with nothing pending, their vector is S, D is a subset of theirs. */
  #check(): Y.Doc {
    const answer = this.#room.answer(NOTHING) ?? NOTHING_UPDATE
    let doc: Y.Doc
    try {
      doc = load(answer)
    } catch (cause) {
      throw new HistoryError('a cold joiner cannot load the room', cause)
    }
    if (Buffer.compare(Y.encodeStateVector(doc), this.#room.encodeStateVector()) !== 0)
      throw new HistoryError('the room claims another state than its bytes hold')
    if (uncovered(deletedBy(answer), deletedOf(doc)).length > 0)
      throw new HistoryError('the room deletes what replicas do not')
    return doc
  }

  /** Everybody comes online, everything under way arrives: all replicas and a cold joiner must be equal. */
  #quiesce(): void {
    for (const tab of this.#tabs) this.#connect(tab)
    let rounds = 0
    while (this.#tabs.some((tab) => tab.toRoom.length + tab.toTab.length > 0)) {
      if (++rounds > 2_000) throw new HistoryError('the room and its tabs never come to rest')
      for (const tab of this.#tabs) {
        this.#receiveFrom(tab)
        this.#deliverTo(tab)
      }
    }
    const expected = stateOf(this.#check())
    for (const tab of this.#tabs)
      if (!isDeepStrictEqual(stateOf(tab.doc), expected))
        throw new HistoryError('a tab differs from a cold joiner')
  }
}
