import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { decodeMessage, type WireMessage } from '@roomful/shared'
import { WebSocket, type ClientOptions } from 'ws'
import { waitFor } from './wait.ts'

/** How a socket ended. */
export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A WebSocket that sends any frame and keeps what comes back, undecoded and decoded. */
export interface RawSocket {
  /** Frames received so far, in order. */
  readonly frames: readonly Uint8Array[]
  readonly messages: readonly WireMessage[]
  readonly closed: Closed | undefined
  readonly ws: WebSocket
  send(frame: Uint8Array | readonly number[]): void
  sendText(text: string): void
  /** The first message of a type, behind `from` messages; waits for it. */
  next<T extends WireMessage['type']>(type: T, from?: number): Promise<Extract<WireMessage, { type: T }>>
  /** Waits for the end. */
  closing(): Promise<Closed>
  /** Ends it, politely. */
  close(): void
}

/**
 * Opens a raw socket on a room's URL.
 *
 * @example const socket = await openRaw(`${server.wsUrl}/lobby?v=1`)
 */
export async function openRaw(url: string, options: ClientOptions = {}): Promise<RawSocket> {
  const ws = new WebSocket(url, { perMessageDeflate: false, ...options })
  const frames: Uint8Array[] = []
  const messages: WireMessage[] = []
  let closed: Closed | undefined
  ws.on('message', (bytes: Buffer) => {
    const frame = new Uint8Array(bytes)
    frames.push(frame)
    const message = decodeMessage(frame)
    if (message !== undefined) messages.push(message)
  })
  ws.on('close', (code, reason) => (closed = { code, reason: reason.toString() }))
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.once('error', reject)
  })
  // from here on an error is followed by a close, which is what tests look at
  ws.on('error', () => undefined)
  const socket: RawSocket = {
    frames,
    messages,
    ws,
    get closed() {
      return closed
    },
    send: (frame) => ws.send(Uint8Array.from(frame)),
    sendText: (text) => ws.send(text),
    async next(type, from = 0) {
      const find = () => messages.slice(from).find((message) => message.type === type)
      await waitFor(`a message of type ${type}`, () => find() !== undefined)
      return find() as Extract<WireMessage, { type: typeof type }>
    },
    async closing() {
      await waitFor('the socket to be closed', () => closed !== undefined)
      return closed as Closed
    },
    close: () => ws.close(),
  }
  return socket
}

/** What came instead of a 101. */
export interface UpgradeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * Asks for an upgrade whose path is sent exactly as it is given; resolves with the status (101 when it was accepted, the
 * socket is closed then).
 */
export function askUpgrade(
  serverUrl: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<UpgradeAnswer> {
  const { hostname, port } = new URL(serverUrl)
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path,
      agent: false,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    })
    request.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    request.once('response', (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
    request.once('error', reject)
    request.end()
  })
}
