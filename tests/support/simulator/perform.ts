import * as Y from 'yjs'
import { Random } from '../random.ts'
import { edit } from './edits.ts'
import type { Operation } from './operations.ts'
import type { StockTab } from './stock-tab.ts'
import type { World } from './world.ts'

/** A reader that has not drained reports this much: over the room's first bound, below its second. */
const SLOW_BYTES = 2 * 1024 * 1024
/** After most steps the event loop turns; the rest happen in one turn. */
const TURN_SHARE = 0.7

/**
 * Takes one step. Steps that find nothing to do, do nothing.
 *
 * @returns what happened, for people; `undefined` where nothing did.
 */
export async function perform(world: World, operation: Operation): Promise<string | undefined> {
  const random = new Random(operation.seed)
  const turns = random.chance(TURN_SHARE)
  const told = await act(world, operation, random)
  if (turns && world.clock.turnPending) world.clock.endTurn()
  return told
}

async function act(world: World, operation: Operation, random: Random): Promise<string | undefined> {
  switch (operation.kind) {
    case 'up':
    case 'down':
      return deliver(world, operation.kind, random)
    case 'tabs':
      return deliverTabs(world, random)
    case 'turn':
      return tell(world.clock.turnPending, () => world.clock.endTurn(), 'the turn ends')
    case 'flush':
      return `everything is delivered: ${await world.flush()}`
    case 'persist':
    case 'acknowledge':
    case 'settle':
    case 'stall':
    case 'heal':
      return store(world, operation.kind, random)
    case 'crash':
    case 'start':
    case 'unload':
    case 'compact':
    case 'rebuild':
      return drive(world, operation.kind, random)
    case 'time':
      return passTime(world, random)
    case 'open':
      return openTab(world, random)
    default: {
      const tab = random.pick(world.tabs)
      return tab === undefined ? undefined : actInTab(world, tab, operation.kind, random)
    }
  }
}

type TabOperation = Exclude<
  Operation['kind'],
  | 'up'
  | 'down'
  | 'tabs'
  | 'turn'
  | 'flush'
  | 'persist'
  | 'acknowledge'
  | 'settle'
  | 'stall'
  | 'heal'
  | 'crash'
  | 'start'
  | 'unload'
  | 'compact'
  | 'rebuild'
  | 'time'
  | 'open'
>

function actInTab(world: World, tab: StockTab, kind: TabOperation, random: Random): string | undefined {
  const { label } = tab
  switch (kind) {
    case 'edit':
      return `${label} ${editTab(tab, random)}`
    case 'undo':
      return undo(tab, random)
    case 'offline': {
      if (!tab.online) return undefined
      const noticed = random.chance(0.6)
      const arrive = random.int(4)
      // one machine, one network: its other tabs lose it too, most of the time
      const together = random.chance(0.7)
        ? world.tabs.filter((other) => other.browser === tab.browser)
        : [tab]
      for (const other of together) other.goOffline(noticed, arrive)
      return `${together.map((other) => other.label).join()} offline, ${arrive} messages still arrive, noticed=${noticed}`
    }
    case 'online': {
      const away = world.tabs.filter((other) => other.browser === tab.browser && !other.online)
      for (const other of away) {
        other.goOnline()
        other.retryNow()
      }
      return away.length === 0 ? undefined : `${away.map((other) => other.label).join()} online`
    }
    case 'notice': {
      const pair = random.pick(world.pairs.filter((other) => other.isSevered))
      const server = random.chance(0.6)
      return tell(
        pair !== undefined,
        () => (server ? pair?.serverNotices() : pair?.clientNotices()),
        `${server ? 'the server' : 'the client'} notices a dead socket`,
      )
    }
    case 'disconnect':
      tab.disconnect()
      return `${label} disconnects`
    case 'connect':
      if (tab.pair === undefined && random.chance(0.5)) tab.retryNow()
      else tab.connect()
      return `${label} connects`
    case 'close':
      if (random.chance(0.4)) tab.disconnect()
      world.closeTab(tab)
      return `${label} closes`
    case 'reload':
      world.closeTab(tab)
      return `${label} reloads: ${fillTab(world, world.openTab(random, tab.browser), random)}`
    case 'copy':
      world.copies.push(Y.encodeStateAsUpdate(tab.doc))
      return `${label} is copied`
    case 'store': {
      const entries = random.between(1, tab.browser.store.length)
      return tell(
        tab.browser.store.length > 0,
        () => tab.loadStore(entries),
        `${label} loads ${entries} stored entries`,
      )
    }
    case 'presence': {
      const state = random.chance(0.06)
        ? null
        : { user: { id: label, name: label }, pointer: { x: random.int(9) / 10, y: 0.5 } }
      tab.awareness.setLocalState(state)
      return `${label} presence ${JSON.stringify(state)}`
    }
    case 'remount':
      tab.remount()
      return `${label} remounts its provider`
    case 'overtake':
      return overtake(world, tab, random)
    case 'ask':
      tab.askForAcknowledgement()
      return `${label} asks for an acknowledgement`
    case 'slow': {
      const { pair } = tab
      if (pair === undefined) return undefined
      pair.stalledBytes = SLOW_BYTES
      return `${label} reads slowly`
    }
    case 'drain': {
      const slow = world.pairs.filter((pair) => pair.stalledBytes > 0)
      for (const pair of slow) pair.stalledBytes = 0
      return slow.length === 0 ? undefined : 'slow readers drain'
    }
    case 'leave':
      for (const other of world.tabs) other.disconnect()
      return 'everybody disconnects'
  }
}

/** What one tab writes is built upon in another tab of its browser, whose socket is faster. */
function overtake(world: World, tab: StockTab, random: Random): string | undefined {
  const { browser } = tab
  const sibling = random.pick(
    world.tabs.filter((other) => other !== tab && other.browser === browser && other.listens),
  )
  if (sibling === undefined || !tab.listens) return undefined
  const first = editTab(tab, random)
  while (browser.waiting > 0) browser.deliver(Infinity, (lanes) => random.int(lanes))
  const second = editTab(sibling, random)
  const arrived = sibling.pair?.deliverUp(Infinity) ?? 0
  return `${tab.label} ${first}; ${sibling.label} heard of it, ${second}, and its ${arrived} messages arrive first`
}

function editTab(tab: StockTab, random: Random): string {
  const edits = random.chance(0.8) ? 1 : random.between(2, 5)
  const told: string[] = []
  const run = (): void => {
    for (let count = 0; count < edits; count++) told.push(edit(tab.doc, random))
  }
  if (random.chance(0.8)) tab.doc.transact(run)
  else run()
  if (random.chance(0.3)) tab.undo.manager?.stopCapturing()
  return told.join(', ')
}

function undo(tab: StockTab, random: Random): string | undefined {
  const { manager } = tab.undo
  if (manager === undefined) return undefined
  if (random.chance(0.3)) {
    return manager.redo() === null ? undefined : `${tab.label} redoes`
  }
  return manager.undo() === null ? undefined : `${tab.label} undoes`
}

function deliver(world: World, direction: 'up' | 'down', random: Random): string | undefined {
  const pair = random.pick(
    world.pairs.filter((other) => (direction === 'up' ? other.upward : other.downward) > 0),
  )
  if (pair === undefined) return undefined
  const count = random.chance(0.5) ? Infinity : random.between(1, 3)
  const delivered = direction === 'up' ? pair.deliverUp(count) : pair.deliverDown(count)
  return `connection ${pair.member.connectionId} ${direction} ${delivered}`
}

function deliverTabs(world: World, random: Random): string | undefined {
  const browser = random.pick(world.browsers.filter((other) => other.waiting > 0))
  if (browser === undefined) return undefined
  const count = random.chance(0.4) ? Infinity : random.between(1, 3)
  return `${browser.label} carries ${browser.deliver(count, (lanes) => random.int(lanes))} between tabs`
}

function store(
  world: World,
  kind: 'persist' | 'acknowledge' | 'settle' | 'stall' | 'heal',
  random: Random,
): string | undefined {
  const { log } = world
  const count = random.chance(0.5) ? Infinity : random.between(1, 3)
  switch (kind) {
    case 'persist': {
      const stored = log.persist(count)
      return tell(stored > 0, () => {}, `${stored} entries are stored`)
    }
    case 'acknowledge': {
      const told = log.acknowledge(count)
      return tell(told > 0, () => {}, `storage answers for ${told} entries`)
    }
    case 'settle': {
      const settled = log.settle()
      return tell(settled > 0, () => {}, 'storage compacts or opens')
    }
    case 'stall':
      log.stalled = true
      return 'storage stalls'
    case 'heal':
      return tell(log.stalled, () => (log.stalled = false), 'storage heals')
  }
}

type DriveOperation = 'crash' | 'start' | 'unload' | 'compact' | 'rebuild'

function drive(world: World, kind: DriveOperation, random: Random): string | undefined {
  switch (kind) {
    case 'compact': {
      const { room } = world.instance
      return tell(room?.compact !== undefined, () => room?.compact?.(), 'the room is compacted')
    }
    case 'rebuild':
      return tell(world.instance.compactor.run() > 0, () => {}, 'the worker has rebuilt the document')
    case 'crash':
      return tell(world.instance.isUp, () => world.crash(() => random.int(4)), 'the server is killed')
    case 'start':
      return tell(!world.instance.isUp, () => world.instance.start(), 'the server starts')
    case 'unload':
      return world.instance.unload() ? 'the empty room is unloaded' : undefined
  }
}

async function passTime(world: World, random: Random): Promise<string> {
  const ms = random.pick([20, 200, 1_000, 3_000, 11_000]) ?? 20
  await world.pass(ms)
  return `${ms} ms pass`
}

function openTab(world: World, random: Random): string | undefined {
  const tab = world.openTab(random)
  return tab === undefined ? undefined : fillTab(world, tab, random)
}

/** A fresh page: empty, from an old copy, or from what its browser stored; connected before or after it was filled. */
function fillTab(world: World, tab: StockTab | undefined, random: Random): string {
  if (tab === undefined) return 'no room for another tab'
  const before = random.chance(0.3)
  if (before) tab.connect()
  let from = 'empty'
  const copy = random.pick(world.copies)
  if (copy !== undefined && random.chance(0.4)) {
    tab.loadCopy(copy)
    from = 'from an old copy'
  } else if (tab.browser.store.length > 0 && random.chance(0.6)) {
    const entries = random.chance(0.5)
      ? tab.browser.store.length
      : random.between(1, tab.browser.store.length)
    tab.loadStore(entries)
    from = `from ${entries} stored entries`
  }
  if (!before) tab.connect()
  tab.awareness.setLocalState({ user: { id: tab.label, name: tab.label }, pointer: null })
  return `${tab.label} (${tab.clientID}) opens in ${tab.browser.label}, ${from}`
}

function tell(did: boolean, run: () => unknown, what: string): string | undefined {
  if (!did) return undefined
  run()
  return what
}
