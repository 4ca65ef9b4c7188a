import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { CLOSE, encodeNotice, type Notice } from '@roomful/shared'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Doorkeeper } from '../auth/doorkeeper.ts'
import type { AllowedOrigins } from '../config.ts'
import type { Refusal } from '../metrics.ts'
import { RoomUnavailable, type RoomRegistry } from '../room-registry.ts'
import type { Room } from '../room.ts'
import { clientAddress, OpenCount } from './address.ts'
import { Connection, type ConnectionContext } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'
import { isOriginAllowed } from './origin.ts'
import { refuseUpgrade, type UpgradeRefusal } from './refuse-upgrade.ts'
import { UnfinishedWatch } from './unfinished.ts'
import { MAX_KEY_LENGTH, parseRoomRequest, type RoomRequest } from './room-request.ts'

/** What the gate needs besides what connections share. */
export interface GateOptions extends ConnectionContext {
  readonly registry: RoomRegistry
  readonly door: Doorkeeper
  readonly allowedOrigins: AllowedOrigins
}

/** After a refusal for lack of room. */
const RETRY_AFTER_S = 5
const RESTARTS = 'the server restarts'

/** Lets sockets in: checks the upgrade, accepts, asks the doorkeeper, opens the room, enters. */
export class Gate {
  readonly #options: GateOptions
  readonly #wss: WebSocketServer
  readonly #heartbeat: Heartbeat
  readonly #unfinished: UnfinishedWatch
  readonly #addresses = new OpenCount()
  readonly #users = new OpenCount()
  /** How to take a connection of a known user off again. */
  readonly #uncount = new Map<Connection, () => void>()
  readonly #connections = new Set<Connection>()
  readonly #whenEmpty: (() => void)[] = []
  #nextId = 1
  #waiting = 0
  #isDraining = false

  constructor(options: GateOptions) {
    this.#options = options
    this.#heartbeat = new Heartbeat(options.clock)
    this.#unfinished = new UnfinishedWatch(options.clock, options.limits.unfinishedBytes, this.#connections)
    this.#wss = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // connections answer pings, once a turn
      autoPong: false,
      maxPayload: options.limits.hardFrameBytes,
    })
    this.#wss.on('wsClientError', (_error, socket) => {
      options.metrics.refused('handshake')
      refuseUpgrade(socket, {
        status: 400,
        line: 'This is no valid WebSocket handshake (RFC 6455 section 4.2.1).',
      })
    })
  }

  /** Room sockets that are open. */
  get size(): number {
    return this.#connections.size
  }

  /** Connections that wait for the authorizer. */
  get waiting(): number {
    return this.#waiting
  }

  /** Bytes in the send buffers of all sockets, and how many of them are not read now. */
  look(): { readonly bufferedBytes: number; readonly paused: number } {
    let bufferedBytes = 0
    let paused = 0
    for (const connection of this.#connections) {
      bufferedBytes += connection.bufferedBytes
      if (connection.isPaused) paused += 1
    }
    return { bufferedBytes, paused }
  }

  /** Bytes of messages that are not whole yet. */
  get unfinishedBytes(): number {
    return this.#unfinished.bytes
  }

  /** Whether the URL of an upgrade is for this gate; others may belong to the server it is attached to. */
  isOurs(request: IncomingMessage): boolean {
    return parseRoomRequest(request.url ?? '').kind !== 'unknown-path'
  }

  /** Takes an HTTP upgrade: listener for `http.Server`'s `upgrade`. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      this.#upgrade(request, socket, head)
    } catch (error) {
      this.#options.metrics.callbackErrors.inc()
      this.#options.logger.error({ err: error }, 'upgrade failed')
      socket.destroy()
    }
  }

  /**
   * No more sockets from now on. Who waits for a room is sent away; extended members are told when to come back, and go on
   * until {@link restart}.
   */
  drain(retryAfterMs: () => number): void {
    this.#isDraining = true
    for (const connection of this.#connections) {
      if (connection.isOpening) connection.close(CLOSE.restart, RESTARTS)
      else if (connection.extended) connection.send(encodeDraining(retryAfterMs()))
    }
  }

  /** Closes all with 1012. What they sent before they heard of it is still read, until their own close frame comes. */
  restart(): void {
    for (const connection of this.#connections) connection.close(CLOSE.restart, RESTARTS)
  }

  /** Resolves when no socket is open. */
  emptied(): Promise<void> {
    if (this.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenEmpty.push(resolve))
  }

  /** Ends every socket that is left. */
  close(): void {
    this.#isDraining = true
    this.#heartbeat.close()
    this.#unfinished.close()
    for (const connection of this.#connections) connection.terminate()
    this.#wss.close()
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { allowedOrigins, limits, metrics } = this.#options
    const refuse = (reason: Refusal, refusal: UpgradeRefusal): void => {
      metrics.refused(reason)
      refuseUpgrade(socket, refusal)
    }
    const parsed = parseRoomRequest(request.url ?? '')
    switch (parsed.kind) {
      case 'unknown-path':
        return refuse('path', { status: 404, line: 'Rooms are at /ws/<room>.' })
      case 'bad-room':
        return refuse('room-name', {
          status: 400,
          line: 'A room is one path segment of 1-128 characters A-Z a-z 0-9 . _ ~ -, not "." or "..".',
        })
      case 'bad-parameter':
        return refuse('parameter', {
          status: 400,
          line:
            parsed.parameter === 'key'
              ? `key: at most ${MAX_KEY_LENGTH} characters.`
              : 'gen: a whole number.',
        })
      case 'room':
        break
    }
    if (!isOriginAllowed(request.headers, allowedOrigins)) {
      return refuse('origin', {
        status: 403,
        line: 'Pages of this origin may not open rooms here: add it to ALLOWED_ORIGINS.',
      })
    }
    if (this.#isDraining) {
      return refuse('draining', { status: 503, line: 'The server restarts.', retryAfterS: RETRY_AFTER_S })
    }
    if (this.size >= limits.connections) {
      metrics.limited('connections')
      return refuse('connection-limit', {
        status: 503,
        line: 'The server is full (LIMIT_CONNECTIONS).',
        retryAfterS: RETRY_AFTER_S,
      })
    }
    if (this.#waiting >= limits.waitingConnections) {
      metrics.limited('waitingConnections')
      return refuse('waiting-limit', {
        status: 503,
        line: 'Too many connections wait for their authorization (LIMIT_WAITING_CONNECTIONS).',
        retryAfterS: RETRY_AFTER_S,
      })
    }
    const address = clientAddress(request)
    if (this.#addresses.of(address) >= limits.connectionsPerAddress) {
      metrics.limited('connectionsPerAddress')
      return refuse('address-limit', {
        status: 429,
        line: 'Too many connections from one address (LIMIT_CONNECTIONS_PER_ADDRESS).',
        retryAfterS: RETRY_AFTER_S,
      })
    }
    this.#wss.handleUpgrade(request, socket, head, (ws) => {
      // an http.Server hands over its net.Socket; the type is wider for other kinds of server
      const connection = new Connection(ws, socket as Socket, this.#nextId++, parsed.request, this.#options)
      const about = { room: connection.room, connection: connection.connectionId, address }
      this.#options.logger.debug({ ...about, extended: connection.extended }, 'connected')
      this.#keep(connection, ws, this.#addresses.add(address))
      this.#admit(connection, parsed.request, request).catch((error: unknown) => {
        this.#options.logger.error({ err: error, room: connection.room }, 'a connection could not be let in')
        connection.close(CLOSE.internal, 'internal error')
      })
    })
  }

  /** In a function of its own: its listener lives as long as the socket, and must not keep the upgrade's request with it. */
  #keep(connection: Connection, ws: WebSocket, uncount: () => void): void {
    const { metrics } = this.#options
    this.#connections.add(connection)
    this.#heartbeat.add(connection)
    metrics.connections.inc()
    metrics.accepted.inc()
    ws.once('close', (code) => this.#left(connection, code, uncount))
  }

  #left(connection: Connection, code: number, uncount: () => void): void {
    const { metrics, logger, door } = this.#options
    logger.debug({ room: connection.room, connection: connection.connectionId, code }, 'disconnected')
    this.#connections.delete(connection)
    this.#uncount.get(connection)?.()
    this.#uncount.delete(connection)
    door.forget(connection)
    this.#heartbeat.delete(connection)
    metrics.connections.dec()
    uncount()
    if (this.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }

  /** Doorkeeper, room, generation, then in: nothing of the room is touched or told before its turn. */
  async #admit(connection: Connection, asked: RoomRequest, request: IncomingMessage): Promise<void> {
    const { clock, metrics } = this.#options
    const startedAt = clock.now()
    if (!(await this.#isLetIn(connection, asked, request)) || !this.#countUser(connection)) return
    const room = await this.#open(connection)
    if (room === undefined || !connection.isOpening) return
    if (asked.generation !== undefined && asked.generation < room.generation) {
      connection.refuse('stale-generation', CLOSE.deleted, `generation=${room.generation}`)
      return
    }
    metrics.roomOpenSeconds.observe((clock.now() - startedAt) / 1_000)
    connection.enter(room)
  }

  /** One person's connections, where the authorizer knows who it is. */
  #countUser(connection: Connection): boolean {
    const { limits, metrics } = this.#options
    const { user } = connection
    if (user === undefined) return true
    if (this.#users.of(user.id) >= limits.connectionsPerUser) {
      metrics.limited('connectionsPerUser')
      connection.refuse('user-limit', CLOSE.overload, 'too many connections of one user')
      return false
    }
    this.#uncount.set(connection, this.#users.add(user.id))
    return true
  }

  async #isLetIn(connection: Connection, asked: RoomRequest, request: IncomingMessage): Promise<boolean> {
    this.#waiting += 1
    try {
      return await this.#options.door.admit(connection, { room: asked.room, token: asked.token, request })
    } finally {
      this.#waiting -= 1
    }
  }

  /** The room, or `undefined` where the connection was closed because it cannot be had. */
  async #open(connection: Connection): Promise<Room | undefined> {
    const { registry, clock, limits, logger, metrics } = this.#options
    const stop = clock.after(limits.joinMs, () => {
      if (!connection.isOpening) return
      metrics.limited('joinMs')
      logger.warn({ room: connection.room }, 'a room could not be read within LIMIT_JOIN_MS')
      connection.refuse('room-unavailable', CLOSE.overload, 'the room cannot be read now')
    })
    try {
      return await registry.acquire(connection.room)
    } catch (error) {
      if (error instanceof RoomUnavailable) {
        if (error.code === 'rooms-full') metrics.limited('rooms')
        connection.refuse('room-unavailable', error.close, error.message)
      } else {
        logger.error({ err: error, room: connection.room }, 'a room could not be opened')
        connection.refuse('room-unavailable', CLOSE.overload, 'the room cannot be read now')
      }
      return undefined
    } finally {
      stop()
    }
  }
}

function encodeDraining(retryAfterMs: number): Uint8Array {
  const notice: Notice = { code: 'draining', message: 'The server restarts.', retryAfterMs }
  return encodeNotice(JSON.stringify(notice))
}
