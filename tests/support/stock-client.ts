import { WebSocket as NodeWebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

/** What went over a stock client's sockets, over all its connections. */
export interface FrameCount {
  sent: number
  received: number
  /** Sockets opened so far. */
  opened: number
}

/** The published y-websocket client as it is, in Node, with its frames counted. */
export interface StockClient {
  readonly doc: Y.Doc
  readonly provider: WebsocketProvider
  readonly frames: FrameCount
  /** Ends the TCP connection without a closing handshake, as a pulled cable does; the provider then reconnects. */
  cut(): void
  destroy(): void
}

export interface StockClientOptions {
  readonly doc?: Y.Doc
  /** Left on only where two tabs of one browser are meant. */
  readonly broadcastChannel?: boolean
  readonly params?: Record<string, string>
}

/**
 * Connects a stock client.
 *
 * @param serverUrl `ws://host:port/ws`
 */
export function connectStock(serverUrl: string, room: string, options: StockClientOptions = {}): StockClient {
  const doc = options.doc ?? new Y.Doc()
  const frames: FrameCount = { sent: 0, received: 0, opened: 0 }
  const sockets = new Set<NodeWebSocket>()

  class CountingSocket extends NodeWebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols)
      sockets.add(this)
      this.on('open', () => frames.opened++)
      this.on('message', () => frames.received++)
      this.on('close', () => sockets.delete(this))
    }

    override send(data: Parameters<NodeWebSocket['send']>[0]): void {
      frames.sent++
      super.send(data)
    }
  }

  const provider = new WebsocketProvider(serverUrl, room, doc, {
    // ws speaks the browser's WebSocket interface as far as y-websocket uses it
    WebSocketPolyfill: CountingSocket as unknown as typeof WebSocket,
    disableBc: options.broadcastChannel !== true,
    params: options.params ?? {},
  })
  return {
    doc,
    provider,
    frames,
    cut: () => sockets.forEach((socket) => socket.terminate()),
    destroy: () => {
      // y-websocket says goodbye under the document's id, and fails where Yjs took a new one because somebody wrote under it
      if (!provider.awareness.meta.has(doc.clientID))
        provider.awareness.meta.set(doc.clientID, { clock: 0, lastUpdated: 0 })
      provider.destroy()
      doc.destroy()
    },
  }
}
