import * as Y from 'yjs'
import { Random } from '../random.ts'
import { WirePair } from '../wire-pair.ts'
import { Browser } from './browser.ts'
import { CrashableLog, type LogMutant } from './crashable-log.ts'
import { createUndoManager, openRoots } from './edits.ts'
import { emptyHolding, type Holding } from './id-ranges.ts'
import { Instance, type OpenRoom } from './instance.ts'
import type { CompactMutant } from './sim-compactor.ts'
import { SharedStorage } from './shared-storage.ts'
import { SimClock } from './sim-clock.ts'
import { StockTab } from './stock-tab.ts'

/** Rewrites what the server sends to one member, as one frame, several or none: how mutants of the wire are made. */
export type WireMutant = (frame: Uint8Array, connectionId: number) => readonly Uint8Array[]

/** What is simulated. */
export interface WorldOptions {
  readonly openRoom: OpenRoom
  readonly logMutant?: LogMutant
  /** Made afresh for each world. */
  readonly wireMutant?: ((world: World) => WireMutant) | undefined
  /** Rebuilds a document instead of the compaction worker. */
  readonly compactMutant?: (world: World) => CompactMutant
  /** False for rooms whose presence is known to be wrong at times, as the classic server's is. */
  readonly checksPresence?: boolean
  /** True for rooms that pass on what cannot be integrated yet, as the classic server does. */
  readonly passesOnPending?: boolean
  /** How many servers share the storage; default: one. */
  readonly instances?: number
}

/** Storage under the test's hand. `random` chooses whose turn it is where several share it; without it everybody's is. */
export interface SimStorage {
  stalled: boolean
  /** Appends, notices and compactions that wait for the scheduler. */
  readonly waiting: number
  readonly hasSnapshot: boolean
  /** The stored bytes in order: the snapshot where there is one, then the entries. */
  storedUpdates(): Uint8Array[]
  persist(count: number, random?: Random): number
  acknowledge(count: number, random?: Random): number
  settle(): number
}

/** At most so many tabs at once. */
const MAX_TABS = 6
/** A flush that moves more than this between two moments will never end. */
const STORM_ITEMS = 4_000

/** A history went wrong; `step` is the index of the operation, or -1 behind the last. */
export class Violation extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'Violation'
  }
}

/** Everything there is: instances, their storage, browsers with tabs, and the connections between them. */
export class World {
  readonly clock = new SimClock()
  readonly log: SimStorage
  /** Where several instances share the storage. */
  readonly shared: SharedStorage | undefined
  readonly instances: readonly Instance[]
  readonly browsers: Browser[] = []
  readonly copies: Uint8Array[] = []
  /** What has been acknowledged to anybody. */
  readonly acknowledged: Holding = emptyHolding()
  /** Updates that newcomers made themselves, who only joined. */
  newcomerWrites = 0
  /** Counters returned. */
  acknowledgements = 0
  tabs: StockTab[] = []
  pairs: WirePair[] = []
  readonly #serverOf = new WeakMap<WirePair, Instance>()
  crashes = 0
  readonly #options: WorldOptions
  readonly #storedVector = new Map<number, number>()
  readonly #wireMutant: WireMutant | undefined
  readonly #violations: string[] = []
  readonly #usedClientIDs = new Set<number>()
  #connections = 0
  #labels = 0

  constructor(options: WorldOptions) {
    this.#options = options
    this.#wireMutant = options.wireMutant?.(this)
    const { instances = 1, openRoom, logMutant } = options
    const onStored = (update: Uint8Array): void => this.#stored(update)
    const onViolation = (what: string): void => this.violation(what)
    if (instances === 1) {
      const log = new CrashableLog(onStored, logMutant)
      this.log = log
      this.instances = [
        new Instance(openRoom, log, this.clock, onViolation, '', options.compactMutant?.(this)),
      ]
    } else {
      const shared = new SharedStorage(instances, this.clock, onStored)
      this.log = shared
      this.shared = shared
      this.instances = shared.backends.map(
        (log, index) => new Instance(openRoom, log, this.clock, onViolation, `${index}-`),
      )
    }
  }

  /** Notes what must never happen; {@link throwViolations} raises it. */
  violation(what: string): void {
    this.#violations.push(what)
  }

  get checksPresence(): boolean {
    return this.#options.checksPresence ?? true
  }

  throwViolations(): void {
    const [first] = this.#violations
    if (first !== undefined) throw new Violation(this.#violations.slice(0, 3).join('; '))
  }

  /** Opens a tab, in a browser that is there or in a new one. */
  openTab(random: Random, browser?: Browser): StockTab | undefined {
    if (this.tabs.length >= MAX_TABS) return undefined
    const tab = this.#createTab(random, browser ?? this.#chooseBrowser(random), random.chance(0.85))
    if (random.chance(0.6)) tab.undo.manager = createUndoManager(tab.doc)
    this.tabs.push(tab)
    return tab
  }
  /** A tab in a browser of its own that has nothing and hears of nobody but the server. */
  openNewcomer(random: Random): StockTab {
    const browser = new Browser('newcomer')
    this.browsers.push(browser)
    const tab = this.#createTab(random, browser, false)
    tab.doc.on('update', (_update, origin) => {
      if (origin !== tab) this.newcomerWrites++
    })
    this.tabs.push(tab)
    return tab
  }

  closeTab(tab: StockTab): void {
    tab.close()
    this.tabs = this.tabs.filter((other) => other !== tab)
  }

  /** One of the instances; no choice is made where there is one only, so that histories stay what they were. */
  pickInstance(random: Random): Instance {
    const [first] = this.instances
    const picked = this.instances.length === 1 ? first : random.pick(this.instances)
    if (picked === undefined) throw new Error('a world has an instance')
    return picked
  }

  /** The instance that a tab is connected to. */
  instanceOf(tab: StockTab): Instance | undefined {
    return tab.pair === undefined ? undefined : this.#serverOf.get(tab.pair)
  }

  /** kill -9 of the process; up to `lastWords` items of each connection still reach its client. */
  crash(instance: Instance, lastWords: () => number): void {
    if (!instance.isUp) return
    this.crashes++
    instance.crash()
    for (const pair of this.pairs) if (this.#serverOf.get(pair) === instance) pair.serverDies(lastWords())
  }

  /** Connections and channels that have something to deliver. */
  get isQuiet(): boolean {
    return (
      !this.clock.turnPending &&
      this.log.waiting === 0 &&
      this.instances.every(({ compactor }) => compactor.waiting === 0) &&
      this.pairs.every((pair) => pair.upward === 0 && pair.downward === 0) &&
      this.browsers.every((browser) => browser.waiting === 0)
    )
  }

  /** Delivers everything that is under way, storage included, until nothing moves; time stands still. */
  async flush(): Promise<number> {
    let moved = 0
    for (;;) {
      let now =
        this.instances.reduce((sum, { compactor }) => sum + compactor.run(), 0) +
        (this.shared?.gossip(Infinity) ?? 0) +
        this.log.persist(Infinity) +
        this.log.acknowledge(Infinity) +
        this.log.settle()
      for (const pair of this.pairs) now += pair.deliverUp(Infinity)
      for (const pair of this.pairs) now += pair.deliverDown(Infinity)
      for (const browser of this.browsers) now += browser.deliver(Infinity, () => 0)
      if (this.clock.turnPending) {
        this.clock.endTurn()
        now++
      }
      await drained()
      this.sweep()
      this.throwViolations()
      moved += now
      if (now === 0 && this.isQuiet) return moved
      if (moved > STORM_ITEMS)
        throw new Violation(`storm: ${moved} messages and no end, while nobody did anything`)
      // a stalled disk holds appends back for as long as it likes
      if (now === 0) return moved
    }
  }

  /** Lets time pass, timer by timer; nothing is delivered meanwhile. */
  async pass(ms: number): Promise<void> {
    let left = ms
    for (;;) {
      left = this.clock.advance(left)
      await drained()
      if (left <= 0) return
      if (this.clock.turnPending) this.clock.endTurn()
    }
  }

  /** Forgets connections and browsers that are over. */
  sweep(): void {
    this.pairs = this.pairs.filter((pair) => !pair.isOver)
    const ended = this.browsers.filter(
      (browser) => browser.isEmpty && browser.waiting === 0 && browser.store.length === 0,
    )
    for (const browser of ended) this.browsers.splice(this.browsers.indexOf(browser), 1)
  }

  /** Whether storage held everything of `holding` at this moment, as far as state vectors tell. */
  #acknowledged(holding: Holding): void {
    this.acknowledgements++
    for (const [client, clock] of holding.units.ends()) {
      const stored = this.#storedVector.get(client) ?? 0
      if (stored < clock)
        this.violation(`acknowledged ${client}:${clock}, but only ${stored} is durable [I1]`)
    }
    this.acknowledged.units.addAll(holding.units)
    this.acknowledged.deletes.addAll(holding.deletes)
  }

  #stored(update: Uint8Array): void {
    for (const [client, clock] of Y.parseUpdateMeta(update).to) {
      this.#storedVector.set(client, Math.max(clock, this.#storedVector.get(client) ?? 0))
    }
  }

  #createTab(random: Random, browser: Browser, listensToTabs: boolean): StockTab {
    const tab = new StockTab({
      label: `t${++this.#labels}`,
      clientID: this.#freshClientID(random),
      browser,
      clock: this.clock,
      dial: (dialing) => this.#dial(dialing),
      onViolation: (what) => this.violation(what),
      onAcknowledged: (holding) => this.#acknowledged(holding),
      listensToTabs,
      keepsStore: random.chance(0.5),
      collectsGarbage: random.chance(0.9),
      extended: random.chance(0.2),
      hearsPending: this.#options.passesOnPending ?? false,
    })
    openRoots(tab.doc)
    return tab
  }

  #dial(tab: StockTab): WirePair | undefined {
    if (!tab.online) return undefined
    const connectionId = ++this.#connections
    const wireMutant = this.#wireMutant
    // as a balancer that takes turns: a tab that comes back meets another instance
    const instance = this.instances[connectionId % this.instances.length]
    if (instance === undefined) throw new Error('a world has an instance')
    const pair = new WirePair(tab, instance, {
      connectionId,
      extended: tab.extended,
      key: tab.extended ? `key-${tab.label}` : undefined,
      onSend: wireMutant === undefined ? undefined : (frame) => wireMutant(frame, connectionId),
    })
    this.#serverOf.set(pair, instance)
    this.pairs.push(pair)
    return pair
  }

  #chooseBrowser(random: Random): Browser {
    const known = random.chance(0.6) ? random.pick(this.browsers) : undefined
    if (known !== undefined) return known
    const browser = new Browser(`b${this.browsers.length + 1}`)
    this.browsers.push(browser)
    return browser
  }

  #freshClientID(random: Random): number {
    // small and large ids: their order decides conflicts, their size the length of the bytes
    let id = random.chance(0.5) ? random.between(1, 200) : random.uint32()
    while (this.#usedClientIDs.has(id)) id = (id + 1) >>> 0
    this.#usedClientIDs.add(id)
    return id
  }
}

/** Lets every promise that can settle do so; nothing in a world waits for anything else. */
export function drained(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
