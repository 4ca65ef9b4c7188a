import { createUser, type Hello } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { startGreetingServer, type GreetingServer } from '../../../tests/support/greeting-server.ts'
import { waitFor } from '../../../tests/support/wait.ts'
import { Chat } from './chat.ts'
import { Identity } from './identity.ts'
import { presenceOf } from './presence-of.ts'
import { DROP_GRACE_MS } from './presence-store.ts'
import type { RoomfulProviderOptions } from './provider-options.ts'
import { RoomfulProvider } from './roomful-provider.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket
const ada = createUser('ada', 'Ada', '#ca4459')
const bob = createUser('bob', 'Bob', '#00855f')

const cleanups: (() => unknown)[] = []
let clock: ManualClientClock

beforeEach(() => {
  clock = new ManualClientClock()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function greeting(hello: Partial<Hello> = {}): Promise<GreetingServer> {
  const server = await startGreetingServer({ hello })
  cleanups.push(server.close)
  return server
}

function create(url: string, options: RoomfulProviderOptions = {}): RoomfulProvider {
  const doc = options.awareness?.doc ?? new Y.Doc()
  const provider = new RoomfulProvider(url, 'room', doc, {
    WebSocketPolyfill,
    disableBc: true,
    random: () => 0,
    ...options,
  })
  cleanups.push(
    () => doc.destroy(),
    () => provider.destroy(),
  )
  return provider
}

function offline(options: RoomfulProviderOptions = {}): RoomfulProvider {
  return create('ws://127.0.0.1:9', { connect: false, ...options })
}

/** Somebody else is in this awareness. */
function enter(awareness: Awareness): void {
  const other = new Awareness(new Y.Doc())
  other.setLocalState({ user: bob })
  applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [other.clientID]), 'remote')
  other.destroy()
}

function listening(awareness: Awareness): number {
  return [...awareness._observers.values()].reduce((sum, listeners) => sum + listeners.size, 0)
}

describe('one store for each awareness', () => {
  test('whoever asks, by whatever object, and helpers ask too', () => {
    const provider = offline({ user: ada })
    const { awareness, doc } = provider
    const presence = presenceOf({ awareness })
    const before = listening(awareness)
    expect(presenceOf(provider)).toBe(presence)
    expect(presenceOf(provider)).toBe(presence)
    presence.setTyping(true)
    const chat = new Chat({ doc, awareness, serverNow: () => 1 })
    expect(chat.send('hello')).toMatchObject({ userId: 'ada' })
    expect(presence.self?.typing).toBe(false)
    expect(listening(awareness)).toBe(before)
    expect(presenceOf(offline())).not.toBe(presence)
  })

  test('it ends with its provider, timers and all', () => {
    const provider = offline({ user: ada })
    const presence = presenceOf(provider, { clock })
    presence.setPointer({ x: 0.1, y: 0.1 })
    presence.setPointer({ x: 0.2, y: 0.1 })
    presence.setTyping(true)
    presence.hold()
    expect(clock.waiting).toBeGreaterThan(0)
    const calls: unknown[] = []
    presence.subscribe(() => calls.push(1))
    provider.destroy()
    expect([clock.waiting, listening(provider.awareness)]).toEqual([0, 0])
    presence.setUser({ name: 'Late' })
    expect([calls, provider.awareness.getLocalState()]).toEqual([[], null])
  })

  test('an awareness that outlives its provider keeps its store, for the next provider as well', async () => {
    const doc = new Y.Doc()
    const awareness = new Awareness(doc)
    cleanups.push(() => doc.destroy())
    const first = offline({ awareness, user: ada })
    const presence = presenceOf(first, { clock })
    first.destroy()
    const server = await greeting({ user: { id: 'u1', name: 'Countess' } })
    const second = create(server.url, { awareness })
    expect(presenceOf(second)).toBe(presence)
    await waitFor('hello', () => second.hello !== undefined)
    expect(presence.self?.user).toMatchObject({ id: 'u1', name: 'Countess' })
  })
})

describe('without it', () => {
  test('user and identity are said by the provider all the same', () => {
    expect(offline({ user: ada }).awareness.getLocalState()).toEqual({ user: ada })
    expect(offline().awareness.getLocalState()).toEqual({})
    const identity = new Identity({ storage: undefined })
    const { awareness } = offline({ identity, user: ada })
    expect(awareness.getLocalState()).toEqual({ user: identity.user })
    identity.update({ name: 'Countess' })
    expect(awareness.getLocalState()).toMatchObject({ user: { name: 'Countess' } })
  })

  test('whom the server takes this tab for holds, at hello and whenever the identity changes', async () => {
    const server = await greeting({ user: { id: 'u1', name: 'Countess', color: '#1c75d6' } })
    const identity = new Identity({ storage: undefined })
    const provider = create(server.url, { identity })
    await waitFor('hello', () => provider.hello !== undefined)
    const verified = { id: 'u1', name: 'Countess', color: '#1c75d6', colorLight: '#1c75d633' }
    expect(provider.awareness.getLocalState()).toEqual({ user: verified })
    identity.update({ name: 'Somebody else' })
    expect(provider.awareness.getLocalState()).toEqual({ user: verified })
  })

  test('a tab that is told only who it is says so', async () => {
    const server = await greeting({ user: { id: 'u1', name: 'Countess' } })
    const provider = create(server.url)
    await waitFor('hello', () => provider.hello !== undefined)
    expect(provider.awareness.getLocalState()).toEqual({ user: { id: 'u1', name: 'Countess' } })
  })
})

describe('of a RoomfulProvider', () => {
  test('what the provider said is said in full, in one frame', () => {
    const provider = offline({ user: ada })
    let frames = 0
    provider.awareness.on('update', () => frames++)
    const { self } = presenceOf(provider)
    expect(provider.awareness.getLocalState()).toEqual(self)
    expect(self).toMatchObject({ user: ada, pointer: null, typing: false, status: 'active' })
    presenceOf(provider).setUser({ name: 'Ada' })
    expect(frames).toBe(1)
  })

  test('a user as editor bindings write it is left as it is', () => {
    const provider = offline()
    const said = { user: { name: 'Stock', color: 'tomato' } }
    provider.awareness.setLocalState(said)
    expect(presenceOf(provider).self?.user.name).toBe('Stock')
    expect(provider.awareness.getLocalState()).toEqual(said)
  })

  test('nobody is made up where nobody was named', () => {
    const provider = offline()
    expect(presenceOf(provider).self).toBeUndefined()
    expect(provider.awareness.getLocalState()).toEqual({})
  })

  test('the first call may be late: it knows whom the server takes this tab for, and follows what comes', async () => {
    const hello: { user?: Hello['user'] } = { user: { id: 'u1', name: 'Countess' } }
    const server = await greeting(hello)
    const identity = new Identity({ storage: undefined })
    const provider = create(server.url, { identity })
    await waitFor('sync', () => provider.synced)
    const presence = presenceOf(provider)
    expect(presence.verified).toEqual(hello.user)
    presence.setUser({ id: 'me', name: 'Me', color: '#7264d7' })
    expect(presence.self?.user).toMatchObject({ id: 'u1', name: 'Countess', color: '#7264d7' })
    let calls = 0
    presence.subscribe(() => calls++)
    hello.user = { id: 'u2' }
    server.connections[0]?.socket.terminate()
    await waitFor('the next hello', () => presence.verified?.id === 'u2')
    presence.setUser({ name: 'Me' })
    expect(presence.self?.user).toMatchObject({ id: 'u2', name: 'Me' })
    identity.update({ name: 'Baroness' })
    expect(presence.self?.user).toMatchObject({ id: 'u2', name: 'Baroness' })
    expect(calls).toBeGreaterThan(0)
  })

  test('somebody without a name of their own is a guest with the id they were given', async () => {
    const server = await greeting({ user: { id: 'u1' } })
    const provider = create(server.url)
    const presence = presenceOf(provider)
    await waitFor('hello', () => provider.hello !== undefined)
    expect(presence.self?.user).toMatchObject({ id: 'u1', name: 'Guest' })
  })

  test('[U27] people stay while a connection that dropped is tried again, as long as a restart was announced', async () => {
    const server = await greeting()
    const other = create(server.url, { user: bob })
    // the first try after the drop is a minute away
    const provider = create(server.url)
    const presence = presenceOf(provider, { clock })
    const names = (): string[] => presence.others.map(({ user }) => user.name)
    await waitFor('Bob', () => names().join() === 'Bob')
    server.notify({ code: 'draining', message: 'restarting', retryAfterMs: 60_000 })
    await waitFor('the sign of life', () => provider.synced && other.synced)
    const dropped: number[] = []
    provider.on('dropped', (announcedMs) => dropped.push(announcedMs))
    for (const { socket } of server.connections) socket.terminate()
    await waitFor('the drop', () => provider.connection === 'reconnecting')
    expect(dropped).toEqual([60_000])
    expect(provider.awareness.getStates().size).toBe(1)
    clock.advance(60_000 + DROP_GRACE_MS - 1)
    expect(names()).toEqual(['Bob'])
    clock.advance(1)
    expect(names()).toEqual([])
  })

  test('[U27] who asks first in the middle of a drop sees the others come back', async () => {
    const server = await greeting()
    create(server.url, { user: bob })
    const provider = create(server.url, { user: ada })
    await waitFor('Bob', () => provider.awareness.getStates().size === 2)
    const asked: string[][] = []
    provider.once('connection-close', () => {
      asked.push(presenceOf(provider).others.map(({ id }) => id))
    })
    server.history[1]?.socket.terminate()
    await waitFor('the drop', () => asked.length === 1)
    expect(asked).toEqual([['bob']])
    await waitFor('Bob again', () => provider.synced && presenceOf(provider).others.length === 1)
  })

  test('people are gone at once where one leaves oneself', () => {
    const provider = offline({ user: ada })
    const presence = presenceOf(provider, { clock })
    enter(provider.awareness)
    expect(presence.others.length).toBe(1)
    const dropped: number[] = []
    provider.on('dropped', (announcedMs) => dropped.push(announcedMs))
    provider.disconnect()
    expect(dropped).toEqual([])
    expect(clock.waiting).toBe(0)
  })
})

describe('of anything with an awareness', () => {
  test('a stock provider is given its user here, at any call', () => {
    const doc = new Y.Doc()
    const provider = new WebsocketProvider('ws://127.0.0.1:9', 'room', doc, {
      connect: false,
      WebSocketPolyfill,
    })
    cleanups.push(
      () => doc.destroy(),
      () => provider.destroy(),
    )
    const presence = presenceOf(provider, { user: { id: 'ada', name: ' Ada ', color: '#ca4459' } })
    expect(provider.awareness.getLocalState()).toMatchObject({ user: ada, typing: false })
    enter(provider.awareness)
    expect(presence.others).toMatchObject([{ id: 'bob', user: bob }])
    expect(presenceOf(provider, { user: { name: 'Countess' } })).toBe(presence)
    expect(presence.self?.user).toMatchObject({ id: 'ada', name: 'Countess' })
  })

  test('the types refuse what would be ignored', () => {
    const { awareness } = offline()
    // @ts-expect-error an identity is followed by a RoomfulProvider, which takes its key as well
    presenceOf({ awareness }, { identity: new Identity({ storage: undefined }) })
    expectTypeOf<RoomfulProvider>().not.toHaveProperty('presence')
  })
})
