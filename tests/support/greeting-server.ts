import { encodeHello, encodeNotice, type Hello, type Notice } from '@roomful/shared'
import {
  startForeignServer,
  type ForeignConnection,
  type ForeignServer,
  type ForeignServerOptions,
} from './foreign-server.ts'

/** What a {@link startGreetingServer} says of itself unless told otherwise. */
export const HELLO: Hello = {
  protocol: 1,
  generation: 0,
  durability: 'disk',
  now: 1_000_000,
  permission: 'write',
  limits: { frameBytes: 1_000_000, awarenessBytes: 4_096, updatesPerSecond: 2_000 },
  instanceId: 'test',
}

/** A foreign server that says hello and returns receipts when it is told to. */
export interface GreetingServer extends ForeignServer {
  /** Receipts asked for and not yet returned. */
  readonly receipts: { readonly connection: ForeignConnection; readonly message: Uint8Array }[]
  /** Returns what is held, and from now on everything at once. */
  returnReceipts(): void
  holdReceipts(): void
  notify(notice: Notice): void
}

/** Plays the parts of Roomful's wire a client depends on; what the real server does beyond is for integration tests. */
export async function startGreetingServer(
  options: ForeignServerOptions & {
    readonly hello?: Partial<Hello>
    readonly refuse?: [code: number, reason: string]
  } = {},
): Promise<GreetingServer> {
  const receipts: GreetingServer['receipts'] = []
  let isHolding = false
  const server = await startForeignServer({
    ...options,
    onConnection: (connection) => {
      if (options.refuse !== undefined) {
        connection.socket.close(...options.refuse)
        return false
      }
      connection.send(encodeHello(JSON.stringify({ ...HELLO, ...options.hello })))
      return options.onConnection?.(connection) !== false
    },
    onUnknown: (connection, message) => {
      if (isHolding) receipts.push({ connection, message })
      else connection.send(message)
    },
  })
  return {
    ...server,
    receipts,
    holdReceipts: () => {
      isHolding = true
    },
    returnReceipts: () => {
      isHolding = false
      for (const { connection, message } of receipts.splice(0)) connection.send(message)
    },
    notify: (notice) => {
      for (const connection of server.connections) connection.send(encodeNotice(JSON.stringify(notice)))
    },
  }
}
