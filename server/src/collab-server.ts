import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { DEFAULT_LIMITS, type Limits } from '@roomful/shared'
import { Doorkeeper, type Rechecked, type Revoked } from './auth/doorkeeper.ts'
import type { AccessFilter } from './auth/revocations.ts'
import { openAccess, type Authorize } from './authorize.ts'
import { systemClock, type Clock } from './clock.ts'
import type { AllowedOrigins } from './config.ts'
import { createRoutes, isServerPath } from './http/routes.ts'
import { setBaseHeaders } from './http/security-headers.ts'
import { createWebApp } from './http/web-app.ts'
import { watchLoopDelay } from './loop-delay.ts'
import { listen, urlOf } from './listen.ts'
import type { RedisStats } from './log/redis-stats.ts'
import type { LogBackend } from './log/room-log.ts'
import { isLoopback } from './loopback.ts'
import { silentLogger, type Logger } from './logger.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { observeRoom } from './observe-room.ts'
import { registerRedisMetrics } from './redis-metrics.ts'
import type { Compactor } from './room-compactor.ts'
import { RoomRegistry } from './room-registry.ts'
import { SliceQueue } from './slice-queue.ts'
import { Gate } from './socket/gate.ts'
import type { UpdateReader } from './update-reader.ts'
import { VERSION } from './version.ts'
import { createCompactor } from './worker/compactor.ts'
import { createThreadReader } from './worker/thread-reader.ts'

/** What a server is made of. Only the log must be given. */
export interface CollabServerOptions {
  /** Where rooms are kept; `close()` closes it. */
  readonly backend: LogBackend
  /** Named by `/readyz`: `embedded`, `memory`, … */
  readonly storageKind?: string | undefined
  /** Of a log on Redis: shown by `/metrics` and `/readyz`. */
  readonly redis?: RedisStats | undefined
  /** Rebuilds documents off the main thread; default: a worker thread. `close()` closes it. */
  readonly compactor?: Compactor | undefined
  /** Reads large updates off the main thread; default: a worker thread. `close()` closes it. */
  readonly reader?: UpdateReader | undefined
  /**
   * Asked before any work on a room. Default: anybody may write, on loopback addresses only; pass `openAccess` to choose
   * that for others.
   */
  readonly authorize?: Authorize | undefined
  /** Named by `/readyz`; default `open` without `authorize`, else `custom`. */
  readonly authKind?: string | undefined
  /** Bearer token of `/api/v1/rooms`; without one that API is off. */
  readonly adminToken?: string | undefined
  /** Pages that may open rooms; default: those of the server's own address. */
  readonly allowedOrigins?: AllowedOrigins | undefined
  /** Folder of a built web app; without one only the server's own routes answer. */
  readonly staticDir?: string | undefined
  /** Departures from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits> | undefined
  /** Default: random. */
  readonly instanceId?: string | undefined
  readonly logger?: Logger | undefined
  readonly clock?: Clock | undefined
  /** Numbers in 0..1, for the jitter of the hint at a drain. */
  readonly random?: (() => number) | undefined
  /** Process metrics in `/metrics`; default off: an embedder has its own. */
  readonly collectProcess?: boolean | undefined
}

/** A running room server. */
export interface CollabServer {
  readonly instanceId: string
  readonly registry: RoomRegistry
  readonly metrics: Metrics
  /** `http://127.0.0.1:3000` once it listens itself. */
  readonly url: string | undefined
  /** Listens on a port of its own; resolves to the URL. Rejects as `net.Server` does (`EADDRINUSE`, …). */
  listen(address: { readonly port: number; readonly host?: string | undefined }): Promise<string>
  /**
   * Takes the room sockets (`/ws/:room`, `/server/ws/:room`) of a server that exists; its other upgrades stay its own.
   * Returns how to detach; `close()` does not close that server.
   */
  attach(server: Server): () => void
  /**
   * Asks the authorizer again for the open sockets of a person, a room, or all: what it says now holds at once. For
   * authorizers that look things up.
   *
   * @example await server.reauthorize({ userId: 'ada' })
   */
  reauthorize(filter?: AccessFilter): Promise<Rechecked>
  /**
   * Ends what was issued until now to a person, for a room, or to all: tokens (and answers with `issuedAt`) from before
   * are refused from now on, and open sockets are asked for again, on every instance that shares the log. Kept as its
   * rooms are; a log without `revocations` forgets them with the process. Never rejects.
   *
   * @example await server.revoke({ userId: 'ada' })
   */
  revoke(filter: AccessFilter): Promise<Revoked>
  /** The HTTP routes as a plain listener, for a server that exists. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /**
   * Drains: no more sockets, clients are told and closed with 1012, every append settles; then closes everything it was
   * given. Idempotent, ends within 9 s even when storage hangs, never rejects.
   *
   * @returns whether all of it went well; `false` where something admitted could not be stored in time, or a part did not
   * close. Nothing acknowledged is lost either way.
   */
  close(): Promise<boolean>
}

const LOOPBACK = '127.0.0.1'
/** Clients come back spread over this time. */
const RETRY_MIN_MS = 500
const RETRY_SPREAD_MS = 4_500
/** What members wait for at a drain at most: acknowledgements of what they have sent. */
const SETTLE_MS = 5_000
/** For the farewells of members. */
const HANDSHAKE_MS = 1_200
/** All steps of closing together, SIGTERM promises 10 s: a slow disk may have what the quick steps left. */
const CLOSE_MS = 9_000
/** Storage is given so long however late it is: rooms that hang must not keep a log from being closed. */
const STORAGE_MS = 1_000

/**
 * Creates a room server: embeddable, no globals, everything it needs is passed in.
 *
 * @example
 * const server = createCollabServer({ backend: createMemoryLog() })
 * console.log(await server.listen({ port: 3000 })) // http://127.0.0.1:3000
 * // new WebsocketProvider('ws://127.0.0.1:3000/ws', 'lobby', doc)
 * await server.close()
 */
export function createCollabServer(options: CollabServerOptions): CollabServer {
  return new RoomServer(options)
}

class RoomServer implements CollabServer {
  readonly instanceId: string
  readonly registry: RoomRegistry
  readonly metrics: Metrics
  readonly #options: CollabServerOptions
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #compactor: Compactor
  readonly #door: Doorkeeper
  readonly #reader: UpdateReader
  readonly #gate: Gate
  readonly #listener: (request: IncomingMessage, response: ServerResponse) => unknown
  readonly #webApp: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  readonly #detach: (() => void)[] = []
  #own: { readonly server: Server; readonly url: string } | undefined
  #closing: Promise<boolean> | undefined

  constructor(options: CollabServerOptions) {
    const { backend } = options
    const clock = options.clock ?? systemClock
    const logger = options.logger ?? silentLogger
    const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
    const metrics = createMetrics({
      rooms: () => [...this.registry.rooms()].length,
      sendBufferBytes: () => this.#gate.look().bufferedBytes,
      pausedSockets: () => this.#gate.look().paused,
      waitingConnections: () => this.#gate.waiting,
      answerBytes: () => this.registry.bounds.answers.bytes,
      unsavedBytes: () => this.registry.bounds.unsaved.bytes,
      unfinishedBytes: () => this.#gate.unfinishedBytes,
      collectProcess: options.collectProcess ?? false,
    })
    if (options.redis !== undefined) registerRedisMetrics(metrics.registry, options.redis)
    this.#options = options
    this.#clock = clock
    this.#logger = logger
    this.metrics = metrics
    this.instanceId = options.instanceId ?? randomBytes(9).toString('base64url')
    this.#compactor = options.compactor ?? createCompactor()
    this.#reader = options.reader ?? createThreadReader()
    this.registry = new RoomRegistry({
      backend,
      clock,
      compactor: this.#compactor,
      limits,
      instanceId: this.instanceId,
      // two processes that were given one name would take each other's entries for their own
      writerId: `${this.instanceId}/${randomBytes(9).toString('base64url')}`,
      reader: this.#reader,
      slices: new SliceQueue(clock),
      events: (room) => observeRoom(room, metrics, logger),
    })
    if (options.collectProcess === true)
      this.#detach.push(
        watchLoopDelay(
          clock,
          {
            now: () => performance.now(),
            activeMs: () => performance.eventLoopUtilization().active,
          },
          (ms) => metrics.loopDelayed(ms / 1_000),
        ),
      )
    const authorize = options.authorize ?? openAccess
    const door = new Doorkeeper({
      authorize,
      clock,
      limits,
      metrics,
      logger,
      revocations: backend.revocations,
    })
    this.#door = door
    this.#gate = new Gate({
      clock,
      limits,
      metrics,
      logger,
      registry: this.registry,
      door,
      allowedOrigins: options.allowedOrigins ?? { kind: 'same' },
    })
    const routes = createRoutes({
      backend,
      registry: this.registry,
      metrics,
      logger,
      clock,
      door,
      adminToken: options.adminToken,
      isDraining: () => this.#closing !== undefined,
      redis: options.redis,
      about: {
        auth: options.authKind ?? (authorize === openAccess ? 'open' : 'custom'),
        instanceId: this.instanceId,
        version: VERSION,
        storageKind: options.storageKind ?? 'custom',
      },
    })
    this.#listener = getRequestListener(routes.fetch, { overrideGlobalObjects: false })
    this.#webApp = options.staticDir === undefined ? undefined : createWebApp(options.staticDir)
  }

  get url(): string | undefined {
    return this.#own?.url
  }

  async listen(address: { readonly port: number; readonly host?: string | undefined }): Promise<string> {
    if (this.#own !== undefined || this.#closing !== undefined)
      throw new Error('the server listens or was closed')
    const isReachable = !isLoopback(address.host ?? LOOPBACK)
    const { authorize } = this.#options
    if (authorize === undefined && isReachable)
      throw new Error(
        `anybody who can reach ${address.host} could write to every room: pass authorize (openAccess allows it)`,
      )
    const server = createServer((request, response) => this.handle(request, response))
    await listen(server, address.port, address.host ?? LOOPBACK)
    this.attach(server)
    this.#own = { server, url: urlOf(server) }
    if (authorize === openAccess && isReachable)
      this.#logger.warn(
        { host: address.host },
        'open mode: anybody who can reach this address may write to every room',
      )
    return this.#own.url
  }

  attach(server: Server): () => void {
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      // another listener may want it; without one the client would wait for ever
      if (this.#gate.isOurs(request) || server.listenerCount('upgrade') === 1)
        this.#gate.upgrade(request, socket, head)
    }
    server.on('upgrade', upgrade)
    const detach = (): void => {
      server.off('upgrade', upgrade)
    }
    this.#detach.push(detach)
    return detach
  }

  reauthorize(filter: AccessFilter = {}): Promise<Rechecked> {
    return this.#door.recheck(filter)
  }

  revoke(filter: AccessFilter): Promise<Revoked> {
    return this.#door.revoke(filter)
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    try {
      setBaseHeaders(response)
      const path = request.url?.split('?', 1)[0] ?? '/'
      if (this.#webApp === undefined || isServerPath(path)) this.#listener(request, response)
      else this.#webApp(request, response)
    } catch (error) {
      this.metrics.callbackErrors.inc()
      this.#logger.error({ err: error }, 'request failed')
      response.destroy()
    }
  }

  close(): Promise<boolean> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<boolean> {
    const random = this.#options.random ?? Math.random
    const retryAfterMs = (): number => Math.round(RETRY_MIN_MS + random() * RETRY_SPREAD_MS)
    const endAt = this.#clock.now() + CLOSE_MS
    const left = (): number => Math.max(STORAGE_MS, endAt - this.#clock.now())
    this.#gate.drain(retryAfterMs)
    await this.#within(SETTLE_MS, 'appends', () => this.#settled())
    this.#gate.restart()
    await this.#within(HANDSHAKE_MS, 'closing handshakes', () => this.#gate.emptied())
    for (const detach of this.#detach) detach()
    this.#gate.close()
    this.#door.close()
    const isDone = [
      await this.#within(left() - STORAGE_MS, 'rooms', () => this.registry.close()),
      ...(await Promise.all([
        this.#within(left(), 'log', () => this.#options.backend.close()),
        this.#within(left(), 'compactor', () => this.#compactor.close()),
        this.#within(left(), 'reader', () => this.#reader.close()),
        this.#within(left(), 'listener', () => this.#closeListener()),
      ])),
    ]
    return isDone.every(Boolean)
  }

  /** Everything admitted is stored, and acknowledged. */
  async #settled(): Promise<void> {
    await Promise.all([...this.registry.rooms()].map((room) => room.settled()))
  }

  #closeListener(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#own === undefined) {
        resolve()
        return
      }
      this.#own.server.close(() => resolve())
      this.#own.server.closeAllConnections()
    })
  }

  /** A step of closing that fails or hangs is logged; the next ones are done all the same. */
  async #within(ms: number, step: string, run: () => Promise<void>): Promise<boolean> {
    let stop: (() => void) | undefined
    const late = new Promise<never>((_resolve, reject) => {
      stop = this.#clock.after(ms, () => reject(new Error(`not done after ${ms} ms`)))
    })
    try {
      await Promise.race([run(), late])
      return true
    } catch (error) {
      this.#logger.warn({ err: error, step }, 'a step of closing failed')
      return false
    } finally {
      stop?.()
    }
  }
}
