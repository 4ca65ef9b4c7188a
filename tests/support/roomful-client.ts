import { RoomfulProvider, type RoomfulProviderOptions } from '@roomful/provider'
import { WebSocket as NodeWebSocket } from 'ws'
import * as Y from 'yjs'

/** A Roomful client in Node. */
export interface RoomfulClient {
  readonly doc: Y.Doc
  readonly provider: RoomfulProvider
  /** Messages sent over all its connections, by message number. */
  readonly sent: Map<number, number>
  /** Ends the TCP connection without a closing handshake, as a pulled cable does; the provider then reconnects. */
  cut(): void
  destroy(): void
}

/**
 * Connects a Roomful client; BroadcastChannel is off unless asked for, so that the server is under test.
 *
 * @param serverUrl `ws://host:port/ws`
 */
export function connectRoomful(
  serverUrl: string,
  room: string,
  options: RoomfulProviderOptions & { readonly doc?: Y.Doc } = {},
): RoomfulClient {
  const { doc = new Y.Doc(), ...providerOptions } = options
  const sockets = new Set<NodeWebSocket>()
  const sent = new Map<number, number>()

  class CountingSocket extends NodeWebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols)
      sockets.add(this)
      this.on('close', () => sockets.delete(this))
    }

    override send(data: Parameters<NodeWebSocket['send']>[0]): void {
      const type = data instanceof Uint8Array ? (data[0] ?? -1) : -1
      sent.set(type, (sent.get(type) ?? 0) + 1)
      super.send(data)
    }
  }

  const provider = new RoomfulProvider(serverUrl, room, doc, {
    // ws speaks the browser's WebSocket interface as far as y-websocket uses it
    WebSocketPolyfill: CountingSocket as unknown as typeof WebSocket,
    disableBc: true,
    ...providerOptions,
  })
  return {
    doc,
    provider,
    sent,
    cut: () => sockets.forEach((socket) => socket.terminate()),
    destroy: () => {
      provider.destroy()
      doc.destroy()
    },
  }
}
