import {
  DELETED_CODE,
  encodeQueryAwareness,
  encodeSyncStatus,
  LEAVING_CODE,
  MESSAGE,
  MOVED_VERSION,
  PROTOCOL_VERSION,
  type Fragment,
  type Hello,
  type Notice,
  type NoticeCode,
  UNAUTHORIZED_CODE,
} from '@roomful/shared'
import { uuidv4 } from 'lib0/random'
import { encodeQueryParams } from 'lib0/url'
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { Attempts } from './attempts.ts'
import {
  applyRemoteAwareness,
  forgetAbsent,
  sayUser,
  sendOwnAwarenessOnly,
  takeNewClientId,
} from './awareness-link.ts'
import { MAX_BACKOFF_MS } from './backoff.ts'
import { Checks } from './checks.ts'
import { deviceClock, type ClientClock } from './clock.ts'
import type { ConnectionDetail, ConnectionState, LocalCopyState, Pending } from './connection.ts'
import { Fragments } from './fragments.ts'
import { parseGeneration } from './generation.ts'
import { giveUp } from './give-up.ts'
import { hookMessageHandlers } from './message-handlers.ts'
import { MovedStates } from './moved-states.ts'
import { onPageEvents } from './page-events.ts'
import { park } from './parked-socket.ts'
import { PendingCounter } from './pending-counter.ts'
import { toClosedReason, toConnectionDetail, type Phase } from './phase.ts'
import type { IdentityLike, ProviderEvents, RoomfulProviderOptions } from './provider-options.ts'
import { ownClock, withoutUnproved } from './proved-clock.ts'
import { SavedRoom } from './saved-room.ts'
import { SilenceWatch } from './silence-watch.ts'
import { Standing } from './standing.ts'
import { askTabs, channelName, moveChannel } from './tab-channel.ts'
import type { RoomContext } from './room-context.ts'

/** A synced connection that held so long resets the backoff, ms; one that is thrown out at once does not. */
const STABLE_MS = 5_000
/** y-websocket's `on`, `once`, `off`, `emit`, with Roomful's events beside its own. Types only: no field is declared that nobody sets. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface RoomfulProvider {
  on<N extends keyof ProviderEvents>(name: N, listener: ProviderEvents[N]): ProviderEvents[N]
  once<N extends keyof ProviderEvents>(name: N, listener: ProviderEvents[N]): void
  off<N extends keyof ProviderEvents>(name: N, listener: ProviderEvents[N]): void
  emit<N extends keyof ProviderEvents>(name: N, args: Parameters<ProviderEvents[N]>): void
}

/**
 * y-websocket's `WebsocketProvider` with pending changes, a local copy and reconnects that do not stampede.
 * Constructor, options, fields and events of y-websocket stay valid: changing one import is enough. On servers that do
 * not speak Roomful's extensions `pending` is `'unknown'` and everything else works. Who is here: `presenceOf(provider)`.
 *
 * @example
 * const provider = new RoomfulProvider('wss://example.com/ws', 'lobby', new Y.Doc(), { identity: new Identity() })
 * provider.on('connection', (state) => badge.show(state))
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export class RoomfulProvider extends WebsocketProvider implements RoomContext {
  readonly #clock: ClientClock
  readonly #identity: IdentityLike | undefined
  readonly #tabKey: string = uuidv4()
  readonly #saved: SavedRoom
  readonly #channelBase: string
  readonly #ownsAwareness: boolean
  readonly #counter: PendingCounter
  readonly #attempts: Attempts
  readonly #silence: SilenceWatch
  readonly #standing = new Standing(this)
  readonly #cleanups: (() => void)[] = []
  readonly #fragments = new Fragments()
  readonly #moved = new MovedStates()
  readonly #checks: Checks
  #tokenValue = ''
  /** y-websocket's own `connect()` is running for a try: the tabs are connected already. */
  #isOpening = false
  #isForeign = false
  /** A message of another tab is being applied. */
  #isRelaying = false
  #hello: Hello | undefined
  #clockOffsetMs = 0
  #isDestroyed = false

  /**
   * @param serverUrl where the rooms are, `wss://example.com/ws`.
   * @param room the room's name, appended to the address.
   * @param doc the document to keep in sync.
   */
  constructor(serverUrl: string, room: string, doc: Y.Doc, options: RoomfulProviderOptions = {}) {
    const {
      connect = true,
      token,
      persist,
      identity,
      user,
      maxBackoffMs,
      warnOnUnsynced,
      clock,
      random,
      ...stock
    } = options
    const maxBackoffTime = maxBackoffMs ?? stock.maxBackoffTime ?? MAX_BACKOFF_MS
    // y-websocket would connect inside its constructor, before there are any fields here
    super(serverUrl, room, doc, { ...stock, maxBackoffTime, connect: false })
    this.#clock = clock ?? deviceClock
    this.#silence = new SilenceWatch(this.#clock, () => giveUp(this))
    this.#attempts = new Attempts({
      provider: this,
      clock: this.#clock,
      random: random ?? Math.random,
      token,
      open: (value) => this.#open(value),
      onPhase: (phase) => this.#onPhase(phase),
    })
    this.#identity = identity
    this.#ownsAwareness = stock.awareness === undefined
    this.#saved = new SavedRoom(this.serverUrl, room, doc, {
      clock: this.#clock,
      onLoaded: (pending) => this.#counter.changed(pending),
      onStored: (isNews) => this.#onStored(isNews),
      ledger: () => this.#counter.ledger,
    })
    this.#channelBase = this.bcChannel
    this.#counter = new PendingCounter({
      send: (counter) => {
        this.#sendNow(encodeSyncStatus(counter))
        this.#silence.asked()
      },
      now: () => this.#clock.now(),
      ownClock: () => ownClock(doc),
    })
    this.#checks = new Checks({
      doc,
      clock: this.#clock,
      isSettled: () => this.wsconnected && this.synced && this.#counter.count === 0,
      send: (message) => this.#sendNow(message),
      onDiverged: async (reason) => {
        this.disconnect()
        this.#attempts.close(reason)
        await this.#saved.copy?.setAside()
        this.emit('diverged', [])
      },
    })
    const sayWho = (): void => sayUser(this.awareness, this.#hello?.user, identity?.user ?? user)
    sayWho()
    sendOwnAwarenessOnly(this, (message) => this.#sendNow(message))
    hookMessageHandlers(this.messageHandlers, {
      onHeard: (type) => this.#hear(type),
      onSync: (isRelayed, apply) => {
        this.#isRelaying = isRelayed
        if (!isRelayed) this.#checks.heard++
        try {
          apply()
        } finally {
          this.#isRelaying = false
        }
      },
      onAsked: (vector) =>
        this.#isForeign ? vector : withoutUnproved(vector, ownClock(doc), this.#counter.proved),
      onAnswered: () => this.#counter.answered(),
      onAwareness: (update, isToldInFull) => {
        applyRemoteAwareness(this.awareness, update, this)
        if (isToldInFull && (this.#hello?.protocol ?? 0) >= MOVED_VERSION) this.#moved.keep(update)
      },
      onMoved: (decoder) => {
        const [update, isUnknown] = this.#moved.fill(decoder)
        if (isUnknown) this.#sendNow(encodeQueryAwareness())
        return update
      },
      onReceipt: (counter) => this.#onReceipt(counter),
      onHello: (hello) => this.#onHello(hello),
      onNotice: (notice) => this.#onNotice(notice),
      onCheck: (check) => void this.#checks.compare(check),
      onFragment: (fragment) => this.#onFragment(fragment),
      // the next connection gets it whole
      onBroken: () => this.ws?.close(),
    })
    this.on('connection-close', (event) => this.#onDrop(event))
    this.on('closed', ({ code, reason }) => this.#onRefused(code, reason))
    doc.on('update', this.#onUpdate)
    this.#cleanups.push(
      () => doc.off('update', this.#onUpdate),
      onPageEvents({
        onReturn: () => this.#onReturn(),
        onOffline: () => this.#probe(),
        onHidden: () => this.#saved.copy?.flush(),
        // the browser would close it as any proxy does, and who only was cut off is not taken for gone
        onLeaving: () => this.#hello && this.ws?.close(LEAVING_CODE),
        isAtRisk: warnOnUnsynced === true ? () => this.isAtRisk : undefined,
      }),
    )
    if (identity !== undefined) this.#cleanups.push(identity.subscribe(sayWho))
    // what is in the document already may be nowhere else
    if (doc.store.clients.size > 0) this.#counter.changed()
    if (persist ?? typeof window !== 'undefined') void this.#saved.open()
    this.#moveChannel()
    this.#publish()
    if (connect) this.#connectOrDestroy()
  }

  get connection(): ConnectionState {
    return this.#standing.detail.state
  }

  /** The connection with its reason, next try, round trip and server; the same object until something changed. */
  get connectionDetail(): ConnectionDetail {
    return this.#standing.detail
  }

  /** Local changes not yet durable on the server, those kept from before a reload included. */
  get pending(): Pending {
    return this.#standing.pending
  }

  get localCopy(): LocalCopyState {
    return this.#saved.state
  }

  /**
   * Changes of this tab lie neither on the server nor on this device: closing the tab now would lose them. True for a
   * moment behind each keystroke, and for as long as the server is away where IndexedDB is refused or full
   * (`localCopy` is then `'unavailable'`). `subscribe` tells when it changes. Foreign servers say nothing of what they
   * store: there what was sent counts as safe.
   */
  get isAtRisk(): boolean {
    const isSent = this.#isForeign && this.synced
    return !isSent && this.#counter.count > 0 && this.#saved.copy?.holds(this.#counter.ledger.made) !== true
  }

  /** What the server said of itself last; `undefined` on foreign servers. */
  get hello(): Hello | undefined {
    return this.#hello
  }

  /** The server's clock, as well as it is known here: ms since 1970. */
  serverNow(): number {
    return Math.round(this.#clock.now() + this.#clockOffsetMs + (this.#counter.rttMs ?? 0) / 2)
  }

  /** The address of the next try: y-websocket's, with `v`, `key`, `gen` and `token`. Own `params` win. */
  override get url(): string {
    const { generation } = this.#saved
    const params: Record<string, string> = {
      v: String(PROTOCOL_VERSION),
      key: this.#identity?.key ?? this.#tabKey,
      ...(generation !== undefined && { gen: String(generation) }),
      ...(this.#tokenValue !== '' && { token: this.#tokenValue }),
      ...this.params,
    }
    return `${this.serverUrl}/${this.roomname}?${encodeQueryParams(params)}`
  }

  /** Tries now instead of at `connectionDetail.retryAt`; after a refusal, tries again. */
  retryNow(): void {
    const { state } = this.#attempts.phase
    if (state === 'waiting' || state === 'closed') this.connect()
  }

  /** Called when `connection`, `connectionDetail`, `pending`, `isAtRisk`, `hello` or `localCopy` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#standing.add(listener)
  }

  override connect(): void {
    if (this.#isDestroyed) return
    this.shouldConnect = true
    // with a generation this device has been in the room: there is something to wait for
    this.#attempts.connect(this.#saved.state === 'loading' && this.#saved.generation !== undefined)
  }

  override disconnect(): void {
    // first: what y-websocket now tells of the closing socket is no drop
    this.#attempts.close()
    park(this, false)
    // y-websocket says goodbye under the document's id; Yjs takes a new one when somebody else writes under it
    if (!this.awareness.meta.has(this.doc.clientID))
      this.awareness.meta.set(this.doc.clientID, { clock: 0, lastUpdated: 0 })
    super.disconnect()
    this.#counter.reset()
    this.#fragments.reset()
    this.#moved.reset()
    forgetAbsent(this.awareness)
    // others were told we are gone, with the clock as it stands: coming back takes a higher one
    const own = this.awareness.getLocalState()
    if (own !== null) this.awareness.setLocalState(own)
    this.#publish()
  }

  /** y-websocket greets the other tabs at each `connect()`, with the whole document; once per `connect()` of yours will do. */
  override connectBc(): void {
    if (!this.#isOpening || !this.bcconnected) super.connectBc()
  }

  /** Disconnects and lets go of everything. The local copy stays on the device. Idempotent. */
  override destroy(): void {
    if (this.#isDestroyed) return
    // y-websocket leaves one last timer behind, which does nothing: let it be a short one
    this.maxBackoffTime = 0
    super.destroy()
    this.#isDestroyed = true
    for (const cleanup of this.#cleanups) cleanup()
    this.#checks.destroy()
    this.#saved.destroy()
    this.#standing.clear()
    if (this.#ownsAwareness) this.awareness.destroy()
  }

  // --- tries ---------------------------------------------------------------------------------------------------------

  #onPhase(phase: Phase): void {
    this.#silence.stop()
    if (phase.state === 'waiting') this.wsUnsuccessfulReconnects = this.#attempts.backoff.failures
    if (phase.state === 'closed' && phase.reason !== undefined) this.shouldConnect = false
    if (phase.state !== 'dropped') this.#publish()
  }

  #connectOrDestroy(): void {
    try {
      this.connect()
    } catch (error) {
      // nobody gets hold of this provider: let go of the document and the page
      this.destroy()
      throw error
    }
  }

  #open(token: string): void {
    this.#tokenValue = token
    this.#isOpening = true
    try {
      super.connect()
    } finally {
      this.#isOpening = false
    }
  }

  /** `connection-close`: y-websocket says so first of all, with its state still in place. */
  #onDrop(event: CloseEvent | null): void {
    const { phase: was, backoff } = this.#attempts
    if (was.state === 'closed') return
    this.emit('dropped', [backoff.hintMs])
    if (this.synced && this.#isStable(was)) backoff.reset()
    // y-websocket's own retry, planned next, then comes to nothing within 200 ms; see ParkedSocket
    this.wsUnsuccessfulReconnects = 0
    const dropped: Phase = { state: 'dropped', was }
    this.#attempts.enter(dropped)
    this.#counter.reset()
    this.#fragments.reset()
    this.#moved.reset()
    // after y-websocket has finished: then it is known whether the server wants us back
    queueMicrotask(() => {
      forgetAbsent(this.awareness)
      askTabs(this)
      const { phase } = this.#attempts
      if (phase === dropped) this.#attempts.wait(event?.code)
      else if (phase.state === 'asking-token') park(this, true)
    })
  }

  /** `closed`: the server will not have us, now or later. */
  #onRefused(code: number, reason: string): void {
    const { phase } = this.#attempts
    if (code === UNAUTHORIZED_CODE && phase.state === 'dropped' && phase.was.state === 'live') {
      this.shouldConnect = true
      if (this.#attempts.renew(toClosedReason(code, reason), this.#isStable(phase.was))) return
    }
    const generation = code === DELETED_CODE ? parseGeneration(reason) : undefined
    if (generation !== undefined) this.#saved.setAside(generation)
    this.#attempts.close(toClosedReason(code, reason))
  }

  #isStable(phase: Phase): boolean {
    return phase.state === 'live' && this.#clock.now() - phase.since >= STABLE_MS
  }

  #onReturn(): void {
    if (this.#attempts.phase.state === 'waiting') this.#attempts.try()
    else this.#probe()
  }

  /** The network may have changed under an open socket: asks for a sign of life. */
  #probe(): void {
    if (this.#attempts.phase.state === 'live' && this.#counter.ask()) this.#silence.probe()
  }

  // --- messages ------------------------------------------------------------------------------------------------------

  /** Every message is a sign of life; the first one of a socket tells whose server it is. */
  #hear(type: number): void {
    this.#silence.heard()
    if (this.#attempts.phase.state !== 'opening') return
    this.#checks.heard = 0
    this.#isForeign = type !== MESSAGE.hello
    if (this.#isForeign) this.#hello = undefined
    this.#attempts.enter({ state: 'live', since: this.#clock.now() })
    this.#silence.start()
  }

  #onHello(hello: Hello | undefined): void {
    this.#isForeign = hello === undefined
    this.#hello = hello
    sayUser(this.awareness, hello?.user)
    this.#publish()
    if (hello === undefined) return
    this.#clockOffsetMs = hello.now - this.#clock.now()
    this.#counter.greeted()
    this.#saved.adopt(hello.generation)
    this.#moveChannel()
    this.emit('hello', [hello])
  }

  #onReceipt(counter: Uint8Array): void {
    this.#counter.receipt(counter)
    this.#saved.copy?.noteSoon()
    this.#publish()
  }

  #onNotice(notice: Notice | undefined): void {
    // a code of a later version: nothing this version could do about it
    if (notice === undefined) return
    if (REFUSALS.has(notice.code)) this.#counter.refused()
    if (notice.code === 'draining') this.#attempts.backoff.hint(notice.retryAfterMs)
    if (notice.code === 'clock-stolen') void this.#checks.comeApart()
    if (notice.code === 'clientid-conflict') this.#sendNow(takeNewClientId(this.doc, this.awareness))
    this.emit('notice', [notice])
  }

  #onFragment(fragment: Fragment): Uint8Array | undefined {
    const message = this.#fragments.add(fragment)
    const { totalBytes } = fragment
    this.#publish()
    this.emit('progress', [this.#fragments.progress ?? { receivedBytes: totalBytes, totalBytes }])
    return message
  }

  #sendNow(message: Uint8Array): void {
    // a slice is never a view into shared memory, which sockets refuse
    if (this.wsconnected && this.ws?.readyState === OPEN) this.ws.send(message.slice())
  }

  // --- document and local copy ---------------------------------------------------------------------------------------

  readonly #onUpdate = (_update: Uint8Array, origin: unknown): void => {
    if (origin === this) {
      if (this.#isRelaying) this.#counter.relayed()
      // of the copy only what other tabs stored meanwhile; the first reading is judged as a whole, when it is done
    } else if (this.#saved.state !== 'loading' || this.#saved.copy?.isOrigin(origin) !== true) {
      this.#counter.changed()
    }
    this.#saved.copy?.noteSoon()
    this.#publish()
  }

  #onStored(isNews: boolean): void {
    if (isNews) {
      this.emit('local-copy', [this.localCopy])
      this.#standing.call()
      if (this.#attempts.phase.state === 'loading') this.#attempts.try()
    }
    this.#publish()
  }

  #moveChannel(): void {
    moveChannel(this, channelName(this.#channelBase, this.#saved.generation, this.#hello?.user?.id))
  }

  // --- what is shown -------------------------------------------------------------------------------------------------

  #publish(): void {
    const { phase, isRetrying } = this.#attempts
    const { rttMs, count } = this.#counter
    const detail = toConnectionDetail(phase, isRetrying, rttMs, this.#hello, this.#fragments.progress)
    this.#standing.publish(detail, this.#isForeign ? 'unknown' : count, this.isAtRisk)
  }
}

/** Notices of updates the server did not take. */
const REFUSALS: ReadonlySet<NoticeCode> = new Set(['too-large', 'read-only', 'refused'])

/** `WebSocket.OPEN`, which Node 20 has no global for. */
const OPEN = 1
