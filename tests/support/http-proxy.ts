import { createServer, request as ask, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** What a reverse proxy does to what passes; by default nothing. */
export interface HttpProxyOptions {
  /** Where requests go, one after another. */
  readonly targets: readonly string[]
  /** Another place for some paths. */
  readonly target?: (path: string) => string | undefined
  /** The path as it is sent on; a string with a status to answer here instead. */
  readonly route?: (path: string) => string | { readonly status: number; readonly html: string }
  /** `dropped`: sent on as a plain request, as proxies do that know nothing of WebSockets; `hung-up`: the socket is closed. */
  readonly upgrade?: 'passed' | 'dropped' | 'hung-up'
  /** Headers of requests that are changed on the way. */
  readonly requestHeaders?: Readonly<Record<string, string>>
  /** Headers of answers that are changed on the way. */
  readonly answerHeaders?: () => Readonly<Record<string, string>>
}

/**
 * A small reverse proxy as people put before a server, with the mistakes that people make.
 *
 * @example const proxy = await HttpProxy.start({ targets: [server.url], upgrade: 'dropped' })
 */
export class HttpProxy {
  readonly #server: Server
  readonly #options: HttpProxyOptions
  readonly #sockets = new Set<Socket>()
  #turn = 0

  private constructor(options: HttpProxyOptions) {
    this.#options = options
    this.#server = createServer((request, response) => {
      const sent = this.#send(request, false)
      if (typeof sent === 'object' && 'html' in sent) {
        response.writeHead(sent.status, { 'Content-Type': 'text/html' }).end(sent.html)
        return
      }
      sent.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...options.answerHeaders?.() })
        answer.pipe(response)
      })
      sent.on('error', () => response.writeHead(502).end())
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    // without a listener Node hands an upgrade on as a plain request
    if (options.upgrade !== 'dropped') this.#server.on('upgrade', this.#upgrade)
  }

  static async start(options: HttpProxyOptions): Promise<HttpProxy> {
    const proxy = new HttpProxy(options)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex): void => {
    socket.on('error', () => undefined)
    if (this.#options.upgrade === 'hung-up') return void socket.destroy()
    const sent = this.#send(request, true)
    if (typeof sent === 'object' && 'html' in sent) {
      socket.end(`HTTP/1.1 ${sent.status} No\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const head = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string => {
      const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []))
      return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`
    }
    sent.on('upgrade', (answer, upstream, first) => {
      upstream.on('error', () => socket.destroy())
      socket.on('close', () => upstream.destroy())
      upstream.on('close', () => socket.destroy())
      socket.write(head(answer))
      socket.write(first)
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    sent.on('response', (answer) => {
      socket.write(head(answer))
      answer.pipe(socket)
    })
    sent.on('error', () => socket.destroy())
  }

  #send(
    request: IncomingMessage,
    isUpgrade: boolean,
  ): ReturnType<typeof ask> | { readonly status: number; readonly html: string } {
    const { targets, route, requestHeaders } = this.#options
    const path = route?.(request.url ?? '/') ?? request.url ?? '/'
    if (typeof path !== 'string') return path
    const target = this.#options.target?.(path) ?? targets[this.#turn++ % targets.length] ?? ''
    const { connection, upgrade, ...plain } = request.headers
    const headers = { ...(isUpgrade ? { ...plain, connection, upgrade } : plain), ...requestHeaders }
    const { hostname, port } = new URL(target)
    const sent = ask({ hostname, port, path, method: request.method, headers, agent: false })
    sent.end()
    return sent
  }
}
