import 'fake-indexeddb/auto'
import { CLOSE } from '@roomful/shared'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { IndexeddbPersistence } from 'y-indexeddb'
import * as Y from 'yjs'
import { ManualClientClock } from '../../../tests/support/client-clock.ts'
import { startForeignServer } from '../../../tests/support/foreign-server.ts'
import { startGreetingServer, type GreetingServer } from '../../../tests/support/greeting-server.ts'
import { waitFor } from '../../../tests/support/wait.ts'
import { discardKeptAside, forgetDevice, listKeptAside, readKeptAside } from './device.ts'
import type { RoomfulProviderOptions } from './provider-options.ts'
import { RoomfulProvider } from './roomful-provider.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

/** Nobody listens there. */
const NOWHERE = 'ws://127.0.0.1:9'
const NAME = 'roomful:127.0.0.1:9:room:0'

/** A `Storage` of this test's own. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()

  get length(): number {
    return this.#items.size
  }

  clear(): void {
    this.#items.clear()
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
}

const cleanups: (() => unknown)[] = []
let unhandled: unknown[]
const onUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('localStorage', new MemoryStorage())
  vi.stubGlobal('sessionStorage', new MemoryStorage())
  unhandled = []
  process.on('unhandledRejection', onUnhandled)
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  // a rejection is called unhandled one turn later
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  process.off('unhandledRejection', onUnhandled)
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  expect(unhandled).toEqual([])
})

async function greeting(): Promise<GreetingServer> {
  const server = await startGreetingServer()
  cleanups.push(server.close)
  return server
}

/** One page load: a document of its own on what the device keeps. */
function load(url: string, options: RoomfulProviderOptions = {}, room = 'room'): RoomfulProvider {
  const provider = new RoomfulProvider(url, room, new Y.Doc(), {
    WebSocketPolyfill,
    disableBc: true,
    persist: true,
    connect: url !== NOWHERE,
    ...options,
  })
  cleanups.push(() => provider.destroy())
  return provider
}

async function kept(provider: RoomfulProvider): Promise<void> {
  await waitFor('the local copy', () => provider.localCopy === 'kept')
}

async function stored(provider: RoomfulProvider): Promise<void> {
  await waitFor('everything stored', () => provider.localCopy === 'kept' && !provider.isAtRisk)
}

function write(provider: RoomfulProvider, words: string): void {
  provider.doc.getText('note').insert(0, words)
}

function text(provider: RoomfulProvider): string {
  return provider.doc.getText('note').toString()
}

/** Every write from now on fails as a full disk makes it fail, until it is given back. */
function fillDisk(): () => void {
  const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore) {
    this.transaction.abort()
    throw new DOMException('no space left', 'QuotaExceededError')
  })
  return () => add.mockRestore()
}

describe('pending across reloads', () => {
  test('[U29] the number is what it was, load after load, until the server has it all', async () => {
    const first = load(NOWHERE)
    await kept(first)
    for (const word of ['one ', 'two ', 'three ']) write(first, word)
    await stored(first)
    expect(first.pending).toBe(3)
    first.destroy()

    const second = load(NOWHERE)
    await kept(second)
    expect(second.pending).toBe(3)
    write(second, 'four ')
    second.doc.getText('note').delete(0, 1)
    expect(second.pending).toBe(5)
    await stored(second)
    second.destroy()

    const third = load(NOWHERE)
    await kept(third)
    expect(third.pending).toBe(5)
    expect(text(third)).toBe('our three two one ')
  })

  test('[U29] it falls to none only at the receipt, and a load behind that knows it', async () => {
    const server = await greeting()
    const before = load(server.url, { connect: false })
    await kept(before)
    for (const word of ['one ', 'two ']) write(before, word)
    await stored(before)
    before.destroy()

    server.holdReceipts()
    const clock = new ManualClientClock()
    const during = load(server.url, { clock })
    await waitFor('sync', () => during.synced && during.pending === 2)
    await waitFor('the request', () => server.receipts.length > 0)
    expect(during.pending).toBe(2)
    server.returnReceipts()
    await waitFor('the receipt', () => during.pending === 0)
    // so long after it, that is noted, too
    clock.advance(500)
    during.destroy()

    const after = load(server.url, { connect: false })
    await kept(after)
    expect(after.pending).toBe(0)
    expect(text(after)).toBe('two one ')
  })

  test('[U29] what was made before the copy was read is counted and kept as well', async () => {
    const first = load(NOWHERE)
    await kept(first)
    write(first, 'old ')
    await stored(first)
    first.destroy()
    const second = load(NOWHERE)
    write(second, 'early ')
    await kept(second)
    expect(second.pending).toBe(2)
    second.destroy()
    const third = load(NOWHERE)
    await kept(third)
    expect(third.pending).toBe(2)
    expect(text(third)).toContain('early ')
    expect(text(third)).toContain('old ')
  })

  test('[U29] the last word before a tab is closed is stored with its count', async () => {
    const first = load(NOWHERE)
    await kept(first)
    write(first, 'last')
    first.destroy()
    const second = load(NOWHERE)
    await kept(second)
    expect([text(second), second.pending]).toEqual(['last', 1])
  })

  test('[U16] two tabs of one copy: each counts what it holds, and one of them may prove it all', async () => {
    const server = await greeting()
    const one = load(server.url, { connect: false })
    await kept(one)
    write(one, 'one ')
    await stored(one)
    const two = load(server.url)
    await waitFor('the receipt', () => two.synced && two.pending === 0 && text(two) === 'one ')
    expect(server.doc.getText('note').toString()).toBe('one ')
    // this one has not heard, and does not pretend to
    expect(one.pending).toBe(1)
  })

  test('hundreds of edits are merged into one row, with what another tab stored meanwhile', async () => {
    const clock = new ManualClientClock()
    const one = load(NOWHERE, { clock })
    const two = load(NOWHERE)
    await kept(one)
    await kept(two)
    write(two, 'theirs ')
    await stored(two)
    for (let turn = 0; turn < 510; turn++) {
      write(one, 'x')
      // a turn of its own, and so a row
      await Promise.resolve()
    }
    await stored(one)
    clock.advance(1_000)
    await waitFor('the other tab’s words', () => text(one).includes('theirs '))
    one.destroy()
    two.destroy()
    const next = load(NOWHERE)
    await kept(next)
    expect(text(next).length).toBe(517)
  })
})

describe('the layout is y-indexeddb’s', () => {
  test('what y-indexeddb stored is read, and what we store it reads', async () => {
    const doc = new Y.Doc()
    const theirs = new IndexeddbPersistence(NAME, doc)
    await theirs.whenSynced
    doc.getText('note').insert(0, 'theirs ')
    await theirs.destroy()
    const ours = load(NOWHERE)
    await kept(ours)
    expect(text(ours)).toBe('theirs ')
    write(ours, 'ours ')
    await stored(ours)
    ours.destroy()
    const again = new IndexeddbPersistence(NAME, new Y.Doc())
    await again.whenSynced
    expect(again.doc.getText('note').toString()).toBe('ours theirs ')
    await again.destroy()
  })
})

describe('IndexedDB that fails', () => {
  test('[U63] full in mid-session: said so, at risk until the receipt, and kept again once there is room', async () => {
    const server = await greeting()
    const clock = new ManualClientClock()
    const provider = load(server.url, { clock })
    await waitFor('sync', () => provider.synced)
    await kept(provider)
    const states: string[] = []
    provider.on('local-copy', (state) => states.push(state))
    const empty = fillDisk()
    server.holdReceipts()
    write(provider, 'too much ')
    await waitFor('the failure', () => provider.localCopy === 'unavailable')
    expect(provider.isAtRisk).toBe(true)
    server.returnReceipts()
    await waitFor('the receipt', () => provider.pending === 0)
    expect(provider.isAtRisk).toBe(false)
    empty()
    write(provider, 'not before ten seconds ')
    await waitFor('the receipt', () => provider.pending === 0)
    expect(provider.localCopy).toBe('unavailable')
    clock.advance(10_000)
    write(provider, 'again ')
    await waitFor('the receipt and the copy', () => provider.pending === 0 && provider.localCopy === 'kept')
    expect(states).toEqual(['unavailable', 'kept'])
    provider.destroy()
    const after = load(server.url, { connect: false })
    await kept(after)
    expect(text(after)).toBe('again not before ten seconds too much ')
  })

  test('[U63] full from the start: the room works, and what was written stays unproved and at risk', async () => {
    const empty = fillDisk()
    cleanups.push(empty)
    const provider = load(NOWHERE)
    write(provider, 'nowhere')
    await waitFor('the failure', () => provider.localCopy === 'unavailable')
    expect([provider.pending, provider.isAtRisk]).toEqual([1, true])
  })

  test('[U63] deleted under us: said so, everything else goes on, and it does not come back by itself', async () => {
    const server = await greeting()
    const provider = load(server.url)
    await waitFor('sync', () => provider.synced)
    await kept(provider)
    const name = `roomful:${new URL(server.url).host}:room:0`
    indexedDB.deleteDatabase(name)
    await waitFor('the loss', () => provider.localCopy === 'unavailable')
    write(provider, 'goes on')
    await waitFor('the receipt', () => provider.pending === 0)
    expect((await indexedDB.databases()).map((database) => database.name)).toEqual([])
  })

  test('[U63] refused at open: at risk while the server is away', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const provider = load(NOWHERE)
    await waitFor('the refusal', () => provider.localCopy === 'unavailable')
    expect(provider.isAtRisk).toBe(false)
    let heard = 0
    provider.subscribe(() => heard++)
    write(provider, 'only here')
    expect([provider.pending, provider.isAtRisk]).toEqual([1, true])
    expect(heard).toBe(1)
  })
})

describe('[U31] what closing the tab would lose', () => {
  test('nothing, once it is stored on the device or on the server', async () => {
    const server = await greeting()
    server.holdReceipts()
    const kept1 = load(NOWHERE)
    await kept(kept1)
    write(kept1, 'on the device')
    expect(kept1.isAtRisk).toBe(true)
    await waitFor('stored', () => !kept1.isAtRisk)
    expect(kept1.pending).toBe(1)

    const sent = load(server.url, { persist: false })
    await waitFor('sync', () => sent.synced)
    write(sent, 'on the server')
    expect(sent.isAtRisk).toBe(true)
    server.returnReceipts()
    await waitFor('the receipt', () => !sent.isAtRisk)
    expect(sent.pending).toBe(0)
  })

  test('on a foreign server what was sent counts as safe, what was written offline does not', async () => {
    const server = await startForeignServer()
    cleanups.push(server.close)
    const provider = load(server.url, { persist: false })
    await waitFor('sync', () => provider.synced)
    write(provider, 'sent')
    expect([provider.pending, provider.isAtRisk]).toEqual(['unknown', false])
    provider.disconnect()
    write(provider, 'not sent')
    expect(provider.isAtRisk).toBe(true)
  })

  test('warnOnUnsynced asks only while something is at risk', () => {
    const page = new EventTarget()
    vi.stubGlobal('window', page)
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
    const leave = (): boolean => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }))
    const quiet = load(NOWHERE, { persist: false })
    write(quiet, 'unsaved')
    expect(leave()).toBe(false)
    const asking = load(NOWHERE, { persist: false, warnOnUnsynced: true })
    expect(leave()).toBe(false)
    write(asking, 'unsaved')
    expect(leave()).toBe(true)
    asking.destroy()
    expect(leave()).toBe(false)
  })
})

describe('what a device keeps', () => {
  test('[U64] forgetting the device deletes every copy and every key of ours, and nothing else', async () => {
    const one = load(NOWHERE, {}, 'one')
    const two = load(NOWHERE, {}, 'two')
    await kept(one)
    await kept(two)
    two.destroy()
    localStorage.setItem('roomful:theme', 'dark')
    sessionStorage.setItem('roomful:identity', '{}')
    localStorage.setItem('other', 'stays')
    const other = indexedDB.open('other')
    await waitFor('the other database', () => other.readyState === 'done')
    other.result.close()
    await forgetDevice()
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['other'])
    expect([localStorage.length, localStorage.getItem('other')]).toEqual([1, 'stays'])
    expect(sessionStorage.length).toBe(0)
    expect(one.localCopy).toBe('unavailable')
    write(one, 'still works')
    expect(text(one)).toBe('still works')
  })

  test('[U64] where databases cannot be listed, the rooms that are remembered are forgotten', async () => {
    const server = await greeting()
    const provider = load(server.url)
    await waitFor('hello and copy', () => provider.synced && provider.localCopy === 'kept')
    provider.destroy()
    const { databases } = indexedDB
    Object.defineProperty(indexedDB, 'databases', { value: undefined, configurable: true })
    await forgetDevice()
    Object.defineProperty(indexedDB, 'databases', { value: databases })
    expect(await indexedDB.databases()).toEqual([])
  })

  test('[U64] with storage and IndexedDB refused there is nothing to forget', async () => {
    vi.stubGlobal('indexedDB', undefined)
    vi.stubGlobal('localStorage', undefined)
    await expect(forgetDevice()).resolves.toBeUndefined()
  })

  test('[W14] the copy of a deleted room is listed, read and discarded', async () => {
    const gone = await startGreetingServer({ refuse: [CLOSE.deleted.code, 'generation=2'] })
    cleanups.push(gone.close)
    const first = load(gone.url)
    write(first, 'of the deleted room')
    await waitFor('the refusal', () => first.connection === 'closed')
    await stored(first)
    first.destroy()
    const second = load(gone.url, { connect: false })
    await kept(second)
    expect(text(second)).toBe('')
    const copies = await listKeptAside(gone.url, 'room')
    expect(copies.map(({ generation }) => generation)).toEqual([0])
    expect(await listKeptAside(gone.url, 'other')).toEqual([])
    const [copy] = copies
    if (copy === undefined) throw new Error('no copy')
    Y.applyUpdate(second.doc, await readKeptAside(copy))
    expect(text(second)).toBe('of the deleted room')
    await discardKeptAside(copy)
    expect(await listKeptAside(gone.url, 'room')).toEqual([])
  })
})
