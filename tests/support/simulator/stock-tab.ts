import {
  decodeMessage,
  encodeAwareness,
  encodeQueryAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  isTerminalClose,
} from '@roomful/shared'
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { WireClient, WirePair } from '../wire-pair.ts'
import type { Browser, ChannelEnd } from './browser.ts'
import { decodeAwareness } from './awareness-entries.ts'
import { emptyHolding, type Holding, holdingOfUpdate } from './id-ranges.ts'
import type { SimClock } from './sim-clock.ts'

/** What a tab needs of its surroundings. */
export interface TabOptions {
  readonly label: string
  readonly clientID: number
  readonly browser: Browser
  readonly clock: SimClock
  /** A new connection of this tab; `undefined` while the network is away. */
  readonly dial: (tab: StockTab) => WirePair | undefined
  /** Something no honest client should ever see. */
  readonly onViolation: (what: string) => void
  /** Everything before a returned counter is durable: this is what it was. */
  readonly onAcknowledged: (holding: Holding) => void
  readonly listensToTabs: boolean
  readonly keepsStore: boolean
  readonly collectsGarbage: boolean
  readonly extended: boolean
  /** What the room says may build on what it has not said yet. */
  readonly hearsPending: boolean
}

/** y-websocket's first wait after a failed connection, doubled each time up to the second. */
const BACKOFF_MS = 100
const MAX_BACKOFF_MS = 2_500
/** y-websocket drops a socket that was silent for so long; it looks every tenth of it. */
const SILENCE_MS = 30_000
/** y-protocols renews the own state after half of this and forgets others after all of it; it looks every tenth. */
const AWARENESS_TIMEOUT_MS = 30_000
const CHECK_MS = 3_000

/** Marks updates that come from the shared store. */
const STORE_ORIGIN = { kind: 'store' } as const

/**
 * A stock y-websocket 3.1 client: y-websocket.js and y-protocols 1.0 line by line where bytes or order can show it, with
 * sockets, BroadcastChannel and time of the simulator. The document and the awareness states are the real ones.
 */
export class StockTab implements WireClient, ChannelEnd {
  readonly label: string
  readonly doc: Y.Doc
  readonly extended: boolean
  readonly keepsStore: boolean
  readonly browser: Browser
  readonly undo: { manager: Y.UndoManager | undefined } = { manager: undefined }
  awareness: Awareness
  pair: WirePair | undefined
  /** The network of this tab's machine. */
  online = true
  /** Frames this tab sent over its socket. */
  sentFrames = 0
  /** What the server said of everybody on this connection: the last entry of each. */
  readonly told = new Map<number, { readonly clock: number; readonly state: string }>()
  /** Others that this tab saw leave while connected. */
  seenLeaving: number[] = []
  readonly #options: TabOptions
  #shouldConnect = false
  #connected = false
  #synced = false
  #listens = false
  #closed = false
  #attempts = 0
  #lastHeard = 0
  #sent: Holding = emptyHolding()
  #counter = 0
  #unanswered: { readonly counter: Uint8Array; readonly holding: Holding }[] = []
  #cancelCheck: () => void

  constructor(options: TabOptions) {
    this.#options = options
    this.label = options.label
    this.browser = options.browser
    this.extended = options.extended
    this.keepsStore = options.keepsStore
    this.doc = new Y.Doc({ gc: options.collectsGarbage, guid: options.label })
    this.doc.clientID = options.clientID
    this.doc.on('update', (update: Uint8Array, origin: unknown) => this.#updated(update, origin))
    this.awareness = this.#createAwareness()
    this.browser.enter(this)
    this.#cancelCheck = options.clock.after(CHECK_MS, () => this.#check())
  }

  get clientID(): number {
    return this.doc.clientID
  }

  get listens(): boolean {
    return this.#listens
  }

  get isConnected(): boolean {
    return this.#connected
  }

  get isSynced(): boolean {
    return this.#synced
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Counters sent on this connection and not yet returned. */
  get awaitsAcknowledgement(): boolean {
    return this.#unanswered.length > 0
  }

  /** `WebsocketProvider.connect` */
  connect(): void {
    this.#shouldConnect = true
    if (!this.#connected && this.pair === undefined) {
      this.#dial()
      this.#connectTabs()
    }
  }

  /** `WebsocketProvider.disconnect` */
  disconnect(): void {
    this.#shouldConnect = false
    this.#disconnectTabs()
    if (this.pair !== undefined) this.#endConnection(undefined)
  }

  /** The page is closed without a word: the browser closes its socket. */
  close(): void {
    this.#closed = true
    this.#shouldConnect = false
    this.#listens = false
    this.#cancelCheck()
    this.browser.leave(this)
    this.pair?.clientClose()
    this.pair = undefined
    this.undo.manager?.destroy()
    this.doc.destroy()
  }

  /** A new provider around the same document, as a remounted component makes it: presence starts at clock 0 again. */
  remount(): void {
    this.disconnect()
    const old = this.awareness
    // the provider stops listening before its awareness ends: nobody hears the null of `destroy`
    this.awareness = this.#createAwareness()
    this.awareness.setLocalState(old.getLocalState())
    old.destroy()
    this.connect()
  }

  /** The socket ends, as by a proxy that restarts; what was sent still arrives. */
  dropConnection(): void {
    if (this.pair !== undefined) this.#endConnection(undefined)
  }

  /** The machine lost its network; `noticed` = the socket's end is known at once. */
  goOffline(noticed: boolean, arrive: number): void {
    this.online = false
    this.pair?.sever(arrive)
    if (noticed) this.pair?.clientNotices()
  }

  goOnline(): void {
    this.online = true
  }

  /** Tries at once what would otherwise wait for its backoff. */
  retryNow(): void {
    if (this.#shouldConnect && this.pair === undefined) this.#dial()
  }

  /** Loads what the browser's store holds, up to an entry, as y-indexeddb does. */
  loadStore(entries: number): void {
    const updates = this.browser.store.slice(0, entries)
    if (updates.length === 0) return
    Y.transact(
      this.doc,
      () => {
        for (const update of updates) this.#apply(update, STORE_ORIGIN)
      },
      STORE_ORIGIN,
      false,
    )
  }

  /** Loads an older copy, as a page does before it connects. */
  loadCopy(update: Uint8Array): void {
    this.#apply(update, STORE_ORIGIN)
  }

  /** What `resyncInterval` does. */
  resync(): void {
    this.#sendToServer(encodeSyncStep1(Y.encodeStateVector(this.doc)))
  }

  /** 102: asks to hear when everything sent on this connection so far is durable. */
  askForAcknowledgement(): void {
    if (this.pair?.isOpen !== true || !this.#connected) return
    const counter = Uint8Array.of(++this.#counter & 0xff, (this.#counter >> 8) & 0xff)
    this.#unanswered.push({
      counter,
      holding: { units: this.#sent.units.clone(), deletes: this.#sent.deletes.clone() },
    })
    this.#sendToServer(encodeSyncStatus(counter))
  }

  opened(): void {
    this.#lastHeard = this.#options.clock.now()
    this.#connected = true
    this.told.clear()
    this.#sendToServer(encodeSyncStep1(Y.encodeStateVector(this.doc)))
    if (this.awareness.getLocalState() !== null) {
      this.#sendToServer(encodeAwareness(encodeAwarenessUpdate(this.awareness, [this.clientID])))
    }
  }

  received(frame: Uint8Array): void {
    this.#lastHeard = this.#options.clock.now()
    const reply = this.#read(frame, true)
    if (reply !== undefined) this.#sendToServer(reply)
  }

  closed(code: number): void {
    if (isTerminalClose(code)) this.#options.onViolation(`${this.label} was closed for ever with ${code}`)
    this.#endConnection(code)
  }

  heard(message: Uint8Array): void {
    const reply = this.#read(message, false)
    if (reply !== undefined) this.browser.publish(this, reply)
  }

  #createAwareness(): Awareness {
    const awareness = new Awareness(this.doc)
    // its own interval runs on the machine's time; `#check` does the same on the simulator's
    clearInterval(awareness._checkInterval)
    const touch = (clients: readonly number[]): void => {
      for (const client of clients) {
        const meta = awareness.meta.get(client)
        if (meta !== undefined)
          awareness.meta.set(client, { clock: meta.clock, lastUpdated: this.#options.clock.now() })
      }
    }
    touch([this.clientID])
    type Changes = { added: number[]; updated: number[]; removed: number[] }
    awareness.on('update', ({ added, updated, removed }: Changes) => {
      if (this.awareness !== awareness) return
      const changed = [...added, ...updated, ...removed]
      touch(changed)
      if (this.#connected) this.seenLeaving.push(...removed.filter((client) => client !== this.clientID))
      this.#broadcast(encodeAwareness(encodeAwarenessUpdate(awareness, changed)))
    })
    return awareness
  }

  #updated(update: Uint8Array, origin: unknown): void {
    if (this.keepsStore && origin !== STORE_ORIGIN) this.browser.store.push(update)
    // what came over the socket or from another tab is never passed on
    if (origin !== this) this.#broadcast(encodeUpdate(update))
  }

  #broadcast(frame: Uint8Array): void {
    if (this.#connected) this.#sendToServer(frame)
    if (this.#listens) this.browser.publish(this, frame)
  }

  #sendToServer(frame: Uint8Array): void {
    if (this.pair?.isOpen !== true) return
    const message = decodeMessage(frame)
    if (message?.type === 'sync-step2' || message?.type === 'update') {
      const carried = holdingOfUpdate(message.update, Y.decodeStateVector(Y.encodeStateVector(this.doc)))
      this.#sent.units.addAll(carried.units)
      this.#sent.deletes.addAll(carried.deletes)
    }
    this.sentFrames++
    this.pair.clientSend(frame)
  }

  #read(frame: Uint8Array, fromServer: boolean): Uint8Array | undefined {
    const message = decodeMessage(frame)
    if (message === undefined) {
      this.#options.onViolation(`${this.label} received a frame that is no message`)
      return undefined
    }
    switch (message.type) {
      case 'sync-step1':
        return encodeSyncStep2(Y.encodeStateAsUpdate(this.doc, message.stateVector))
      case 'sync-step2':
        this.#hear(message.update, fromServer)
        if (fromServer) {
          this.#synced = true
          this.#attempts = 0
        }
        return undefined
      case 'update':
        this.#hear(message.update, fromServer && this.#synced)
        return undefined
      case 'awareness':
        if (fromServer) this.#noteTold(message.update)
        applyAwarenessUpdate(this.awareness, message.update, this)
        return undefined
      case 'query-awareness':
        return encodeAwareness(encodeAwarenessUpdate(this.awareness, [...this.awareness.getStates().keys()]))
      case 'sync-status':
        this.#acknowledged(message.counter)
        return undefined
      case 'hello':
      case 'notice':
      case 'fragment':
      case 'check':
      case 'report':
        if (!this.extended)
          this.#options.onViolation(`${this.label} got a ${message.type} it never asked for`)
        return undefined
      case 'moved':
        this.#options.onViolation(`${this.label} got moved entries it never asked for`)
        return undefined
      case 'auth':
        this.#options.onViolation(`${this.label} was denied: ${message.reason}`)
        return undefined
    }
  }

  #noteTold(update: Uint8Array): void {
    for (const { client, clock, state } of decodeAwareness(update)) this.told.set(client, { clock, state })
  }

  /** `isWhole`: it comes from the room, to a tab that the room has answered: it needs nothing that is yet to come. */
  #hear(update: Uint8Array, isWhole: boolean): void {
    const { store } = this.doc
    const hadPending = store.pendingStructs !== null || store.pendingDs !== null
    this.#apply(update, this)
    if (!isWhole || hadPending || this.#options.hearsPending) return
    if (store.pendingStructs !== null || store.pendingDs !== null)
      this.#options.onViolation(`${this.label} was told by the room what it cannot integrate`)
  }

  #apply(update: Uint8Array, origin: unknown): void {
    try {
      Y.applyUpdate(this.doc, update, origin)
    } catch (error) {
      // y-protocols prints it and goes on with a half-applied transaction; here it is a finding
      this.#options.onViolation(`${this.label} could not apply an update: ${String(error)}`)
    }
  }

  #acknowledged(counter: Uint8Array): void {
    const next = this.#unanswered.shift()
    if (next === undefined || next.counter.join() !== counter.join()) {
      this.#options.onViolation(
        `${this.label} got counter ${counter.join()}, expected ${next?.counter.join() ?? 'none'}`,
      )
      return
    }
    this.#options.onAcknowledged(next.holding)
  }

  #dial(): void {
    if (!this.#shouldConnect || this.pair !== undefined || this.#closed) return
    this.#synced = false
    this.#sent = emptyHolding()
    this.#unanswered = []
    this.pair = this.#options.dial(this)
    if (this.pair === undefined) this.#retryLater()
  }

  /** `closeWebsocketConnection`: `code` is missing where the client itself closes. */
  #endConnection(code: number | undefined): void {
    const pair = this.pair
    this.pair = undefined
    pair?.clientClose()
    if (this.#connected) {
      this.#connected = false
      this.#synced = false
      const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.clientID)
      removeAwarenessStates(this.awareness, others, this)
    }
    if (code !== undefined && isTerminalClose(code)) this.#shouldConnect = false
    this.#retryLater()
  }

  #retryLater(): void {
    this.#attempts++
    const wait = Math.min(BACKOFF_MS * 2 ** Math.min(this.#attempts, 10), MAX_BACKOFF_MS)
    this.#options.clock.after(wait, () => this.#dial())
  }

  #connectTabs(): void {
    if (!this.#options.listensToTabs) return
    this.#listens = true
    this.browser.publish(this, encodeSyncStep1(Y.encodeStateVector(this.doc)))
    this.browser.publish(this, encodeSyncStep2(Y.encodeStateAsUpdate(this.doc)))
    this.browser.publish(this, encodeQueryAwareness())
    this.browser.publish(this, encodeAwareness(encodeAwarenessUpdate(this.awareness, [this.clientID])))
  }

  #disconnectTabs(): void {
    this.#broadcast(encodeAwareness(encodeAwarenessUpdate(this.awareness, [this.clientID], new Map())))
    this.#listens = false
  }

  #check(): void {
    this.#cancelCheck = this.#options.clock.after(CHECK_MS, () => this.#check())
    const now = this.#options.clock.now()
    const { awareness } = this
    const own = awareness.meta.get(this.clientID)
    const state = awareness.getLocalState()
    if (state !== null && own !== undefined && AWARENESS_TIMEOUT_MS / 2 <= now - own.lastUpdated) {
      awareness.setLocalState(state)
    }
    const gone: number[] = []
    for (const [client, meta] of awareness.meta) {
      if (
        client !== this.clientID &&
        AWARENESS_TIMEOUT_MS <= now - meta.lastUpdated &&
        awareness.states.has(client)
      ) {
        gone.push(client)
      }
    }
    if (gone.length > 0) removeAwarenessStates(awareness, gone, 'timeout')
    if (this.#connected && SILENCE_MS < now - this.#lastHeard) this.#endConnection(undefined)
  }
}
