import { expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { decodeMessage, encodeAwareness, type WireMessage } from '@roomful/shared'
import { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'

/** The awareness half of y-websocket 3.1: what it hears, by socket or by BroadcastChannel, it sends on by both. */
class StockPresence {
  readonly doc = new Y.Doc()
  awareness: Awareness
  member: FakeMember | undefined
  others: StockPresence[] = []
  sent = 0
  readonly #room: RoomHarness
  #inbox: Uint8Array[] = []

  constructor(room: RoomHarness, clientID: number) {
    this.#room = room
    this.doc.clientID = clientID
    this.awareness = this.#create()
  }

  connect(): void {
    this.member = new FakeMember()
    this.#room.room.join(this.member)
    this.#room.room.receive(this.member, this.#frame([this.doc.clientID]))
    this.sent += 1
  }

  /** The socket is lost: y-websocket forgets the others at once. */
  disconnect(): void {
    if (this.member !== undefined) this.#room.room.leave(this.member)
    this.member = undefined
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID)
    for (const id of others) this.awareness.states.delete(id)
  }

  /** A page made anew around the same clientID: its presence starts over. */
  restart(): void {
    const state = this.awareness.getLocalState()
    this.awareness = this.#create()
    this.awareness.setLocalState(state)
  }

  /** What its timer does every 15 s: the same state, one clock higher. */
  renew(): void {
    this.awareness.setLocalState(this.awareness.getLocalState())
  }

  hear(update: Uint8Array): void {
    this.#inbox.push(update)
  }

  /** Takes in what the room and the other tabs have sent. @returns whether there was anything. */
  read(): boolean {
    const fromRoom = this.member?.take() ?? []
    const fromTabs = this.#inbox
    this.#inbox = []
    for (const message of fromRoom) this.#apply(message)
    for (const update of fromTabs) applyAwarenessUpdate(this.awareness, update, this)
    return fromRoom.length + fromTabs.length > 0
  }

  #apply(message: WireMessage): void {
    if (message.type === 'awareness') applyAwarenessUpdate(this.awareness, message.update, this)
  }

  #create(): Awareness {
    const awareness = new Awareness(this.doc)
    // its renewal would run on the wall clock
    clearInterval(awareness._checkInterval as unknown as NodeJS.Timeout)
    type Change = { added: number[]; updated: number[]; removed: number[] }
    awareness.on('update', ({ added, updated, removed }: Change) => {
      if (awareness !== this.awareness) return
      const frame = this.#frame([...added, ...updated, ...removed])
      if (this.member !== undefined) {
        this.#room.room.receive(this.member, frame)
        this.sent += 1
      }
      const message = decodeMessage(frame)
      if (message?.type === 'awareness') for (const tab of this.others) tab.hear(message.update)
    })
    return awareness
  }

  #frame(ids: number[]): Uint8Array {
    return encodeAwareness(encodeAwarenessUpdate(this.awareness, ids))
  }
}

interface Scene {
  readonly room: RoomHarness
  readonly tabs: readonly [StockPresence, StockPresence, StockPresence]
}

/** Two tabs of one browser and somebody elsewhere, all connected and moving once. */
async function scene(): Promise<Scene> {
  const room = await RoomHarness.open()
  const tabs = [
    new StockPresence(room, 11),
    new StockPresence(room, 22),
    new StockPresence(room, 33),
  ] as const
  tabs[0].others = [tabs[1]]
  tabs[1].others = [tabs[0]]
  for (const tab of tabs) {
    tab.connect()
    tab.awareness.setLocalState({ user: { id: `u${tab.doc.clientID}` }, at: 0 })
  }
  run(room, tabs, 20)
  return { room, tabs }
}

/** Lets everybody read, turn by turn, a millisecond each. @returns how many frames the tabs sent. */
function run(room: RoomHarness, tabs: readonly StockPresence[], turns: number): number {
  const before = tabs.reduce((sum, tab) => sum + tab.sent, 0)
  for (let turn = 0; turn < turns; turn += 1) {
    for (const tab of tabs) tab.read()
    room.turn()
    room.advance(1)
  }
  return tabs.reduce((sum, tab) => sum + tab.sent, 0) - before
}

/**
 * Everybody's 15 s renewal, once. A stock client that was away forgot the others' states but not their clocks, and takes
 * them in again with their next one, on every server.
 */
function renew({ room, tabs }: Scene): number {
  for (const tab of tabs) tab.renew()
  return run(room, tabs, 1_000)
}

function seen(tab: StockPresence): (readonly [number, unknown])[] {
  return [...tab.awareness.getStates()]
    .map(([id, state]) => [id, state['at']] as const)
    .sort(([a], [b]) => a - b)
}

// 1,000 turns of quiet: what is left of an echo must die out within a few
const FEW = 20

test('two idle tabs of one browser say nothing in 1,000 turns', async () => {
  const { room, tabs } = await scene()
  expect(run(room, tabs, 1_000)).toBeLessThanOrEqual(0)
})

test('a reconnect of one of two bridged tabs dies out instead of storming', async () => {
  const { room, tabs } = await scene()
  tabs[0].disconnect()
  run(room, tabs, 50)
  tabs[0].connect()
  expect(run(room, tabs, 1_000)).toBeLessThanOrEqual(FEW)
  tabs[0].awareness.setLocalStateField('at', 1)
  expect(run(room, tabs, 1_000)).toBeLessThanOrEqual(FEW)
  expect(renew({ room, tabs })).toBeLessThanOrEqual(3 * FEW)
  for (const tab of tabs)
    expect(seen(tab)).toEqual([
      [11, 1],
      [22, 0],
      [33, 0],
    ])
})

test('a leave that was seen by all, then a return, dies out as well', async () => {
  const { room, tabs } = await scene()
  tabs[0].disconnect()
  run(room, tabs, 1_000)
  expect(seen(tabs[2])).toEqual([
    [22, 0],
    [33, 0],
  ])
  tabs[0].connect()
  expect(run(room, tabs, 1_000)).toBeLessThanOrEqual(FEW)
  expect(renew({ room, tabs })).toBeLessThanOrEqual(3 * FEW)
  for (const tab of tabs)
    expect(seen(tab)).toEqual([
      [11, 0],
      [22, 0],
      [33, 0],
    ])
})

test('a page made anew around its clientID is visible in both browsers and dies out', async () => {
  const { room, tabs } = await scene()
  for (let i = 1; i <= 30; i += 1) tabs[0].awareness.setLocalStateField('at', i)
  run(room, tabs, 50)
  tabs[0].disconnect()
  tabs[0].restart()
  tabs[0].connect()
  const start = run(room, tabs, 1_000)
  expect(start).toBeLessThanOrEqual(FEW)
  tabs[0].awareness.setLocalStateField('at', 99)
  expect(run(room, tabs, 1_000)).toBeLessThanOrEqual(FEW)
  expect(renew({ room, tabs })).toBeLessThanOrEqual(3 * FEW)
  for (const tab of tabs)
    expect(seen(tab)).toEqual([
      [11, 99],
      [22, 0],
      [33, 0],
    ])
})

test('both tabs reconnecting again and again stays bounded', async () => {
  const { room, tabs } = await scene()
  let frames = 0
  for (let round = 0; round < 20; round += 1) {
    const tab = tabs[round % 2 === 0 ? 0 : 1]
    tab.disconnect()
    frames += run(room, tabs, round % 3 === 0 ? 500 : 10)
    if (round % 4 === 0) tab.restart()
    tab.connect()
    frames += run(room, tabs, 40)
  }
  frames += run(room, tabs, 1_000)
  expect(frames).toBeLessThanOrEqual(20 * FEW)
  expect(room.room.people).toBe(3)
  expect(renew({ room, tabs })).toBeLessThanOrEqual(3 * FEW)
  for (const tab of tabs)
    expect(seen(tab)).toEqual([
      [11, 0],
      [22, 0],
      [33, 0],
    ])
})
