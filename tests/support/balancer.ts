import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** One address in front of several servers: each new connection goes to the next of them. */
export class Balancer {
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()
  #ports: readonly number[]
  #next = 0

  private constructor(ports: readonly number[]) {
    this.#ports = ports
    this.#listener = createServer({ noDelay: true }, (client) => this.#onClient(client))
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports)
    await new Promise<void>((resolve, reject) => {
      balancer.#listener.once('error', reject)
      balancer.#listener.listen(0, '127.0.0.1', resolve)
    })
    return balancer
  }

  /** `ws://127.0.0.1:<port>/ws` */
  get wsUrl(): string {
    // an address without a port belongs to pipes only
    return `ws://127.0.0.1:${(this.#listener.address() as AddressInfo).port}/ws`
  }

  /** New connections go to `port` instead of `old`; open ones stay. */
  replace(old: number, port: number): void {
    this.#ports = this.#ports.map((known) => (known === old ? port : known))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => {
      this.#listener.close(() => resolve())
    })
  }

  #onClient(client: Socket): void {
    const port = this.#ports[this.#next % this.#ports.length]
    this.#next += 1
    const server = createConnection({ port: port ?? 0, host: '127.0.0.1', noDelay: true })
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from)
      from.pipe(to)
      from.on('error', () => {
        // its 'close' follows
      })
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
  }
}
