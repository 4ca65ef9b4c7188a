import { RoomfulProvider } from '@roomful/provider'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { startForeignServer, type ForeignServer } from '../support/foreign-server.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

/** The import that is changed. */
const IMPORTS: readonly [name: string, Provider: typeof WebsocketProvider][] = [
  ['y-websocket', WebsocketProvider],
  ['@roomful/provider', RoomfulProvider],
]

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function foreign(...args: Parameters<typeof startForeignServer>): Promise<ForeignServer> {
  const server = await startForeignServer(...args)
  cleanups.push(server.close)
  return server
}

function keep<T extends { destroy(): void }>(thing: T): T {
  cleanups.push(() => thing.destroy())
  return thing
}

/** y-websocket's README, section by section, with nothing changed but where the class comes from. */
describe.each(IMPORTS)('the documented use of y-websocket, imported from %s', (_name, Provider) => {
  test.each([
    ['a Roomful server', async () => (await started()).wsUrl],
    ['a foreign server', async () => (await foreign()).url],
  ])('the quick start works on %s', async (_where, address) => {
    const url = await address()
    const [doc, other] = [keep(new Y.Doc()), keep(new Y.Doc())]
    const wsProvider = keep(new Provider(url, 'my-roomname', doc, { WebSocketPolyfill }))
    const log: string[] = []
    wsProvider.on('status', (event) => log.push(event.status))
    const second = keep(new Provider(url, 'my-roomname', other, { WebSocketPolyfill, disableBc: true }))
    doc.getMap('data').set('key', 'value')
    await waitFor('the value', () => other.getMap('data').get('key') === 'value')
    await waitFor('both', () => wsProvider.synced && second.synced)
    expect(log.at(-1)).toBe('connected')
  })

  test('options: connect, params, protocols, awareness, maxBackoffTime, disableBc', async () => {
    const server = await foreign()
    const doc = keep(new Y.Doc())
    const awareness = keep(new Awareness(doc))
    const wsProvider = keep(
      new Provider(`${server.url}//`, 'my-roomname', doc, {
        connect: false,
        params: { auth: 'bearer' },
        protocols: ['one', 'two'],
        WebSocketPolyfill,
        awareness,
        maxBackoffTime: 2_500,
        disableBc: true,
      }),
    )
    expect(wsProvider.shouldConnect).toBe(false)
    expect(wsProvider.ws).toBeNull()
    expect(server.history).toEqual([])
    expect(wsProvider.awareness).toBe(awareness)
    expect(wsProvider.serverUrl).toBe(server.url)
    expect([wsProvider.maxBackoffTime, wsProvider.params]).toEqual([2_500, { auth: 'bearer' }])
    expect(wsProvider.protocols).toEqual(['one', 'two'])
    wsProvider.connect()
    expect([wsProvider.shouldConnect, wsProvider.wsconnecting, wsProvider.wsconnected]).toEqual([
      true,
      true,
      false,
    ])
    await waitFor('sync', () => wsProvider.synced)
    expect([wsProvider.wsconnecting, wsProvider.wsconnected, wsProvider.bcconnected]).toEqual([
      false,
      true,
      false,
    ])
    const [connection] = server.history
    expect(connection?.url.pathname).toBe('/my-roomname')
    expect(connection?.url.searchParams.get('auth')).toBe('bearer')
    expect(connection?.socket.protocol).toBe('one')
  })

  test('params may be changed: the next connection uses them', async () => {
    const server = await foreign()
    const doc = keep(new Y.Doc())
    const wsProvider = keep(
      new Provider(server.url, 'room', doc, { WebSocketPolyfill, disableBc: true, params: { token: 'old' } }),
    )
    await waitFor('sync', () => wsProvider.synced)
    wsProvider.params['token'] = 'new'
    wsProvider.disconnect()
    wsProvider.connect()
    await waitFor('sync', () => wsProvider.synced)
    expect(server.history.map(({ url }) => url.searchParams.get('token'))).toEqual(['old', 'new'])
  })

  test('disconnect, connect and destroy, with the fields and events of each', async () => {
    const server = await foreign()
    const doc = keep(new Y.Doc())
    const wsProvider = new Provider(server.url, 'room', doc, { WebSocketPolyfill, disableBc: true })
    const log: string[] = []
    wsProvider.on('status', ({ status }) => log.push(status))
    wsProvider.on('sync', (isSynced) => log.push(`sync ${isSynced}`))
    wsProvider.on('connection-close', (event, provider) =>
      log.push(`close ${event === null} ${provider === wsProvider}`),
    )
    await waitFor('sync', () => wsProvider.synced)
    wsProvider.disconnect()
    expect([wsProvider.shouldConnect, wsProvider.wsconnected, wsProvider.synced]).toEqual([
      false,
      false,
      false,
    ])
    wsProvider.connect()
    await waitFor('sync', () => wsProvider.synced)
    wsProvider.destroy()
    expect([wsProvider.shouldConnect, wsProvider.wsconnected]).toEqual([false, false])
    await waitFor('the server’s side', () => server.connections.length === 0)
    expect(doc._observers.get('update')?.size ?? 0).toBe(0)
    const closing = ['close true true', 'sync false', 'disconnected']
    expect(log).toEqual([
      'connected',
      'sync true',
      ...closing,
      'connecting',
      'connected',
      'sync true',
      ...closing,
    ])
  })

  test('an error of the connection and a close are told, and it comes back by itself', async () => {
    const server = await foreign()
    const doc = keep(new Y.Doc())
    const port = Number(new URL(server.url).port)
    const wsProvider = keep(
      new Provider(server.url, 'room', doc, { WebSocketPolyfill, disableBc: true, maxBackoffTime: 50 }),
    )
    await waitFor('sync', () => wsProvider.synced)
    const closes: (CloseEvent | null)[] = []
    let errors = 0
    wsProvider.on('connection-close', (event) => closes.push(event))
    wsProvider.on('connection-error', () => errors++)
    await server.close()
    await waitFor('a refused connection', () => closes.length > 1 && errors > 0)
    expect(closes[0]?.code).toBe(1006)
    expect(wsProvider.shouldConnect).toBe(true)
    await foreign({ port, doc: server.doc })
    await waitFor('sync', () => wsProvider.synced)
  })

  test('close codes 4400-4499 end it with a closed event; connect() resumes', async () => {
    let isRefusing = true
    const server = await foreign({
      onConnection: ({ socket }) => {
        if (isRefusing) socket.close(4401, 'permission revoked')
        return !isRefusing
      },
    })
    const doc = keep(new Y.Doc())
    const wsProvider = keep(new Provider(server.url, 'room', doc, { WebSocketPolyfill, disableBc: true }))
    const closed: unknown[] = []
    wsProvider.on('closed', (event, provider) => closed.push([event, provider === wsProvider]))
    await waitFor('the refusal', () => closed.length === 1)
    expect(closed).toEqual([[{ code: 4401, reason: 'permission revoked' }, true]])
    expect([wsProvider.shouldConnect, server.history.length]).toEqual([false, 1])
    isRefusing = false
    wsProvider.connect()
    await waitFor('sync', () => wsProvider.synced)
  })

  test('shouldReconnect decides which closes are final', async () => {
    let refusals = 0
    const server = await foreign({
      onConnection: ({ socket }) => {
        if (refusals++ < 2) socket.close(4403, 'not yet')
        return refusals > 2
      },
    })
    const doc = keep(new Y.Doc())
    const wsProvider = keep(
      new Provider(server.url, 'room', doc, {
        WebSocketPolyfill,
        disableBc: true,
        maxBackoffTime: 50,
        // never give up
        shouldReconnect: () => true,
      }),
    )
    await waitFor('sync', () => wsProvider.synced)
    expect(server.history.length).toBe(3)
  })

  test('two tabs of one browser speak without a server', async () => {
    const [one, two] = [keep(new Y.Doc()), keep(new Y.Doc())]
    const [first, second] = [one, two].map((doc) =>
      keep(new Provider('ws://127.0.0.1:9', 'tabs', doc, { WebSocketPolyfill })),
    )
    one.getText('note').insert(0, 'hello')
    await waitFor('the text', () => two.getText('note').toString() === 'hello')
    first?.awareness.setLocalStateField('user', { name: 'Ada' })
    await waitFor('Ada', () => second?.awareness.getStates().get(one.clientID)?.['user']?.name === 'Ada')
    expect([first?.bcconnected, second?.bcconnected]).toEqual([true, true])
  })
})

async function started(): ReturnType<typeof startServer> {
  const server = await startServer()
  cleanups.push(server.close)
  return server
}
