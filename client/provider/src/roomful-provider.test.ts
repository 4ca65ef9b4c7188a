import { CLOSE, createUser, MESSAGE } from '@roomful/shared'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { startForeignServer, type ForeignServer } from '../../../tests/support/foreign-server.ts'
import { HELLO, startGreetingServer } from '../../../tests/support/greeting-server.ts'
import { nextTurn, waitFor } from '../../../tests/support/wait.ts'
import { CONNECT_TIMEOUT_MS } from './attempts.ts'
import type { ConnectionState } from './connection.ts'
import { ParkedSocket } from './parked-socket.ts'
import { presenceOf } from './presence-of.ts'
import type { RoomfulProviderOptions } from './provider-options.ts'
import { RoomfulProvider } from './roomful-provider.ts'
import { SILENCE_MS } from './silence-watch.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function foreign(...args: Parameters<typeof startForeignServer>): Promise<ForeignServer> {
  const server = await startForeignServer(...args)
  cleanups.push(server.close)
  return server
}

async function greeting(
  ...args: Parameters<typeof startGreetingServer>
): ReturnType<typeof startGreetingServer> {
  const server = await startGreetingServer(...args)
  cleanups.push(server.close)
  return server
}

function create(url: string, options: RoomfulProviderOptions = {}, doc = new Y.Doc()): RoomfulProvider {
  const provider = new RoomfulProvider(url, 'room', doc, { WebSocketPolyfill, disableBc: true, ...options })
  cleanups.push(() => provider.destroy())
  return provider
}

function recordStates(provider: RoomfulProvider): ConnectionState[] {
  const states: ConnectionState[] = []
  provider.on('connection', (state) => {
    if (states.at(-1) !== state) states.push(state)
  })
  return states
}

function typeInto(provider: RoomfulProvider, text: string): void {
  provider.doc.getText('note').insert(0, text)
}

function frames(server: ForeignServer, type: number): number {
  return server.history.flatMap(({ received }) => received).filter((message) => message[0] === type).length
}

test('[I4] a document that took a new clientID, because somebody wrote under its own, can be left all the same', () => {
  const provider = create('ws://127.0.0.1:1', { connect: false })
  const thief = new Y.Doc()
  thief.clientID = provider.doc.clientID
  thief.getText('note').insert(0, 'stolen')
  Y.applyUpdate(provider.doc, Y.encodeStateAsUpdate(thief))
  expect(provider.doc.clientID).not.toBe(thief.clientID)
  expect(() => provider.disconnect()).not.toThrow()
  expect([...provider.awareness.getStates().keys()]).not.toContain(provider.doc.clientID)
})

describe('on a foreign server', () => {
  test('everything of y-websocket works, pending is unknown, and no receipt is ever asked for', async () => {
    const server = await foreign()
    server.doc.getText('note').insert(0, 'theirs ')
    const provider = create(server.url)
    typeInto(provider, 'mine ')
    await waitFor(
      'both texts on both sides',
      () => server.doc.getText('note').length === 12 && provider.synced,
    )
    expect(provider.doc.getText('note').toString()).toBe(server.doc.getText('note').toString())
    expect(provider.connection).toBe('connected')
    expect(provider.pending).toBe('unknown')
    expect(provider.hello).toBeUndefined()
    typeInto(provider, 'more ')
    await waitFor('the edit at the server', () => server.doc.getText('note').length === 17)
    expect(frames(server, MESSAGE.syncStatus)).toBe(0)
  })

  test('[U17] presence goes both ways with a stock client, and a clean leave is seen', async () => {
    const server = await foreign()
    const stock = new WebsocketProvider(server.url, 'room', new Y.Doc(), {
      WebSocketPolyfill,
      disableBc: true,
    })
    cleanups.push(() => stock.destroy())
    stock.awareness.setLocalStateField('user', createUser('bob', 'Bob', '#00855f'))
    const provider = create(server.url, { user: createUser('ada', 'Ada', '#ca4459') })
    await waitFor('Bob at Ada’s', () => presenceOf(provider).others.length === 1)
    const { clientID } = provider.awareness
    await waitFor('Ada at Bob’s', () => stock.awareness.getStates().get(clientID)?.['user']?.name === 'Ada')
    provider.disconnect()
    await waitFor('Ada gone at Bob’s', () => !stock.awareness.getStates().has(clientID))
    provider.connect()
    await waitFor('Ada back at Bob’s', () => stock.awareness.getStates().has(clientID))
  })

  test('[U10] remote awareness changes are not sent back', async () => {
    const server = await foreign()
    const ada = create(server.url, { user: createUser('ada', 'Ada', '#ca4459') })
    const bob = create(server.url, { user: createUser('bob', 'Bob', '#00855f') })
    const people = [presenceOf(ada), presenceOf(bob)]
    await waitFor('each other', () => people.every(({ others }) => others.length === 1))
    const before = frames(server, MESSAGE.awareness)
    for (let step = 1; step <= 50; step++) ada.awareness.setLocalStateField('step', step)
    await waitFor(
      'the last step',
      () => bob.awareness.getStates().get(ada.awareness.clientID)?.['step'] === 50,
    )
    await nextTurn()
    // with the stock handler Ada's echo of the server's broadcast and Bob's would make three times as many
    expect(frames(server, MESSAGE.awareness) - before).toBe(50)
  })

  test('an own entry that comes back with a higher clock and an old state is put right', async () => {
    const server = await foreign()
    const provider = create(server.url, { user: createUser('ada', 'Ada', '#ca4459') })
    await waitFor('Ada at the server', () => server.awareness.getStates().size === 1)
    const { clientID } = provider.awareness
    const meta = server.awareness.meta.get(clientID)
    server.awareness.meta.set(clientID, {
      clock: (meta?.clock ?? 0) + 50,
      lastUpdated: meta?.lastUpdated ?? 0,
    })
    server.awareness.states.set(clientID, { user: createUser('ada', 'Old name', '#ca4459') })
    server.awareness.emit('update', [{ added: [], updated: [clientID], removed: [] }, 'echo'])
    await waitFor(
      'the newer state at the server',
      () => server.awareness.getStates().get(clientID)?.['user']?.name === 'Ada',
    )
    expect(presenceOf(provider).self?.user.name).toBe('Ada')
  })

  test('[I4] after a reconnect people who have not moved are seen at once', async () => {
    const server = await foreign()
    const bob = create(server.url, { user: createUser('bob', 'Bob', '#00855f') }).awareness.clientID
    await waitFor('Bob at the server', () => server.awareness.getStates().has(bob))
    const provider = create(server.url, { user: createUser('ada', 'Ada', '#ca4459'), random: () => 0 })
    const states = recordStates(provider)
    await waitFor('Bob', () => provider.awareness.getStates().has(bob))
    server.history[1]?.socket.terminate()
    await waitFor('Bob again', () => states.length === 3 && provider.awareness.getStates().has(bob))
    expect(states).toEqual(['connected', 'reconnecting', 'connected'])
    expect(server.history.length).toBe(3)
  })
})

describe('receipts', () => {
  test('[U29] pending falls only at the receipt, never when the update is sent', async () => {
    const server = await greeting()
    const provider = create(server.url)
    await waitFor('sync', () => provider.synced && server.connections.length === 1)
    await waitFor('nothing pending', () => provider.pending === 0)
    server.holdReceipts()
    const seen: unknown[] = []
    provider.on('pending', (pending) => seen.push(pending))
    typeInto(provider, 'a')
    typeInto(provider, 'b')
    expect(provider.pending).toBe(2)
    await waitFor('the text at the server', () => server.doc.getText('note').length === 2)
    await waitFor('the request', () => server.receipts.length > 0)
    expect(provider.pending).toBe(2)
    server.returnReceipts()
    await waitFor('the receipt', () => provider.pending === 0)
    expect(seen).toEqual([1, 2, 0])
    expect(provider.connectionDetail).toMatchObject({
      state: 'connected',
      instanceId: 'test',
      durability: 'disk',
    })
    expect(provider.connectionDetail.rttMs).toBeGreaterThanOrEqual(0)
  })

  test('[U29] the receipt is asked for behind the update it speaks for', async () => {
    const server = await greeting()
    const provider = create(server.url)
    await waitFor('sync', () => provider.synced)
    await waitFor('nothing pending', () => frames(server, MESSAGE.syncStatus) === 1)
    typeInto(provider, 'a')
    await waitFor('the receipt', () => frames(server, MESSAGE.syncStatus) === 2 && provider.pending === 0)
    const kinds = server.history[0]?.received.map(
      (message) => `${message[0]}.${message[0] === 0 ? message[1] : ''}`,
    )
    // SyncStep1, awareness, the answer to the server's SyncStep1, its receipt; then the update and its receipt
    expect(kinds).toEqual(['0.0', '1.', '0.1', '102.', '0.2', '102.'])
  })

  test('[U28] edits made offline and before the first connection count, and are proved by the next one', async () => {
    const server = await greeting()
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'before ')
    const provider = create(server.url, { connect: false }, doc)
    typeInto(provider, 'offline ')
    expect(provider.pending).toBe(2)
    provider.connect()
    await waitFor('the receipt', () => provider.pending === 0)
    expect(server.doc.getText('note').toString()).toBe('offline before ')
  })

  test('[U29] a connection lost before the receipt leaves the count; the next one settles it', async () => {
    const server = await greeting()
    const provider = create(server.url, { random: () => 0 })
    await waitFor('nothing pending', () => provider.synced && frames(server, MESSAGE.syncStatus) === 1)
    server.holdReceipts()
    typeInto(provider, 'a')
    await waitFor('the request', () => server.receipts.length === 1)
    server.history[0]?.socket.terminate()
    await waitFor('the next connection', () => server.receipts.length === 2)
    expect(provider.pending).toBe(1)
    server.receipts.splice(0, 1)
    server.returnReceipts()
    await waitFor('the receipt', () => provider.pending === 0)
  })

  test('[U29] on a new connection nothing is asked before the server’s SyncStep1 has been answered', async () => {
    const server = await greeting({
      onConnection: ({ socket }) => {
        if (server.history.length < 2) return true
        // the second connection: hello and receipts, but what the client has is never asked for
        socket.on('message', (raw: Buffer) => raw[0] === MESSAGE.syncStatus && socket.send(raw))
        return false
      },
    })
    const provider = create(server.url, { random: () => 0 })
    await waitFor('nothing pending', () => provider.synced && frames(server, MESSAGE.syncStatus) === 1)
    server.history[0]?.socket.terminate()
    await waitFor('the drop', () => !provider.synced)
    typeInto(provider, 'offline ')
    await waitFor(
      'the second hello',
      () => server.history.length === 2 && provider.connection === 'connected',
    )
    typeInto(provider, 'online ')
    await waitFor(
      'the update',
      () => server.history[1]?.received.some(([type, step]) => type === 0 && step === 2) === true,
    )
    await nextTurn()
    expect(frames(server, MESSAGE.syncStatus)).toBe(1)
    expect(provider.pending).toBe(2)
  })

  test('[U29] a refused update stays pending', async () => {
    const server = await greeting()
    const provider = create(server.url)
    await waitFor('nothing pending', () => provider.synced && frames(server, MESSAGE.syncStatus) === 1)
    const notices: string[] = []
    provider.on('notice', ({ code }) => notices.push(code))
    server.holdReceipts()
    typeInto(provider, 'too much')
    await waitFor('the request', () => server.receipts.length === 1)
    server.notify({ code: 'too-large', message: 'the document is full' })
    server.returnReceipts()
    await waitFor('the notice', () => notices.length === 1)
    typeInto(provider, 'more')
    await waitFor('the next request', () => frames(server, MESSAGE.syncStatus) === 3)
    await nextTurn()
    expect(provider.pending).toBe(2)
  })

  test('[U49] the server’s clock is told by hello', async () => {
    const clock = new ManualClientClock(5_000)
    const server = await greeting({ hello: { now: 90_000 } })
    const provider = create(server.url, { clock })
    expect(provider.serverNow()).toBe(5_000)
    const hellos: unknown[] = []
    provider.on('hello', (hello) => hellos.push(hello))
    await waitFor('hello', () => hellos.length === 1)
    expect(hellos).toEqual([{ ...HELLO, now: 90_000 }])
    clock.advance(100)
    expect(provider.serverNow()).toBe(90_100)
  })
})

describe('the address', () => {
  test('asks for the extensions, proves the tab and sends the token anew at each connect', async () => {
    const server = await greeting({ hello: { generation: 3 } })
    let asked = 0
    const token = async (): Promise<string> => `token ${++asked}`
    const provider = create(server.url, { token, params: { own: 'yes' }, random: () => 0 })
    await waitFor('hello', () => provider.hello !== undefined)
    server.connections[0]?.socket.terminate()
    await waitFor(
      'the second connection',
      () => server.history.length === 2 && provider.connection === 'connected',
    )
    const [first, second] = server.history.map(({ url }) => url.searchParams)
    expect(server.history[0]?.url.pathname).toBe('/room')
    expect(first?.get('v')).toBe('2')
    expect(first?.get('own')).toBe('yes')
    expect(first?.get('token')).toBe('token 1')
    expect(first?.has('gen')).toBe(false)
    expect(second?.get('token')).toBe('token 2')
    expect(second?.get('gen')).toBe('3')
    expect(second?.get('key')).toBe(first?.get('key'))
    expect(first?.get('key')?.length).toBeGreaterThan(15)
  })

  test('[U16] an identity gives the key and the user, and is followed', async () => {
    const server = await greeting()
    const identity = {
      user: createUser('ada', 'Ada', '#ca4459'),
      key: 'secret of the tab',
      listener: () => {},
      subscribe(listener: () => void) {
        this.listener = listener
        return () => {}
      },
    }
    const provider = create(server.url, { identity })
    await waitFor('hello', () => provider.hello !== undefined)
    expect(server.history[0]?.url.searchParams.get('key')).toBe('secret of the tab')
    identity.user = createUser('new', 'New', '#00855f')
    identity.listener()
    expect(presenceOf(provider).self?.user).toEqual(identity.user)
  })

  test('mutable params are read at each connect', async () => {
    const server = await foreign()
    const provider = create(server.url, { params: { turn: '1' }, random: () => 0 })
    await waitFor('sync', () => provider.synced)
    provider.params = { turn: '2' }
    server.connections[0]?.socket.terminate()
    await waitFor('the second connection', () => server.history.length === 2)
    expect(server.history.map(({ url }) => url.searchParams.get('turn'))).toEqual(['1', '2'])
  })

  test('a token function that fails is one more failed try, and is asked again', async () => {
    const server = await greeting()
    let asked = 0
    const errors: unknown[] = []
    const token = async (): Promise<string> => {
      if (++asked < 3) throw new Error('not signed in yet')
      return 'good'
    }
    const provider = create(server.url, { token, random: () => 0, connect: false })
    provider.on('connection-error', (event) => errors.push(event))
    provider.connect()
    await waitFor('the connection', () => provider.connection === 'connected')
    expect(errors.length).toBe(2)
    expect(server.history.map(({ url }) => url.searchParams.get('token'))).toEqual(['good'])
  })
})

describe('reconnects', () => {
  test('[U26] tells when the next try comes, tries then, and not before', async () => {
    const server = await foreign()
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock, random: () => 0.5 })
    const states = recordStates(provider)
    await waitFor('sync', () => provider.synced)
    server.connections[0]?.socket.terminate()
    await waitFor('the drop', () => provider.connection === 'reconnecting')
    expect(provider.connectionDetail.retryAt).toBe(clock.now() + 500)
    expect(provider.shouldConnect).toBe(true)
    expect(provider.ws).toBeInstanceOf(ParkedSocket)
    clock.advance(499)
    expect(provider.ws).toBeInstanceOf(ParkedSocket)
    clock.advance(1)
    await waitFor('the second connection', () => provider.synced)
    expect(states).toEqual(['connected', 'reconnecting', 'connected'])
    expect(provider.connectionDetail.retryAt).toBeUndefined()
  })

  test('[U26] y-websocket’s own timer never gets in between', async () => {
    const server = await foreign()
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock, random: () => 1 })
    await waitFor('sync', () => provider.synced)
    const planned = vi.spyOn(globalThis, 'setTimeout')
    cleanups.push(() => planned.mockRestore())
    server.connections[0]?.socket.terminate()
    await waitFor('the drop', () => provider.connection === 'reconnecting')
    // what y-websocket planned at the close: setTimeout(setupWS, delay, provider)
    const calls: unknown[][] = planned.mock.calls
    const [setupWS, delay] = calls.find(([, , argument]) => argument === provider) ?? []
    if (typeof setupWS !== 'function')
      throw new Error('y-websocket planned nothing: its retry works differently now')
    expect(delay).toBeLessThanOrEqual(200)
    setupWS(provider)
    expect(provider.ws).toBeInstanceOf(ParkedSocket)
    expect(server.history.length).toBe(1)
    provider.retryNow()
    await waitFor('the retry somebody asked for', () => provider.synced)
    expect(server.history.length).toBe(2)
  })

  test('while a token is being asked for nothing connects without it', async () => {
    const server = await greeting()
    const answers: ((token: string) => void)[] = []
    const token = (): Promise<string> => new Promise((resolve) => answers.push(resolve))
    const provider = create(server.url, { token })
    answers[0]?.('first')
    await waitFor('sync', () => provider.synced)
    const planned = vi.spyOn(globalThis, 'setTimeout')
    cleanups.push(() => planned.mockRestore())
    provider.disconnect()
    provider.connect()
    expect(provider.connection).toBe('connecting')
    const calls: unknown[][] = planned.mock.calls
    for (const [run, , argument] of calls) {
      // what y-websocket planned when the socket closed
      if (argument === provider && typeof run === 'function') run(provider)
    }
    expect(provider.ws).toBeInstanceOf(ParkedSocket)
    answers[1]?.('second')
    await waitFor('sync', () => provider.synced)
    expect(server.history.map(({ url }) => url.searchParams.get('token'))).toEqual(['first', 'second'])
  })

  test('[U33] waits grow while the server is away, and a server that is back is found', async () => {
    const server = await foreign()
    const port = Number(new URL(server.url).port)
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock, random: () => 1 })
    await waitFor('sync', () => provider.synced)
    clock.advance(6_000)
    await server.close()
    cleanups.splice(0, 1)
    const waits: number[] = []
    for (const expected of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      await waitFor('waiting', () => provider.connectionDetail.retryAt !== undefined)
      waits.push((provider.connectionDetail.retryAt ?? 0) - clock.now())
      clock.advance(expected)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    await foreign({ port })
    await waitFor('waiting', () => provider.connectionDetail.retryAt !== undefined)
    clock.advance(30_000)
    await waitFor('the connection', () => provider.connection === 'connected')
  })

  test('[U33] a draining server names the wait', async () => {
    const server = await greeting()
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock, random: () => 1 })
    await waitFor('sync', () => provider.synced)
    server.notify({ code: 'draining', message: 'restarting', retryAfterMs: 77 })
    server.connections[0]?.socket.close(CLOSE.restart.code, 'restart')
    await waitFor('waiting', () => provider.connectionDetail.retryAt !== undefined)
    expect(provider.connectionDetail.retryAt).toBe(clock.now() + 77)
  })

  test.each([CLOSE.unauthorized, CLOSE.forbidden, CLOSE.deleted, CLOSE.malformed, CLOSE.tooLarge])(
    '[U32] close $code is final, says why and what to do, and is tried once',
    async ({ code, meaning, advice }) => {
      const server = await greeting({ refuse: [code, 'because'] })
      const clock = new ManualClientClock()
      const provider = create(server.url, { clock })
      const closed: unknown[] = []
      provider.on('closed', (event) => closed.push(event))
      const states = recordStates(provider)
      await waitFor('the refusal', () => provider.connection === 'closed')
      expect(provider.connectionDetail.closedReason).toEqual({ code, reason: 'because', meaning, advice })
      expect(closed).toEqual([{ code, reason: 'because' }])
      expect(states).toEqual(['closed'])
      expect(provider.shouldConnect).toBe(false)
      clock.advance(60_000)
      expect(server.history.length).toBe(1)
      expect(clock.waiting).toBe(0)
    },
  )

  test('[U32] after a refusal one can still ask to try again', async () => {
    const server = await greeting({ refuse: [CLOSE.forbidden.code, ''] })
    const provider = create(server.url)
    await waitFor('the refusal', () => provider.connection === 'closed')
    provider.retryNow()
    expect(provider.connection).toBe('connecting')
    await waitFor('the second refusal', () => provider.connection === 'closed' && server.history.length === 2)
  })

  /** y-websocket looks after its socket every 3 s: here, when told to. */
  function holdIntervals(): void {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    cleanups.push(() => vi.useRealTimers())
  }

  test('a socket that never says anything is given up', async () => {
    holdIntervals()
    const server = await foreign({ onConnection: () => false })
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock })
    await waitFor('the socket', () => provider.wsconnected)
    expect(provider.connection).toBe('connecting')
    clock.advance(CONNECT_TIMEOUT_MS)
    vi.advanceTimersByTime(3_000)
    await waitFor('the next try planned', () => provider.connection === 'reconnecting')
  })

  test('[I4] a socket that falls silent is given up after 25 s, one that speaks is kept', async () => {
    holdIntervals()
    const server = await foreign()
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock })
    await waitFor('sync', () => provider.synced)
    const { socket } = server.connections[0] ?? {}
    clock.advance(SILENCE_MS - 1)
    socket?.send(Uint8Array.of(1, 1, 0))
    const last = provider.wsLastMessageReceived
    await waitFor('the word', () => provider.wsLastMessageReceived !== last)
    clock.advance(SILENCE_MS - 1)
    expect(provider.connection).toBe('connected')
    clock.advance(1)
    vi.advanceTimersByTime(3_000)
    await waitFor('the drop', () => provider.connection === 'reconnecting')
  })

  test('disconnect and connect are heard at once and leave one socket', async () => {
    const server = await foreign()
    const provider = create(server.url)
    const states = recordStates(provider)
    await waitFor('sync', () => provider.synced)
    provider.disconnect()
    expect(provider.connection).toBe('closed')
    expect(provider.connectionDetail.closedReason).toBeUndefined()
    provider.connect()
    provider.connect()
    await waitFor('sync', () => provider.synced)
    await waitFor('one socket', () => server.connections.length === 1)
    expect(server.history.length).toBe(2)
    expect(states).toEqual(['connected', 'closed', 'connecting', 'connected'])
  })

  test('shouldConnect set to false by hand ends the waiting', async () => {
    const server = await foreign()
    const clock = new ManualClientClock()
    const provider = create(server.url, { clock, random: () => 0.5 })
    await waitFor('sync', () => provider.synced)
    server.connections[0]?.socket.terminate()
    await waitFor('waiting', () => provider.connection === 'reconnecting')
    provider.shouldConnect = false
    clock.advance(500)
    expect(provider.connection).toBe('closed')
    expect(provider.ws).toBeNull()
  })
})

describe('the end', () => {
  test('destroy lets go of timers, listeners and the document, at any moment, twice as once', async () => {
    const server = await greeting()
    const clock = new ManualClientClock()
    const moments: ((provider: RoomfulProvider) => Promise<void>)[] = [
      async () => {},
      async (provider) => waitFor('sync', () => provider.synced),
      async (provider) => {
        await waitFor('sync', () => provider.synced)
        server.connections[0]?.socket.terminate()
        await waitFor('waiting', () => provider.connection === 'reconnecting')
      },
    ]
    for (const reach of moments) {
      const doc = new Y.Doc()
      const before = [...doc._observers.keys()].length
      const provider = create(server.url, { clock, user: createUser('ada', 'Ada', '#ca4459') }, doc)
      await reach(provider)
      provider.destroy()
      provider.destroy()
      expect(clock.waiting).toBe(0)
      expect(doc._observers.get('update')?.size ?? 0).toBe(0)
      expect([...doc._observers.keys()].length).toBeLessThanOrEqual(before + 1)
      provider.connect()
      provider.retryNow()
      expect(provider.connection).toBe('closed')
      await waitFor('the server’s side', () => server.connections.length === 0)
    }
  })

  test('an awareness that was handed in is not destroyed', async () => {
    const { awareness } = create('ws://127.0.0.1:9', { connect: false })
    const provider = create('ws://127.0.0.1:9', { connect: false, awareness }, awareness.doc)
    provider.destroy()
    expect(awareness.getLocalState()).not.toBeNull()
  })

  test('an address that cannot be opened throws as it does in y-websocket, and nothing stays behind', () => {
    const doc = new Y.Doc()
    expect(() => new RoomfulProvider('not an address', 'room', doc, { WebSocketPolyfill })).toThrow()
    expect(doc._observers.get('update')?.size ?? 0).toBe(0)
  })
})
