import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import * as stock from 'y-websocket'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { startForeignServer } from '../../../tests/support/foreign-server.ts'
import { waitFor } from '../../../tests/support/wait.ts'
import * as roomful from './index.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** y-websocket's documented use (its README), word for word but for the import. */
async function documentedUse(
  WebsocketProvider: typeof stock.WebsocketProvider,
  url: string,
): Promise<{ log: string[]; provider: stock.WebsocketProvider; doc: Y.Doc }> {
  const log: string[] = []
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  const provider = new WebsocketProvider(`${url}/`, 'my-roomname', doc, {
    connect: false,
    params: { auth: 'bearer' },
    protocols: [],
    WebSocketPolyfill,
    awareness,
    resyncInterval: -1,
    maxBackoffTime: 2_500,
    disableBc: true,
  })
  cleanups.push(() => {
    provider.destroy()
    doc.destroy()
  })
  provider.on('status', (event) => log.push(`status ${event.status}`))
  provider.on('sync', (isSynced) => log.push(`sync ${isSynced}`))
  provider.on('connection-close', (event, self) =>
    log.push(`connection-close ${event === null} ${self === provider}`),
  )
  log.push(
    `initially ${provider.wsconnected} ${provider.wsconnecting} ${provider.shouldConnect} ${provider.synced}`,
  )
  provider.connect()
  log.push(
    `then ${provider.wsconnected} ${provider.wsconnecting} ${provider.shouldConnect} ${provider.ws !== null}`,
  )
  await waitFor('sync', () => provider.synced)
  log.push(
    `synced ${provider.wsconnected} ${provider.wsconnecting} ${provider.bcconnected} ${provider.roomname}`,
  )
  expect(provider.awareness).toBe(awareness)
  expect(provider.doc).toBe(doc)
  expect(provider.serverUrl).toBe(url)
  expect(provider.maxBackoffTime).toBe(2_500)
  expect(provider.params).toEqual({ auth: 'bearer' })
  provider.disconnect()
  log.push(
    `after ${provider.wsconnected} ${provider.shouldConnect} ${provider.synced} ${provider.ws === null}`,
  )
  provider.connect()
  await waitFor('sync again', () => provider.synced)
  return { log, provider, doc }
}

describe('in place of y-websocket', () => {
  test('the documented use behaves the same by changing one import', async () => {
    const server = await startForeignServer()
    cleanups.push(server.close)
    const ours = await documentedUse(roomful.RoomfulProvider, server.url)
    const theirs = await documentedUse(stock.WebsocketProvider, server.url)
    expect(ours.log).toEqual(theirs.log)
    expect(ours.provider).toBeInstanceOf(stock.WebsocketProvider)
    ours.doc.getMap('data').set('key', 'value')
    await waitFor('the edit', () => theirs.doc.getMap('data').get('key') === 'value')
  })

  test('every public field of y-websocket is there, of the same kind', () => {
    const options = { connect: false, WebSocketPolyfill }
    const ours = new roomful.RoomfulProvider('ws://127.0.0.1:9', 'room', new Y.Doc(), options)
    const theirs = new stock.WebsocketProvider('ws://127.0.0.1:9', 'room', new Y.Doc(), options)
    const kinds = (provider: object): string[] =>
      Object.entries(provider).map(([name, value]) => `${name} ${value === null ? 'null' : typeof value}`)
    expect(kinds(ours)).toEqual(expect.arrayContaining(kinds(theirs)))
    ours.destroy()
    theirs.destroy()
  })

  test('a closed event and a shouldReconnect of one’s own work as documented', async () => {
    const server = await startForeignServer({
      onConnection: ({ socket }) => {
        socket.close(4999, 'own rule')
        return false
      },
    })
    cleanups.push(server.close)
    const shouldReconnect = vi.fn((event: CloseEvent) => event.code !== 4999)
    const provider = new roomful.RoomfulProvider(server.url, 'room', new Y.Doc(), {
      WebSocketPolyfill,
      disableBc: true,
      shouldReconnect,
    })
    cleanups.push(() => provider.destroy())
    const closed: unknown[] = []
    provider.on('closed', (event) => closed.push(event))
    await waitFor('the close', () => closed.length === 1)
    expect(closed).toEqual([{ code: 4999, reason: 'own rule' }])
    expect(shouldReconnect).toHaveBeenCalledTimes(1)
    expect(provider.connection).toBe('closed')
  })

  test('a closed handler may connect again at once', async () => {
    let refusals = 1
    const server = await startForeignServer({
      onConnection: ({ socket }) => {
        if (refusals-- > 0) socket.close(4401, 'token expired')
        return refusals < 0
      },
    })
    cleanups.push(server.close)
    const provider = new roomful.RoomfulProvider(server.url, 'room', new Y.Doc(), {
      WebSocketPolyfill,
      disableBc: true,
    })
    cleanups.push(() => provider.destroy())
    provider.on('closed', () => provider.connect())
    await waitFor('sync', () => provider.synced)
    expect(provider.connection).toBe('connected')
    expect(server.history.length).toBe(2)
  })

  test('the types fit: options, events and the class itself', () => {
    expectTypeOf<roomful.WebsocketProviderOptions>().toExtend<roomful.RoomfulProviderOptions>()
    expectTypeOf<roomful.RoomfulProvider>().toExtend<stock.WebsocketProvider>()
    expectTypeOf<typeof roomful.RoomfulProvider>().toExtend<typeof stock.WebsocketProvider>()
    expectTypeOf<roomful.RoomfulProvider>().toExtend<roomful.RoomContext>()
    expectTypeOf<roomful.Identity>().toExtend<roomful.IdentityLike>()
    expectTypeOf<Parameters<roomful.RoomfulProvider['on']>[0]>().toEqualTypeOf<keyof roomful.ProviderEvents>()
  })
})

describe('on a server and without React', () => {
  test('importing needs no window, no WebSocket and no React', async () => {
    vi.resetModules()
    const touched: string[] = []
    for (const module of ['react', 'react-dom']) {
      vi.doMock(module, () => {
        touched.push(module)
        return {}
      })
    }
    vi.stubGlobal('WebSocket', undefined)
    vi.stubGlobal('indexedDB', undefined)
    cleanups.push(() => vi.unstubAllGlobals())
    expect(typeof window).toBe('undefined')
    const fresh = await import('./index.ts')
    expect(fresh.RoomfulProvider).toBeTypeOf('function')
    expect(fresh.loadIdentity(undefined, () => 0.5).name).toMatch(/ /)
    expect(touched).toEqual([])
  })

  test('[U62] ids need neither randomUUID nor subtle', () => {
    const { getRandomValues } = crypto
    vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) })
    cleanups.push(() => vi.unstubAllGlobals())
    const ids = new Set(Array.from({ length: 1_000 }, () => roomful.randomId()))
    expect(ids.size).toBe(1_000)
    for (const id of ids) expect(id).toMatch(/^[\w-]{21}$/)
  })
})
