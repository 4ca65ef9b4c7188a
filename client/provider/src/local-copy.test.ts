import 'fake-indexeddb/auto'
import { CLOSE } from '@roomful/shared'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { startGreetingServer } from '../../../tests/support/greeting-server.ts'
import { waitFor } from '../../../tests/support/wait.ts'
import type { RoomfulProviderOptions } from './provider-options.ts'
import { RoomfulProvider } from './roomful-provider.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

/** Nobody listens there. */
const NOWHERE = 'ws://127.0.0.1:9'

const cleanups: (() => unknown)[] = []
let storage: Map<string, string>

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  storage = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
  })
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  vi.unstubAllGlobals()
})

/** One page load: a document of its own on what the device keeps. */
function load(url: string, options: RoomfulProviderOptions = {}, room = 'room'): RoomfulProvider {
  const provider = new RoomfulProvider(url, room, new Y.Doc(), {
    WebSocketPolyfill,
    disableBc: true,
    persist: true,
    ...options,
  })
  cleanups.push(() => provider.destroy())
  return provider
}

async function kept(provider: RoomfulProvider): Promise<void> {
  await waitFor('the local copy', () => provider.localCopy === 'kept')
}

/** What y-indexeddb has written so far for a room. */
async function stored(name: string): Promise<number> {
  const { promise, resolve, reject } = deferred<number>()
  const open = indexedDB.open(name)
  open.addEventListener('error', () => reject(new Error('cannot open')))
  open.addEventListener('success', () => {
    const count = open.result.transaction('updates').objectStore('updates').count()
    count.addEventListener('success', () => {
      open.result.close()
      resolve(count.result)
    })
  })
  return promise
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}

async function names(): Promise<string[]> {
  return (await indexedDB.databases()).map(({ name }) => name ?? '').toSorted()
}

function text(provider: RoomfulProvider): string {
  return provider.doc.getText('note').toString()
}

function write(provider: RoomfulProvider, words: string): void {
  provider.doc.getText('note').insert(0, words)
}

describe('local copy', () => {
  test('[U28] what was written offline is there after a reload while offline, and still pending', async () => {
    const before = load(NOWHERE, { connect: false })
    await kept(before)
    write(before, 'offline')
    await waitFor('the write', async () => (await stored('roomful:127.0.0.1:9:room:0')) >= 1)
    before.destroy()
    const after = load(NOWHERE, { connect: false })
    expect(after.localCopy).toBe('loading')
    await kept(after)
    expect(text(after)).toBe('offline')
    expect(after.pending).toBe(1)
  })

  test('[U29] after a reload what was proved is not pending, and anything more is', async () => {
    const server = await startGreetingServer()
    cleanups.push(server.close)
    const clock = new ManualClientClock()
    const name = `roomful:${new URL(server.url).host}:room:0`
    const first = load(server.url, { clock })
    await kept(first)
    write(first, 'proved')
    await waitFor('the receipt', () => first.pending === 0 && first.synced)
    // quiet for a while: now it is noted
    clock.advance(3_000)
    first.destroy()

    const second = load(server.url, { connect: false })
    await kept(second)
    expect(text(second)).toBe('proved')
    expect(second.pending).toBe(0)
    const rows = await stored(name)
    write(second, 'not ')
    await waitFor('the write', async () => (await stored(name)) > rows)
    second.destroy()

    const third = load(server.url, { connect: false })
    await kept(third)
    expect(text(third)).toBe('not proved')
    expect(third.pending).toBe(1)
    third.connect()
    await waitFor('the receipt', () => third.pending === 0)
    expect(server.doc.getText('note').toString()).toBe('not proved')
  })

  test('[U29] a delete alone makes the copy unproven, too', async () => {
    const server = await startGreetingServer()
    cleanups.push(server.close)
    const clock = new ManualClientClock()
    const name = `roomful:${new URL(server.url).host}:room:0`
    const first = load(server.url, { clock })
    await kept(first)
    write(first, 'proved')
    await waitFor('the receipt', () => first.pending === 0 && first.synced)
    clock.advance(3_000)
    first.disconnect()
    const rows = await stored(name)
    first.doc.getText('note').delete(0, 3)
    await waitFor('the write', async () => (await stored(name)) > rows)
    first.destroy()
    const second = load(server.url, { connect: false })
    await kept(second)
    expect(text(second)).toBe('ved')
    expect(second.pending).toBe(1)
  })

  test('[U48] the copy is read before the first connection, so the server only sends what is new', async () => {
    const server = await startGreetingServer()
    cleanups.push(server.close)
    const first = load(server.url)
    await kept(first)
    write(first, 'x'.repeat(10_000))
    await waitFor('the receipt', () => first.pending === 0 && first.synced)
    first.destroy()
    const second = load(server.url)
    expect(second.connection).toBe('connecting')
    await waitFor('sync', () => second.synced)
    expect(text(second).length).toBe(10_000)
    const step1 = server.history[1]?.received[0]
    // SyncStep1 with an empty state vector is four bytes: nothing would have been known
    expect(step1?.length).toBeGreaterThan(4)
  })

  test('a copy that takes too long does not hold up the connection', async () => {
    const server = await startGreetingServer()
    cleanups.push(server.close)
    vi.stubGlobal('indexedDB', { open: () => new EventTarget() })
    const clock = new ManualClientClock()
    const provider = load(server.url, { clock })
    expect(provider.connection).toBe('connecting')
    clock.advance(1_000)
    await waitFor('sync', () => provider.synced)
    expect(provider.localCopy).toBe('loading')
  })

  test.each([
    ['absent', undefined],
    [
      'refused',
      {
        open: () => {
          throw new DOMException('denied', 'SecurityError')
        },
      },
    ],
  ])('[U63] IndexedDB %s: said so, and everything else works', async (_how, indexedDB) => {
    const server = await startGreetingServer()
    cleanups.push(server.close)
    vi.stubGlobal('indexedDB', indexedDB)
    const provider = load(server.url)
    const states: string[] = []
    provider.on('local-copy', (state) => states.push(state))
    write(provider, 'works')
    await waitFor('the receipt', () => provider.pending === 0 && provider.synced)
    expect(states).toEqual(['unavailable'])
    expect(server.doc.getText('note').toString()).toBe('works')
  })

  test('rooms and servers have copies of their own', async () => {
    const one = load(NOWHERE, { connect: false }, 'one')
    const two = load('ws://127.0.0.1:10/ws', { connect: false }, 'two')
    await kept(one)
    await kept(two)
    expect(await names()).toEqual(['roomful:127.0.0.1:10:two:0', 'roomful:127.0.0.1:9:one:0'])
  })

  test('the copy of a first visit moves to the generation the server names, with what was written before', async () => {
    const server = await startGreetingServer({ hello: { generation: 7 } })
    cleanups.push(server.close)
    const base = `roomful:${new URL(server.url).host}:room`
    const first = load(server.url)
    write(first, 'early')
    await waitFor('the receipt', () => first.pending === 0 && first.synced)
    await waitFor('the move', async () => !(await names()).includes(`${base}:0`))
    expect(await names()).toContain(`${base}:7`)
    first.destroy()
    const second = load(server.url, { connect: false })
    await kept(second)
    expect(text(second)).toBe('early')
    expect(second.url).toContain('gen=7')
  })

  test('[U32] a deleted room: closed with the reason, the copy stays aside, the next load starts afresh', async () => {
    const gone = await startGreetingServer({ refuse: [CLOSE.deleted.code, 'generation=2'] })
    cleanups.push(gone.close)
    const base = `roomful:${new URL(gone.url).host}:room`
    const first = load(gone.url)
    write(first, 'of the deleted room')
    await waitFor('the refusal', () => first.connection === 'closed')
    expect(first.connectionDetail.closedReason).toMatchObject({ code: 4404, reason: 'generation=2' })
    await kept(first)
    first.destroy()
    const second = load(gone.url, { connect: false })
    await kept(second)
    expect(text(second)).toBe('')
    expect(second.url).toContain('gen=2')
    expect(await names()).toEqual([`${base}:0`, `${base}:2`])
  })
})
