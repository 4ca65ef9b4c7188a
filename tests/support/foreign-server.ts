import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as encoding from 'lib0/encoding'
import * as decoding from 'lib0/decoding'
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import * as awarenessProtocol from 'y-protocols/awareness'
import * as syncProtocol from 'y-protocols/sync'
import * as Y from 'yjs'

/** One connection as the server sees it. */
export interface ForeignConnection {
  readonly url: URL
  readonly socket: ServerSocket
  /** Every message that came in, in order. */
  readonly received: Uint8Array[]
  send(message: Uint8Array): void
}

/** A y-websocket server as there are many: no hello, no receipts, and it says everything to everybody. */
export interface ForeignServer {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string
  readonly doc: Y.Doc
  readonly awareness: awarenessProtocol.Awareness
  readonly connections: readonly ForeignConnection[]
  /** Every connection there ever was. */
  readonly history: readonly ForeignConnection[]
  close(): Promise<void>
}

export interface ForeignServerOptions {
  readonly port?: number
  readonly doc?: Y.Doc
  /** Before anything else is said: makes it a server that greets, refuses, or stays silent. `false`: say nothing more. */
  readonly onConnection?: (connection: ForeignConnection) => boolean
  /** A message of unknown type: receipts can be answered here. */
  readonly onUnknown?: (connection: ForeignConnection, message: Uint8Array) => void
}

/** Starts one on a free port of the loopback. All rooms are one document. */
export async function startForeignServer(options: ForeignServerOptions = {}): Promise<ForeignServer> {
  const doc = options.doc ?? new Y.Doc()
  const awareness = new awarenessProtocol.Awareness(doc)
  awareness.setLocalState(null)
  const http = createServer()
  const server = new WebSocketServer({ server: http })
  const connections: ForeignConnection[] = []
  const history: ForeignConnection[] = []
  const broadcast = (message: Uint8Array): void => {
    for (const connection of connections) connection.send(message)
  }
  doc.on('update', (update: Uint8Array) => {
    broadcast(encode(0, (encoder) => syncProtocol.writeUpdate(encoder, update)))
  })
  awareness.on('update', (change: { added: number[]; updated: number[]; removed: number[] }) => {
    const ids = [...change.added, ...change.updated, ...change.removed]
    broadcast(awarenessMessage(awareness, ids))
  })
  server.on('connection', (socket, request) => {
    const connection: ForeignConnection = {
      url: new URL(request.url ?? '/', 'ws://127.0.0.1'),
      socket,
      received: [],
      send: (message) => socket.readyState === socket.OPEN && socket.send(message),
    }
    const owned = new Set<number>()
    connections.push(connection)
    history.push(connection)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      connections.splice(connections.indexOf(connection), 1)
      awarenessProtocol.removeAwarenessStates(awareness, [...owned], 'gone')
    })
    const isSpoken = options.onConnection?.(connection) !== false
    socket.on('message', (raw: Buffer) => {
      const message = new Uint8Array(raw)
      connection.received.push(message)
      if (!isSpoken) return
      const decoder = decoding.createDecoder(message)
      const type = decoding.readVarUint(decoder)
      if (type === 0) {
        const encoder = encoding.createEncoder()
        encoding.writeVarUint(encoder, 0)
        syncProtocol.readSyncMessage(decoder, encoder, doc, connection)
        if (encoding.length(encoder) > 1) connection.send(encoding.toUint8Array(encoder))
      } else if (type === 1) {
        const before = new Set(awareness.getStates().keys())
        awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), connection)
        for (const id of awareness.getStates().keys()) if (!before.has(id)) owned.add(id)
      } else options.onUnknown?.(connection, message)
    })
    if (!isSpoken) return
    connection.send(encode(0, (encoder) => syncProtocol.writeSyncStep1(encoder, doc)))
    const here = [...awareness.getStates().keys()]
    if (here.length > 0) connection.send(awarenessMessage(awareness, here))
  })
  await new Promise<void>((resolve) => {
    http.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}`,
    doc,
    awareness,
    connections,
    history,
    close: async () => {
      for (const { socket } of history) socket.terminate()
      awareness.destroy()
      await new Promise((resolve) => {
        server.close(() => http.close(resolve))
      })
    },
  }
}

function encode(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, type)
  write(encoder)
  return encoding.toUint8Array(encoder)
}

function awarenessMessage(awareness: awarenessProtocol.Awareness, ids: number[]): Uint8Array {
  return encode(1, (encoder) =>
    encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(awareness, ids)),
  )
}
