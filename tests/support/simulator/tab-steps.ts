import * as Y from 'yjs'
import type { Random } from '../random.ts'
import { edit } from './edits.ts'
import type { OperationKind } from './operations.ts'
import type { StockTab } from './stock-tab.ts'
import type { World } from './world.ts'

/** A step of one tab; says what happened, `undefined` where nothing did. */
export type TabStep = (world: World, tab: StockTab, random: Random) => string | undefined

type TabOperation = Extract<
  OperationKind,
  | 'edit'
  | 'undo'
  | 'overtake'
  | 'offline'
  | 'online'
  | 'disconnect'
  | 'connect'
  | 'close'
  | 'reload'
  | 'copy'
  | 'store'
  | 'presence'
  | 'remount'
  | 'ask'
  | 'resync'
  | 'slow'
>

/** A reader that has not drained reports this much: over the room's first bound, below its second. */
const SLOW_BYTES = 2 * 1024 * 1024

/** What people, their tabs and their networks do. */
export const TAB_STEPS: Readonly<Record<TabOperation, TabStep>> = {
  edit: (_world, tab, random) => `${tab.label} ${editTab(tab, random)}`,
  undo,
  overtake,
  offline: (world, tab, random) => {
    if (!tab.online) return undefined
    const noticed = random.chance(0.6)
    const arrive = random.int(4)
    // one machine, one network: its other tabs lose it too, most of the time
    const together = random.chance(0.7) ? tabsOf(world, tab) : [tab]
    for (const other of together) other.goOffline(noticed, arrive)
    return `${labels(together)} offline, ${arrive} messages still arrive, noticed: ${noticed}`
  },
  online: (world, tab) => {
    const away = tabsOf(world, tab).filter((other) => !other.online)
    for (const other of away) {
      other.goOnline()
      other.retryNow()
    }
    return away.length === 0 ? undefined : `${labels(away)} online`
  },
  disconnect: (_world, tab) => {
    tab.disconnect()
    return `${tab.label} disconnects`
  },
  connect: (_world, tab, random) => {
    if (tab.pair === undefined && random.chance(0.5)) tab.retryNow()
    else tab.connect()
    return `${tab.label} connects`
  },
  close: (world, tab, random) => {
    if (random.chance(0.4)) tab.disconnect()
    world.closeTab(tab)
    return `${tab.label} closes`
  },
  reload: (world, tab, random) => {
    world.closeTab(tab)
    const fresh = world.openTab(random, tab.browser)
    return `${tab.label} reloads: ${fresh === undefined ? 'nothing' : fillTab(world, fresh, random)}`
  },
  copy: (world, tab) => {
    world.copies.push(Y.encodeStateAsUpdate(tab.doc))
    return `${tab.label} is copied`
  },
  store: (_world, tab, random) => {
    const { store } = tab.browser
    if (store.length === 0) return undefined
    const entries = random.between(1, store.length)
    tab.loadStore(entries)
    return `${tab.label} loads ${entries} stored entries`
  },
  presence: (_world, tab, random) => {
    const pointer = { x: random.int(9) / 10, y: 0.5 }
    const state = random.chance(0.06) ? null : { user: { id: tab.label, name: tab.label }, pointer }
    tab.awareness.setLocalState(state)
    return `${tab.label} presence ${JSON.stringify(state)}`
  },
  remount: (_world, tab) => {
    tab.remount()
    return `${tab.label} remounts its provider`
  },
  ask: (world, _tab, random) => {
    const asking = random.pick(world.tabs.filter((other) => other.isConnected))
    if (asking === undefined) return undefined
    asking.askForAcknowledgement()
    return `${asking.label} asks for an acknowledgement`
  },
  resync: (_world, tab) => {
    if (!tab.isConnected) return undefined
    tab.resync()
    return `${tab.label} sends its state vector again`
  },
  slow: (_world, tab) => {
    if (tab.pair === undefined) return undefined
    tab.pair.stalledBytes = SLOW_BYTES
    return `${tab.label} reads slowly`
  },
}

/** A fresh page: empty, from an old copy, or from what its browser stored; connected before or after it was filled. */
export function fillTab(world: World, tab: StockTab, random: Random): string {
  const before = random.chance(0.3)
  if (before) tab.connect()
  let from = 'empty'
  const { store, label } = tab.browser
  const copy = random.pick(world.copies)
  if (copy !== undefined && random.chance(0.4)) {
    tab.loadCopy(copy)
    from = 'from an old copy'
  } else if (store.length > 0 && random.chance(0.6)) {
    const entries = random.chance(0.5) ? store.length : random.between(1, store.length)
    tab.loadStore(entries)
    from = `from ${entries} stored entries`
  }
  if (!before) tab.connect()
  tab.awareness.setLocalState({ user: { id: tab.label, name: tab.label }, pointer: null })
  return `${tab.label} (${tab.clientID}) opens in ${label}, ${from}`
}

/** What one tab writes is built upon in another tab of its browser, whose socket is faster. */
function overtake(world: World, tab: StockTab, random: Random): string | undefined {
  const { browser } = tab
  const sibling = random.pick(tabsOf(world, tab).filter((other) => other !== tab && other.listens))
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

function undo(_world: World, tab: StockTab, random: Random): string | undefined {
  const { manager } = tab.undo
  if (manager === undefined) return undefined
  if (random.chance(0.3)) return manager.redo() === null ? undefined : `${tab.label} redoes`
  return manager.undo() === null ? undefined : `${tab.label} undoes`
}

function tabsOf(world: World, tab: StockTab): StockTab[] {
  return world.tabs.filter((other) => other.browser === tab.browser)
}

function labels(tabs: readonly StockTab[]): string {
  return tabs.map((tab) => tab.label).join()
}
