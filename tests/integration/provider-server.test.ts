import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Cards, Chat, presenceOf, type RoomfulProviderOptions } from '@roomful/provider'
import {
  createCollabServer,
  createEmbeddedLog,
  createMemoryLog,
  type CollabServer,
  type CollabServerOptions,
} from '@roomful/server'
import { createUser, MESSAGE, parseRoomName, roomDoc } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { connectStock } from '../support/stock-client.ts'
import { nextTurn, waitFor } from '../support/wait.ts'

const ada = createUser('ada', 'Ada', '#ca4459')
const bob = createUser('bob', 'Bob', '#00855f')

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function start(
  options: Partial<CollabServerOptions> = {},
  port = 0,
): Promise<{ server: CollabServer; url: string; port: number }> {
  const server = createCollabServer({ backend: options.backend ?? createMemoryLog(), ...options })
  cleanups.push(() => server.close())
  const url = new URL(await server.listen({ port }))
  return { server, url: `ws://${url.host}/ws`, port: Number(url.port) }
}

function joinRoom(url: string, options: RoomfulProviderOptions & { doc?: Y.Doc } = {}): RoomfulClient {
  const client = connectRoomful(url, 'room', { random: () => 0.1, ...options })
  cleanups.push(client.destroy)
  return client
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'roomful-provider-'))
  cleanups.push(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Everything written here is on the server and durable as it promises. */
async function settled(...clients: RoomfulClient[]): Promise<void> {
  await waitFor('everything acknowledged', () =>
    clients.every(({ provider }) => provider.synced && provider.pending === 0),
  )
}

async function equal(...docs: Y.Doc[]): Promise<void> {
  const content = (doc: Y.Doc): string => {
    const { chat, cards, note } = roomDoc(doc)
    return JSON.stringify([chat.toJSON(), Object.entries(cards.toJSON()).toSorted(), note.toDelta()])
  }
  await waitFor('equal documents', () => docs.every((doc) => content(doc) === content(docs[0] ?? doc)))
}

describe('provider and server', () => {
  test('[W12] hello, [U29] receipts and [U26] the state come from the real server', async () => {
    const { url, server } = await start()
    const client = joinRoom(url)
    const pending: unknown[] = []
    client.provider.on('pending', (count) => pending.push(count))
    await settled(client)
    expect(client.provider.connection).toBe('connected')
    expect(client.provider.hello?.limits.frameBytes).toBeGreaterThan(0)
    expect(client.provider.connectionDetail).toMatchObject({
      durability: 'none',
      instanceId: server.instanceId,
    })
    expect(Math.abs(client.provider.serverNow() - Date.now())).toBeLessThan(5_000)
    roomDoc(client.doc).note.insert(0, 'hello')
    expect(client.provider.pending).toBe(1)
    await settled(client)
    expect(pending).toEqual([1, 0])
  })

  test('[W1] edits and presence go both ways with the stock client', async () => {
    const { url } = await start()
    const client = joinRoom(url, { user: ada })
    const stock = connectStock(url, 'room')
    cleanups.push(stock.destroy)
    stock.provider.awareness.setLocalStateField('user', bob)
    roomDoc(client.doc).note.insert(0, 'ours ')
    roomDoc(stock.doc).note.insert(0, 'theirs ')
    await equal(client.doc, stock.doc)
    await waitFor('Bob', () => presenceOf(client.provider).others[0]?.user.name === 'Bob')
    await waitFor(
      'Ada',
      () => stock.provider.awareness.getStates().get(client.doc.clientID)?.['user']?.name === 'Ada',
    )
    expect(roomDoc(client.doc).note.length).toBe(12)
  })

  test('[U30] two tabs that worked offline merge: nothing lost, nothing twice, one order', async () => {
    const { url } = await start()
    const one = joinRoom(url, { user: ada })
    const two = joinRoom(url, { user: bob })
    const [chatOne, chatTwo] = [one, two].map(({ provider }) => new Chat(provider))
    const [cardsOne, cardsTwo] = [one, two].map(({ provider }) => new Cards(provider))
    const card = cardsOne?.create({ x: 0, y: 0, text: 'Plan' }) ?? ''
    await settled(one)
    await waitFor('the card', () => cardsTwo?.get(card) !== undefined)
    one.provider.disconnect()
    two.provider.disconnect()
    for (let turn = 0; turn < 5; turn++) {
      chatOne?.send(`ada ${turn}`)
      chatTwo?.send(`bob ${turn}`)
      cardsOne?.get(card)?.text.insert(0, 'a')
      cardsTwo?.get(card)?.text.insert(4, 'b')
      cardsOne?.move(card, [turn, 1])
      cardsTwo?.setColor(card, 'mint')
    }
    expect(one.provider.pending).toBe(15)
    two.provider.connect()
    one.provider.connect()
    await settled(one, two)
    await equal(one.doc, two.doc)
    expect(chatOne?.messages).toEqual(chatTwo?.messages)
    expect(new Set(chatOne?.messages.map(({ text }) => text)).size).toBe(10)
    expect(chatOne?.messages.length).toBe(10)
    const text = cardsTwo?.get(card)?.text.toString() ?? ''
    expect(text.split('').toSorted().join('')).toBe('Paaaaaabbbbbln')
    expect(cardsOne?.get(card)).toMatchObject({ pos: [4, 1], color: 'mint' })
  })

  test('[W26] [U33] a restart loses nothing and the wait is the server’s', async () => {
    const path = await folder()
    const first = await start({ backend: await createEmbeddedLog({ dir: path }) })
    const client = joinRoom(first.url)
    await settled(client)
    expect(client.provider.connectionDetail.durability).toBe('disk')
    const notices: number[] = []
    client.provider.on(
      'notice',
      ({ code, retryAfterMs }) => code === 'draining' && notices.push(retryAfterMs ?? -1),
    )
    roomDoc(client.doc).note.insert(0, 'before ')
    await first.server.close()
    await waitFor('the drop', () => client.provider.connection === 'reconnecting')
    expect(notices.length).toBe(1)
    roomDoc(client.doc).note.insert(0, 'meanwhile ')
    expect(client.provider.pending).toBeGreaterThanOrEqual(1)
    const second = await start({ backend: await createEmbeddedLog({ dir: path }) }, first.port)
    client.provider.retryNow()
    await settled(client)
    const newcomer = joinRoom(second.url)
    await settled(newcomer)
    expect(roomDoc(newcomer.doc).note.toString()).toBe('meanwhile before ')
  })

  test('[U27] a pulled cable: others keep the person, the list here does not flicker', async () => {
    const { url } = await start()
    const one = joinRoom(url, { user: ada })
    const two = joinRoom(url, { user: bob })
    await waitFor('each other', () =>
      [one, two].every(({ provider }) => presenceOf(provider).others.length === 1),
    )
    const seen = new Set<number>()
    for (const presence of [presenceOf(one.provider), presenceOf(two.provider)]) {
      presence.subscribe(() => seen.add(presence.others.length))
    }
    const states: string[] = []
    one.provider.on('connection', (state) => states.push(state))
    one.cut()
    await waitFor('the reconnect', () => states.includes('reconnecting') && one.provider.synced)
    presenceOf(two.provider).setPointer({ x: 0.25, y: 0.75 })
    await waitFor('the pointer', () => presenceOf(one.provider).pointerOf(two.doc.clientID)?.x === 0.25)
    expect([...seen]).not.toContain(0)
    presenceOf(one.provider).setPointer({ x: 0.5, y: 0.5 })
    await waitFor('and the other way', () => presenceOf(two.provider).pointerOf(one.doc.clientID)?.x === 0.5)
  })

  test('[W27] who may only read keeps what was written as pending and is told', async () => {
    const { url } = await start({ authorize: () => 'read' })
    const client = joinRoom(url)
    const notices: string[] = []
    client.provider.on('notice', ({ code }) => notices.push(code))
    await waitFor('sync', () => client.provider.synced)
    expect(client.provider.hello?.permission).toBe('read')
    roomDoc(client.doc).note.insert(0, 'not allowed')
    await waitFor('the notice', () => notices.includes('read-only'))
    await nextTurn()
    expect(client.provider.pending).toBe(1)
  })

  test('[W28] [U32] a forbidden room is closed with its reason and tried once', async () => {
    let asked = 0
    const { url } = await start({
      authorize: () => {
        asked++
        return 'none'
      },
    })
    const client = joinRoom(url)
    await waitFor('the refusal', () => client.provider.connection === 'closed')
    expect(client.provider.connectionDetail.closedReason).toMatchObject({ code: 4403 })
    expect(asked).toBe(1)
  })

  test('[W14] [U32] a deleted room is closed, and an old copy is not let in again', async () => {
    const { url, server } = await start()
    const client = joinRoom(url)
    roomDoc(client.doc).note.insert(0, 'old')
    await settled(client)
    const room = parseRoomName('room')
    if (room === undefined) throw new Error('no room name')
    await server.registry.delete(room)
    await waitFor('the close', () => client.provider.connection === 'closed')
    expect(client.provider.connectionDetail.closedReason).toMatchObject({
      code: 4404,
      reason: 'generation=1',
    })
    client.provider.retryNow()
    await waitFor('the second refusal', () => client.provider.connection === 'closed')
    const newcomer = joinRoom(url)
    await settled(newcomer)
    expect(newcomer.provider.hello?.generation).toBe(1)
    expect(roomDoc(newcomer.doc).note.toString()).toBe('')
  })

  test('[W40] who moves is seen alike by a provider, which is told by numbers, and a stock client, which is not, also after a cut', async () => {
    const { url } = await start()
    const [one, two] = [joinRoom(url, { user: ada }), joinRoom(url, { user: bob })]
    const stock = connectStock(url, 'room')
    cleanups.push(stock.destroy)
    let moves = 0
    const { messageHandlers } = two.provider
    const read = messageHandlers[MESSAGE.moved]
    messageHandlers[MESSAGE.moved] = (...args) => {
      moves += 1
      read?.(...args)
    }
    stock.provider.awareness.setLocalState({ user: { name: 'Stock' }, cursor: { at: 1 } })
    await settled(one, two)
    const walk = async (to: number): Promise<void> => {
      for (let step = to - 9; step <= to; step++) {
        const pointer = { x: step / 16, y: -step }
        one.provider.awareness.setLocalStateField('pointer', pointer)
        stock.provider.awareness.setLocalStateField('cursor', { at: step })
        await nextTurn()
      }
      const state = one.provider.awareness.getLocalState()
      const seenBy = (awareness: Awareness): unknown => awareness.getStates().get(one.doc.clientID)
      await waitFor('the last step everywhere', () => {
        const cursor = two.provider.awareness.getStates().get(stock.doc.clientID)?.['cursor']
        return (
          cursor?.at === to &&
          [two.provider.awareness, stock.provider.awareness].every((awareness) =>
            isDeepStrictEqual(seenBy(awareness), state),
          )
        )
      })
    }
    await walk(20)
    expect(moves).toBeGreaterThan(0)
    two.cut()
    await waitFor('the drop', () => !two.provider.synced)
    await settled(two)
    const before = moves
    await walk(40)
    expect(moves).toBeGreaterThan(before)
    expect(two.provider.awareness.meta.get(one.doc.clientID)?.clock).toBe(
      stock.provider.awareness.meta.get(one.doc.clientID)?.clock,
    )
    // nobody it had to ask for
    expect(two.sent.get(MESSAGE.queryAwareness)).toBeUndefined()
  })

  test('[I4] tabs of one browser: a pointer move is one frame, and a reconnect starts no storm', async () => {
    const { url } = await start()
    const one = joinRoom(url, { user: ada, disableBc: false })
    const two = joinRoom(url, { user: bob, disableBc: false })
    await settled(one, two)
    await waitFor('each other', () =>
      [one, two].every(({ provider }) => presenceOf(provider).others.length === 1),
    )
    one.cut()
    await waitFor('the drop', () => !one.provider.synced)
    await settled(one, two)
    const count = (): number =>
      (one.sent.get(MESSAGE.awareness) ?? 0) + (two.sent.get(MESSAGE.awareness) ?? 0)
    const before = count()
    for (let step = 1; step <= 10; step++) one.provider.awareness.setLocalStateField('step', step)
    await waitFor(
      'the last step',
      () => two.provider.awareness.getStates().get(one.doc.clientID)?.['step'] === 10,
    )
    roomDoc(one.doc).note.insert(0, 'marker')
    await settled(one)
    await equal(one.doc, two.doc)
    expect(count() - before).toBe(10)
  })
})
