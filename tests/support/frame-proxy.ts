import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

/** Which way a frame goes. */
export type FrameDirection = 'toServer' | 'toClient'

/** What becomes of a frame: it passes, is lost without a word, or arrives as another. */
export type FrameFate = (frame: Uint8Array, direction: FrameDirection) => Uint8Array | undefined

/**
 * A WebSocket proxy that loses or changes single frames, which no TCP connection does: what a broken middlebox, or a bug of
 * ours, looks like to both sides.
 */
export class FrameProxy {
  readonly #server: WebSocketServer
  /** What becomes of each frame from now on. */
  fate: FrameFate = (frame) => frame

  private constructor(server: WebSocketServer, target: string) {
    this.#server = server
    server.on('connection', (client, request) => {
      const upstream = new WebSocket(`${target}${request.url ?? ''}`, { perMessageDeflate: false })
      const early: Uint8Array[] = []
      client.on('message', (bytes: Buffer) => {
        const frame = this.fate(new Uint8Array(bytes), 'toServer')
        if (frame === undefined) return
        if (upstream.readyState === upstream.OPEN) upstream.send(frame)
        else early.push(frame)
      })
      upstream.on('open', () => {
        for (const frame of early) upstream.send(frame)
      })
      upstream.on('message', (bytes: Buffer) => {
        const frame = this.fate(new Uint8Array(bytes), 'toClient')
        if (frame !== undefined) client.send(frame)
      })
      client.on('close', () => upstream.terminate())
      upstream.on('close', () => client.terminate())
      // an error is followed by a close
      upstream.on('error', () => undefined)
    })
  }

  /** @param target the server's address, `http://127.0.0.1:3000` or `ws://…`, without a path */
  static async start(target: string): Promise<FrameProxy> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    await new Promise<void>((resolve) => server.once('listening', resolve))
    return new FrameProxy(server, target.replace(/^http/, 'ws'))
  }

  /** `ws://127.0.0.1:<port>/ws` */
  get wsUrl(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate()
    this.#server.close()
  }
}
