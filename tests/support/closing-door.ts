import { createServer, request as ask, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'

/** Codes of RFC 6455 that no endpoint may send in a close frame: they say how a socket ended without one. */
const UNSENDABLE = new Set([1005, 1006])

/**
 * One address in front of several servers that closes room sockets when told to, as platforms do that end each function
 * after some minutes: with a close frame, which no TCP proxy can send. Each new socket of a tab (told by its `key`) goes to
 * another server than its last one.
 *
 * @example
 * const door = await ClosingDoor.start([left.url, right.url])
 * door.close(1001)
 */
export class ClosingDoor {
  readonly #targets: readonly string[]
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  readonly #tcp = new Set<Socket>()
  readonly #links = new Map<WebSocket, WebSocket>()
  readonly #visits = new Map<string, number[]>()

  private constructor(targets: readonly string[]) {
    this.#targets = targets
    this.#server = createServer((request, response) => {
      const sent = ask(new URL(request.url ?? '/', targets[0]), {
        method: request.method ?? 'GET',
        headers: request.headers,
      })
      sent.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      sent.on('error', () => response.destroy())
      request.pipe(sent)
    })
    this.#server.on('connection', (socket) => {
      this.#tcp.add(socket)
      socket.once('close', () => this.#tcp.delete(socket))
    })
    this.#server.on('upgrade', this.#upgrade)
  }

  /** @param targets the servers' addresses, `http://127.0.0.1:3000`; pages come from the first of them. */
  static async start(targets: readonly string[]): Promise<ClosingDoor> {
    const door = new ClosingDoor(targets)
    await new Promise<void>((resolve) => door.#server.listen(0, '127.0.0.1', resolve))
    return door
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Room sockets that are open through the door. */
  get openCount(): number {
    return this.#links.size
  }

  /** Which server each tab was led to, one visit after another, as indexes of the targets. */
  get visits(): readonly (readonly number[])[] {
    return [...this.#visits.values()]
  }

  /**
   * Closes all room sockets with this code.
   *
   * @param isToldBehind the server gets the same close frame; else its connection only ends, as when its process was ended.
   */
  closeAll(code: number, isToldBehind: boolean): void {
    for (const [client, server] of this.#links) {
      client.close(code)
      if (isToldBehind) server.close(code)
      else server.terminate()
    }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const socket of this.#tcp) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { 'sec-websocket-key': _key, 'sec-websocket-extensions': _extensions, ...headers } = request.headers
    const server = new WebSocket(new URL(request.url ?? '/', this.#next(request)), {
      headers,
      perMessageDeflate: false,
    })
    // a close follows
    server.on('error', () => socket.destroy())
    socket.on('error', () => server.terminate())
    server.once('open', () => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#link(client, server))
    })
    // what the server says in the packet of its answer is not lost: nothing is read before there is somebody to tell
    server.once('upgrade', () => server.pause())
  }

  #link(client: WebSocket, server: WebSocket): void {
    this.#links.set(client, server)
    client.on('message', (bytes, isBinary) => server.send(bytes, { binary: isBinary }))
    server.on('message', (bytes, isBinary) => client.send(bytes, { binary: isBinary }))
    client.on('error', () => server.terminate())
    client.on('close', (code) => {
      this.#links.delete(client)
      pass(server, code)
    })
    server.on('close', (code) => pass(client, code))
    server.resume()
  }

  #next(request: IncomingMessage): string {
    const key = new URL(request.url ?? '/', 'ws://door').searchParams.get('key') ?? ''
    const visits = this.#visits.get(key) ?? []
    const last = visits.at(-1)
    const next = ((last ?? this.#visits.size - 1) + 1) % this.#targets.length
    this.#visits.set(key, [...visits, next])
    return this.#targets[next] ?? ''
  }
}

/** Ends the other side of a link as the one side ended. */
function pass(socket: WebSocket, code: number): void {
  if (UNSENDABLE.has(code)) socket.terminate()
  else socket.close(code)
}
