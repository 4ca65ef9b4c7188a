import {
  decodeMessage,
  encodeAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  KEEPALIVE_FRAME,
  KEEPALIVE_MS,
} from '@roomful/shared'
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Clock } from '../../../server/src/clock.ts'
import type { RoomLog } from '../../../server/src/log/room-log.ts'
import type { Member } from '../../../server/src/member.ts'
import { SIM_ROOM, type RoomEnvironment, type RoomUnderTest } from './instance.ts'

interface AwarenessChange {
  readonly added: readonly number[]
  readonly updated: readonly number[]
  readonly removed: readonly number[]
}

/**
 * The classic room: a Y.Doc, an Awareness, every change sent to everybody, as y-websocket's own server does it; plus a log
 * and 102. It is here to show that the simulator's clients are right: they must agree with each other through it.
 */
export async function openReferenceRoom({ backend, clock }: RoomEnvironment): Promise<RoomUnderTest> {
  const doc = new Y.Doc()
  const log = await backend.open(SIM_ROOM, {
    onEntry: () => {},
    onAwareness: () => {},
    onInstanceGone: () => {},
    onGap: () => {},
    onRewound: () => {},
    onDeleted: () => {},
  })
  const stored: Uint8Array[] = log.head.snapshot === undefined ? [] : [log.head.snapshot.bytes]
  for await (const entry of log.read(log.head.upTo)) stored.push(entry.update)
  doc.transact(() => {
    for (const update of stored) Y.applyUpdate(doc, update)
  })
  return new ReferenceRoom(doc, log, clock)
}

class ReferenceRoom implements RoomUnderTest {
  readonly #doc: Y.Doc
  readonly #awareness: Awareness
  readonly #log: RoomLog
  readonly #clock: Clock
  /** Members, each with the presence ids it spoke for. */
  readonly #members = new Map<Member, Set<number>>()
  /** Counters of members that were asked for what is missing. */
  readonly #heldBack = new Map<Member, Uint8Array[]>()
  #appended: Promise<unknown> = Promise.resolve()
  #stopKeepalive: () => void

  constructor(doc: Y.Doc, log: RoomLog, clock: Clock) {
    this.#doc = doc
    this.#log = log
    this.#clock = clock
    this.#awareness = new Awareness(doc)
    // its timer belongs to the machine's time, and a server is nobody's presence
    clearInterval(this.#awareness._checkInterval)
    this.#awareness.setLocalState(null)
    this.#awareness.on('update', (change: AwarenessChange, from: unknown) =>
      this.#presenceChanged(change, from),
    )
    doc.on('update', (update: Uint8Array) => {
      this.#appended = log.append(update, { instanceId: 'reference', at: clock.now() })
      this.#sendToAll(encodeUpdate(update))
    })
    this.#stopKeepalive = clock.after(KEEPALIVE_MS, () => this.#keepAlive())
  }

  join(member: Member): void {
    this.#members.set(member, new Set())
    member.send(encodeSyncStep1(Y.encodeStateVector(this.#doc)))
    const present = [...this.#awareness.getStates().keys()]
    if (present.length > 0) member.send(encodeAwareness(encodeAwarenessUpdate(this.#awareness, present)))
  }

  receive(member: Member, frame: Uint8Array): void {
    const message = decodeMessage(frame)
    if (message === undefined) return
    switch (message.type) {
      case 'sync-step1':
        member.send(encodeSyncStep2(Y.encodeStateAsUpdate(this.#doc, message.stateVector)))
        return
      case 'sync-step2':
      case 'update':
        Y.applyUpdate(this.#doc, message.update, member)
        // the classic server never asks: what it cannot integrate waits inside its document
        if (message.type === 'sync-step2') this.#answerHeldBack(member)
        else if (this.#doc.store.pendingStructs !== null) {
          if (!this.#heldBack.has(member)) this.#heldBack.set(member, [])
          member.send(encodeSyncStep1(Y.encodeStateVector(this.#doc)))
        }
        return
      case 'awareness':
        applyAwarenessUpdate(this.#awareness, message.update, member)
        return
      case 'sync-status': {
        const heldBack = this.#heldBack.get(member)
        if (heldBack === undefined) this.#acknowledge(member, message.counter.slice())
        else heldBack.push(message.counter.slice())
        return
      }
      case 'query-awareness':
      case 'auth':
      case 'hello':
      case 'notice':
      case 'fragment':
      case 'check':
      case 'report':
      case 'moved':
        return
    }
  }

  leave(member: Member): void {
    const controls = this.#members.get(member) ?? new Set()
    this.#members.delete(member)
    this.#heldBack.delete(member)
    removeAwarenessStates(this.#awareness, [...controls], undefined)
  }

  async close(): Promise<void> {
    this.#stopKeepalive()
    await this.#log.leave()
    this.#doc.destroy()
  }

  #acknowledge(member: Member, counter: Uint8Array): void {
    void this.#appended.then(() => member.send(encodeSyncStatus(counter)))
  }

  #answerHeldBack(member: Member): void {
    const counters = this.#heldBack.get(member) ?? []
    this.#heldBack.delete(member)
    for (const counter of counters) this.#acknowledge(member, counter)
  }

  #presenceChanged({ added, updated, removed }: AwarenessChange, from: unknown): void {
    for (const [member, controls] of this.#members) {
      if (member !== from) continue
      for (const client of added) controls.add(client)
      for (const client of removed) controls.delete(client)
    }
    const changed = [...added, ...updated, ...removed]
    this.#sendToAll(encodeAwareness(encodeAwarenessUpdate(this.#awareness, changed)))
  }

  #keepAlive(): void {
    this.#stopKeepalive = this.#clock.after(KEEPALIVE_MS, () => this.#keepAlive())
    this.#sendToAll(KEEPALIVE_FRAME)
  }

  #sendToAll(frame: Uint8Array): void {
    for (const member of this.#members.keys()) member.send(frame)
  }
}
