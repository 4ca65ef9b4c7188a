import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { FaultLane } from './fault-lane.ts'

/** Which way bytes go. */
export type Direction = 'toServer' | 'toClient'

interface Link {
  readonly client: Socket
  readonly server: Socket
  readonly lanes: Readonly<Record<Direction, FaultLane>>
}

/**
 * A TCP proxy that fails on demand, between a client and a server of a test. Needed because a browser's
 * `setOffline(true)` leaves open WebSockets alone, and because most faults (a stalled reader, a cable pulled) cannot
 * be had from either end.
 *
 * @example
 * const proxy = await FaultProxy.start(server.port)
 * const provider = new WebsocketProvider(proxy.url + '/ws', 'lobby', doc)
 * proxy.cut()            // both ends see the connection end; the client may come back at once
 * proxy.refuse(true)     // ... and cannot
 */
export class FaultProxy {
  readonly #listener: Server
  readonly #links = new Set<Link>()
  #targetPort: number
  #isRefusing = false
  #delayMs = 0
  #acceptedCount = 0
  #stalled: Record<Direction, boolean> = { toServer: false, toClient: false }

  private constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#onClient(client))
  }

  /** Listens on a free port of 127.0.0.1 and forwards to `targetPort` there. */
  static async start(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort)
    await new Promise<void>((resolve, reject) => {
      proxy.#listener.once('error', reject)
      proxy.#listener.listen(0, '127.0.0.1', resolve)
    })
    return proxy
  }

  get port(): number {
    // an address without a port belongs to pipes only
    return (this.#listener.address() as AddressInfo).port
  }

  /** `ws://127.0.0.1:<port>`, without a path. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  /** Connections open through the proxy, dead ones included. */
  get openCount(): number {
    return this.#links.size
  }

  /** Connections accepted since the start: how often clients came back. */
  get acceptedCount(): number {
    return this.#acceptedCount
  }

  /** Bytes held back by `delay` at this moment. */
  get heldBytes(): number {
    return [...this.#links].reduce(
      (sum, { lanes }) => sum + lanes.toServer.heldBytes + lanes.toClient.heldBytes,
      0,
    )
  }

  /** New connections go to another port: the server was restarted there. */
  retarget(port: number): void {
    this.#targetPort = port
  }

  /** While on, new connections are reset as soon as they arrive; open ones stay. */
  refuse(isOn: boolean): void {
    this.#isRefusing = isOn
  }

  /** Ends all open connections; both ends see a close without a WebSocket close frame. */
  cut(): void {
    for (const link of this.#links) {
      link.client.destroy()
      link.server.destroy()
    }
  }

  /** As `cut`, by RST: both ends see ECONNRESET. */
  reset(): void {
    for (const link of this.#links) {
      link.client.resetAndDestroy()
      link.server.resetAndDestroy()
    }
  }

  /** From now on all bytes, of open and of new connections, arrive this much later, in order. 0 ends it. */
  delay(ms: number): void {
    this.#delayMs = ms
    this.#eachLane((lane) => lane.delay(ms))
  }

  /**
   * While on, nothing is read from the sender of this direction, on open and on new connections: its send buffer fills
   * as with a receiver that has stopped reading. Nothing is lost; switched off, all of it arrives.
   */
  stall(direction: Direction, isOn: boolean): void {
    this.#stalled[direction] = isOn
    for (const { lanes } of this.#links) lanes[direction].stall(isOn)
  }

  /**
   * Pulls the cable of all open connections: no byte and no end passes any more, and neither side is told. Such a
   * connection never recovers; `cut` or `close` removes it. New connections work.
   */
  halfOpen(): void {
    this.#eachLane((lane) => lane.sever())
  }

  /** Of what comes next in this direction on each open connection the first half arrives, and then the end. */
  truncate(direction: Direction): void {
    for (const { lanes } of this.#links) lanes[direction].truncate()
  }

  /** Ends refusing, delay and stalls. */
  heal(): void {
    this.refuse(false)
    this.delay(0)
    this.stall('toServer', false)
    this.stall('toClient', false)
  }

  /** Ends all connections and stops listening. Safe to call twice. */
  async close(): Promise<void> {
    this.cut()
    if (!this.#listener.listening) return
    await new Promise<void>((resolve) => {
      this.#listener.close(() => resolve())
    })
  }

  #eachLane(apply: (lane: FaultLane) => void): void {
    for (const { lanes } of this.#links) {
      apply(lanes.toServer)
      apply(lanes.toClient)
    }
  }

  #onClient(client: Socket): void {
    if (this.#isRefusing) {
      client.on('error', () => {
        // reset by us
      })
      client.resetAndDestroy()
      return
    }
    this.#acceptedCount++
    const server = createConnection({
      port: this.#targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    })
    const lanes = { toServer: new FaultLane(client, server), toClient: new FaultLane(server, client) }
    const link: Link = { client, server, lanes }
    this.#links.add(link)
    for (const direction of ['toServer', 'toClient'] as const) {
      lanes[direction].delay(this.#delayMs)
      lanes[direction].stall(this.#stalled[direction])
    }
    for (const socket of [client, server])
      socket.on('close', () => {
        if (client.destroyed && server.destroyed) this.#links.delete(link)
      })
  }
}
