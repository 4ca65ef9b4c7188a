import {
  CLOSE,
  closeCode,
  encodeQueryAwareness,
  encodeSyncStatus,
  MESSAGE,
  PROTOCOL_VERSION,
  type Hello,
  type Notice,
} from '@roomful/shared'
import * as broadcast from 'lib0/broadcastchannel'
import { equalityDeep } from 'lib0/function'
import { encodeQueryParams } from 'lib0/url'
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { assertNever } from './assert-never.ts'
import { applyRemoteAwareness, forgetAbsent, ownAwarenessMessage } from './awareness-link.ts'
import { backoffMs, MAX_BACKOFF_MS } from './backoff.ts'
import { deviceClock, type ClientClock } from './clock.ts'
import type { ConnectionDetail, ConnectionState, LocalCopyState, Pending } from './connection.ts'
import { parseGeneration } from './generation.ts'
import { Listeners } from './listeners.ts'
import { hookMessageHandlers } from './message-handlers.ts'
import { onPageEvents } from './page-events.ts'
import { ParkedSocket } from './parked-socket.ts'
import { PendingCounter } from './pending-counter.ts'
import { toConnectionState, type Phase } from './phase.ts'
import { PresenceStore } from './presence-store.ts'
import type { IdentityLike, ProviderEvents, RoomfulProviderOptions } from './provider-options.ts'
import { randomId } from './random-id.ts'
import { SavedRoom } from './saved-room.ts'
import type { RoomContext } from './room-context.ts'

/** Heard nothing for so long although the server speaks every 10 s: the socket is dead and nobody has told us, ms. */
export const SILENCE_MS = 25_000
/** After the network or the tab came back, a live server answers within this, ms. */
export const PROBE_MS = 5_000
/** A socket that has not opened and spoken by then is given up, ms: browsers wait for minutes. */
export const CONNECT_TIMEOUT_MS = 10_000
/** The local copy gets so long to be read before we connect without it, ms. */
export const LOCAL_COPY_WAIT_MS = 1_000
/** A synced connection that held so long resets the backoff, ms; one that is thrown out at once does not. */
const STABLE_MS = 5_000
/** Overloaded or over the rate: the first retry may take up to 4 s. */
const OVERLOAD_FAILURES = 2

/** y-websocket's `on`, `once`, `off`, `emit`, with Roomful's events beside its own. Types only: no field is declared that nobody sets. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface RoomfulProvider {
  on<N extends keyof ProviderEvents>(name: N, listener: ProviderEvents[N]): ProviderEvents[N]
  once<N extends keyof ProviderEvents>(name: N, listener: ProviderEvents[N]): void
  off<N extends keyof ProviderEvents>(name: N, listener: ProviderEvents[N]): void
  emit<N extends keyof ProviderEvents>(name: N, args: Parameters<ProviderEvents[N]>): void
}

/**
 * y-websocket's `WebsocketProvider` with pending changes, presence, a local copy and reconnects that do not stampede.
 * Constructor, options, fields and events of y-websocket stay valid: changing one import is enough. On servers that do
 * not speak Roomful's extensions `pending` is `'unknown'` and everything else works.
 *
 * @example
 * const provider = new RoomfulProvider('wss://example.com/ws', 'lobby', new Y.Doc(), { identity: new Identity() })
 * provider.on('connection', (state) => badge.show(state))
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export class RoomfulProvider extends WebsocketProvider implements RoomContext {
  /** Who is here. */
  readonly presence: PresenceStore
  readonly #clock: ClientClock
  readonly #random: () => number
  readonly #token: RoomfulProviderOptions['token']
  readonly #identity: IdentityLike | undefined
  readonly #tabKey: string = randomId()
  readonly #saved: SavedRoom
  readonly #channelBase: string
  readonly #ownsAwareness: boolean
  readonly #counter: PendingCounter
  readonly #listeners = new Listeners()
  readonly #cleanups: (() => void)[] = []
  #phase: Phase = { state: 'closed', reason: undefined }
  #stopPhaseTimer: () => void = () => {}
  #retrying = false
  #failures = 0
  #drainMs: number | undefined
  #tokenValue = ''
  /** y-websocket's own `connect()` is running for a try: the tabs are connected already. */
  #isOpening = false
  #isForeign = false
  /** A message of another tab is being applied. */
  #isRelaying = false
  #heardAt = 0
  #hello: Hello | undefined
  #clockOffsetMs = 0
  #detail: ConnectionDetail = { state: 'closed' }
  #pending: Pending = 0
  #isDestroyed = false

  /**
   * @param serverUrl where the rooms are, `wss://example.com/ws`.
   * @param room the room's name, appended to the address.
   * @param doc the document to keep in sync.
   */
  constructor(serverUrl: string, room: string, doc: Y.Doc, options: RoomfulProviderOptions = {}) {
    const { connect = true, token, persist, identity, user, maxBackoffMs, clock, random, ...stock } = options
    const maxBackoffTime = maxBackoffMs ?? stock.maxBackoffTime ?? MAX_BACKOFF_MS
    // y-websocket would connect inside its constructor, before there are any fields here
    super(serverUrl, room, doc, { ...stock, maxBackoffTime, connect: false })
    this.#clock = clock ?? deviceClock
    this.#random = random ?? Math.random
    this.#token = token
    this.#identity = identity
    this.#ownsAwareness = stock.awareness === undefined
    this.#saved = new SavedRoom(this.serverUrl, room, doc, {
      clock: this.#clock,
      onState: (state) => this.#onLocalCopyState(state),
      onLoaded: (isProven) => {
        if (!isProven) this.#counter.changed()
        this.#publish()
      },
      isProven: () => this.#counter.isProven,
    })
    this.#channelBase = this.bcChannel
    this.#counter = new PendingCounter({
      send: (counter) => this.#sendNow(encodeSyncStatus(counter)),
      now: () => this.#clock.now(),
    })
    this.presence = new PresenceStore(this.awareness, { clock: this.#clock, user: user ?? identity?.user })
    this.#replaceAwarenessHandler()
    hookMessageHandlers(this.messageHandlers, {
      onHeard: (type) => this.#hear(type),
      onSync: (isRelayed, apply) => {
        this.#isRelaying = isRelayed
        apply()
        this.#isRelaying = false
      },
      onAnswered: () => this.#counter.answered(),
      onAwareness: (update) => applyRemoteAwareness(this.awareness, update, this),
      onReceipt: (counter) => this.#onReceipt(counter),
      onHello: (hello) => this.#onHello(hello),
      onNotice: (notice) => this.#onNotice(notice),
    })
    this.on('connection-close', (event) => this.#onDrop(event))
    this.on('closed', ({ code, reason }) => this.#onRefused(code, reason))
    doc.on('update', this.#onUpdate)
    this.#cleanups.push(
      () => doc.off('update', this.#onUpdate),
      onPageEvents({
        onReturn: () => this.#onReturn(),
        onHidden: () => this.#saved.note(),
      }),
    )
    if (identity !== undefined) {
      this.#cleanups.push(identity.subscribe(() => this.presence.setUser(identity.user)))
    }
    // what is in the document already may be nowhere else
    if (doc.store.clients.size > 0) this.#counter.changed()
    if (persist ?? typeof window !== 'undefined') this.#saved.open()
    this.#moveChannel()
    this.#publish()
    if (connect) this.connect()
  }

  get connection(): ConnectionState {
    return this.#detail.state
  }

  /** The connection with its reason, next try, round trip and server; the same object until something changed. */
  get connectionDetail(): ConnectionDetail {
    return this.#detail
  }

  /** Local changes not yet durable on the server, those kept from before a reload included. */
  get pending(): Pending {
    return this.#pending
  }

  get localCopy(): LocalCopyState {
    return this.#saved.state
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
    const params: Record<string, string> = {
      v: String(PROTOCOL_VERSION),
      key: this.#identity?.key ?? this.#tabKey,
      ...(this.#saved.generation === undefined ? {} : { gen: String(this.#saved.generation) }),
      ...(this.#tokenValue === '' ? {} : { token: this.#tokenValue }),
      ...this.params,
    }
    return `${this.serverUrl}/${this.roomname}?${encodeQueryParams(params)}`
  }

  /** Tries now instead of at `connectionDetail.retryAt`; after a refusal, tries again. */
  retryNow(): void {
    if (this.#phase.state === 'waiting' || this.#phase.state === 'closed') this.connect()
  }

  /** Called when `connection`, `connectionDetail`, `pending`, `hello` or `localCopy` changed. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  override connect(): void {
    if (this.#isDestroyed) return
    this.shouldConnect = true
    switch (this.#phase.state) {
      case 'closed':
        this.#retrying = false
        this.#failures = 0
        if (this.#saved.state === 'loading') {
          this.#enter({ state: 'loading' }, LOCAL_COPY_WAIT_MS, () => this.#try())
        } else this.#tryOrThrow()
        break
      case 'waiting':
      case 'dropped':
        this.#tryOrThrow()
        break
      case 'loading':
      case 'asking-token':
      case 'opening':
      case 'live':
        break
      default:
        assertNever(this.#phase)
    }
  }

  override disconnect(): void {
    // first: what y-websocket now tells of the closing socket is no drop
    this.#enter({ state: 'closed', reason: undefined })
    this.#unpark()
    super.disconnect()
    this.#counter.reset()
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
    this.#saved.destroy()
    this.presence.destroy()
    this.#listeners.clear()
    if (this.#ownsAwareness) this.awareness.destroy()
  }

  // --- tries ---------------------------------------------------------------------------------------------------------

  #enter(phase: Phase, timeoutMs?: number, onTimeout?: () => void): void {
    this.#stopPhaseTimer()
    this.#stopPhaseTimer = () => {}
    this.#phase = phase
    if (timeoutMs !== undefined && onTimeout !== undefined) {
      this.#stopPhaseTimer = this.#clock.after(timeoutMs, onTimeout)
    }
    if (phase.state !== 'dropped') this.#publish()
  }

  /** A try nobody waits for: an address that cannot be opened is one more failure. */
  #try(): void {
    try {
      this.#tryOrThrow()
    } catch (error) {
      this.#fail(error)
    }
  }

  #tryOrThrow(): void {
    if (!this.shouldConnect) {
      this.#unpark()
      this.#enter({ state: 'closed', reason: undefined })
      return
    }
    const token = typeof this.#token === 'function' ? this.#token() : this.#token
    if (typeof token !== 'object') {
      this.#open(token ?? '')
      return
    }
    const phase: Phase = { state: 'asking-token' }
    const isCurrent = (): boolean => this.#phase === phase
    this.#enter(phase, CONNECT_TIMEOUT_MS, () => this.#fail(new Error('the token function did not answer')))
    // tabs need no token
    if (!this.bcconnected) super.connectBc()
    token.then(
      (value) => {
        if (!isCurrent()) return
        try {
          this.#open(value)
        } catch (error) {
          this.#fail(error)
        }
      },
      (error: unknown) => {
        if (isCurrent()) this.#fail(error)
      },
    )
  }

  #open(token: string): void {
    this.#tokenValue = token
    this.#unpark()
    this.#enter({ state: 'opening' }, CONNECT_TIMEOUT_MS, () => this.#giveUp())
    this.#isOpening = true
    try {
      super.connect()
    } finally {
      this.#isOpening = false
    }
  }

  /** A try that came to nothing before there was a socket. */
  #fail(error: unknown): void {
    this.emit('connection-error', [Object.assign(new Event('error'), { error }), this])
    if (this.#phase.state !== 'closed') this.#wait(undefined)
  }

  #wait(code: number | undefined): void {
    const failures = isOverload(code) ? Math.max(this.#failures, OVERLOAD_FAILURES) : this.#failures
    const delayMs = this.#drainMs ?? backoffMs(failures, this.maxBackoffTime, this.#random())
    this.#drainMs = undefined
    this.#failures++
    this.wsUnsuccessfulReconnects = this.#failures
    this.#retrying = true
    this.ws ??= new ParkedSocket()
    this.#enter({ state: 'waiting', retryAt: this.#clock.now() + delayMs }, delayMs, () => this.#try())
  }

  #unpark(): void {
    if (this.ws instanceof ParkedSocket) this.ws = null
  }

  /** Half-open or never opened: no event will come by itself. */
  #giveUp(): void {
    // a socket still opening reports its close; for an open one y-websocket's own watchdog, told that the last word was
    // long ago, closes it within 3 s without waiting for the other side
    if (this.wsconnected) this.wsLastMessageReceived = 0
    else this.ws?.close()
  }

  /** `connection-close`: y-websocket says so first of all, with its state still in place. */
  #onDrop(event: CloseEvent | null): void {
    const was = this.#phase
    if (was.state === 'closed') return
    this.presence.hold()
    if (was.state === 'live' && this.synced && this.#clock.now() - was.since >= STABLE_MS) this.#failures = 0
    // keeps y-websocket's own retry timer short; see ParkedSocket
    this.wsUnsuccessfulReconnects = 0
    const dropped: Phase = { state: 'dropped', was, code: event?.code }
    this.#enter(dropped)
    this.#counter.reset()
    // after y-websocket has finished: then it is known whether the server wants us back
    queueMicrotask(() => {
      forgetAbsent(this.awareness)
      if (this.bcconnected) broadcast.publish(this.bcChannel, encodeQueryAwareness(), this)
      if (this.#phase === dropped) this.#wait(dropped.code)
    })
  }

  /** `closed`: the server will not have us, now or later. */
  #onRefused(code: number, reason: string): void {
    const known = closeCode(code)
    const generation = known === undefined ? undefined : parseGeneration(reason)
    if (generation !== undefined) this.#saved.setAside(generation)
    this.#enter({
      state: 'closed',
      reason: {
        code,
        reason,
        meaning: known?.meaning ?? 'the server refused this connection',
        advice: known?.advice ?? 'reload the page',
      },
    })
  }

  #onReturn(): void {
    if (this.#phase.state === 'waiting') this.#try()
    // the network may have changed under an open socket: ask for a sign of life
    else if (this.#phase.state === 'live' && this.#counter.ask()) {
      this.#heardAt = Math.min(this.#heardAt, this.#clock.now() - SILENCE_MS + PROBE_MS)
      this.#watch()
    }
  }

  // --- messages ------------------------------------------------------------------------------------------------------

  #replaceAwarenessHandler(): void {
    this.awareness.off('update', this._awarenessUpdateHandler)
    // under y-websocket's name, so that its destroy() takes it off again
    this._awarenessUpdateHandler = (change, origin: unknown) => {
      const message = ownAwarenessMessage(this.awareness, change, origin === this)
      if (message === undefined) return
      this.#sendNow(message)
      if (this.bcconnected) broadcast.publish(this.bcChannel, message, this)
    }
    this.awareness.on('update', this._awarenessUpdateHandler)
  }

  /** Every message is a sign of life; the first one of a socket tells whose server it is. */
  #hear(type: number): void {
    this.#heardAt = this.#clock.now()
    if (this.#phase.state !== 'opening') return
    this.#isForeign = type !== MESSAGE.hello
    if (this.#isForeign) this.#hello = undefined
    this.#enter({ state: 'live', since: this.#heardAt })
    this.#watch()
  }

  #watch(): void {
    this.#stopPhaseTimer()
    const quietMs = this.#heardAt + SILENCE_MS - this.#clock.now()
    if (quietMs <= 0) this.#giveUp()
    // also after giving up: one late word, and y-websocket keeps the socket
    this.#stopPhaseTimer = this.#clock.after(quietMs > 0 ? quietMs : PROBE_MS, () => this.#watch())
  }

  #onHello(hello: Hello | undefined): void {
    this.#isForeign = hello === undefined
    this.#hello = hello
    this.#publish()
    if (hello === undefined) return
    this.#clockOffsetMs = hello.now - this.#clock.now()
    this.#counter.greeted()
    if (this.#saved.adopt(hello.generation)) this.#moveChannel()
    this.emit('hello', [hello])
  }

  #onReceipt(counter: Uint8Array): void {
    this.#counter.receipt(counter)
    this.#saved.noteSoon()
    this.#publish()
  }

  #onNotice(notice: Notice | undefined): void {
    // a code of a later version: nothing this version could do about it
    if (notice === undefined) return
    switch (notice.code) {
      case 'too-large':
      case 'read-only':
      case 'refused':
        this.#counter.refused()
        break
      case 'draining':
        this.#drainMs = notice.retryAfterMs
        break
      case 'rate-limited':
      case 'clientid-conflict':
      case 'progress':
        break
      default:
        assertNever(notice.code)
    }
    this.emit('notice', [notice])
  }

  #sendNow(message: Uint8Array): void {
    // a slice is never a view into shared memory, which sockets refuse
    if (this.wsconnected && this.ws?.readyState === OPEN) this.ws.send(message.slice())
  }

  // --- document and local copy ---------------------------------------------------------------------------------------

  readonly #onUpdate = (_update: Uint8Array, origin: unknown): void => {
    if (origin === this) {
      if (this.#isRelaying) this.#counter.relayed()
    } else if (!this.#saved.isOrigin(origin)) this.#counter.changed()
    // what other tabs stored meanwhile; the first reading is judged as a whole, when it is done
    else if (this.#saved.state !== 'loading') this.#counter.changed()
    this.#saved.noteSoon()
    this.#publish()
  }

  #onLocalCopyState(state: LocalCopyState): void {
    this.emit('local-copy', [state])
    this.#listeners.call()
    if (this.#phase.state === 'loading') this.#try()
  }

  /** Tabs of one generation talk to each other; a tab with a deleted room's copy must not bring it back. */
  #moveChannel(): void {
    const { generation } = this.#saved
    const channel = generation ? `${this.#channelBase}#${generation}` : this.#channelBase
    if (channel === this.bcChannel) return
    const wasConnected = this.bcconnected
    if (wasConnected) broadcast.unsubscribe(this.bcChannel, this._bcSubscriber)
    this.bcconnected = false
    this.bcChannel = channel
    if (wasConnected) super.connectBc()
  }

  // --- what is shown -------------------------------------------------------------------------------------------------

  #publish(): void {
    const detail = this.#describe()
    const pending = this.#isForeign ? 'unknown' : this.#counter.count
    const isDetailNew = !equalityDeep(detail, this.#detail)
    const isPendingNew = pending !== this.#pending
    // both first: a listener of one reads the other
    if (isDetailNew) this.#detail = detail
    this.#pending = pending
    if (isDetailNew) this.emit('connection', [detail.state, detail])
    if (isPendingNew) this.emit('pending', [pending])
    if (isDetailNew || isPendingNew) this.#listeners.call()
  }

  #describe(): ConnectionDetail {
    const phase = this.#phase
    const { rttMs } = this.#counter
    return {
      state: toConnectionState(phase, this.#retrying),
      ...(phase.state === 'closed' && phase.reason !== undefined ? { closedReason: phase.reason } : {}),
      ...(phase.state === 'waiting' ? { retryAt: phase.retryAt } : {}),
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(this.#hello === undefined
        ? {}
        : { instanceId: this.#hello.instanceId, durability: this.#hello.durability }),
    }
  }
}

/** `WebSocket.OPEN`, which Node 20 has no global for. */
const OPEN = 1

function isOverload(code: number | undefined): boolean {
  return code === CLOSE.overload.code || code === CLOSE.rate.code
}
