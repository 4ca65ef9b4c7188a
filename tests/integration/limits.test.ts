import {
  CLOSE,
  decodeMessage,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeUpdate,
  LIMIT_SPECS,
  parseNotice,
  type LimitName,
  type Limits,
  type WireMessage,
} from '@roomful/shared'
import { createMemoryLog, type CollabServerOptions, type LogBackend } from '@roomful/server'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { clientFrame, flood, tcpOf } from '../support/flood.ts'
import { askUpgrade, openRaw, type RawSocket } from '../support/raw-socket.ts'
import { awarenessFrame } from '../support/room-harness/presence-bytes.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(
  limits: Partial<Limits>,
  options: Partial<CollabServerOptions> = {},
): Promise<LocalServer> {
  const local = await startServer({ ...options, limits })
  cleanups.push(() => local.close())
  return local
}

async function enter(local: LocalServer, target = 'lobby?v=1'): Promise<RawSocket> {
  const socket = await openRaw(`${local.wsUrl}/${target}`)
  cleanups.push(() => socket.ws.terminate())
  return socket
}

async function joined(local: LocalServer, target?: string): Promise<RawSocket> {
  const socket = await enter(local, target)
  await socket.next('sync-step1')
  return socket
}

function write(socket: RawSocket, text: string): void {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, text)
  socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
}

const hits = (local: LocalServer, limit: LimitName): Promise<number> =>
  local.metric(`roomful_limit_hits_total{limit="${limit}"}`)
const isHit = (local: LocalServer, limit: LimitName): Promise<void> =>
  waitFor(`${limit} to be counted`, async () => (await hits(local, limit)) > 0)
const status = encodeSyncStatus(Uint8Array.of(1))

/** A log that never opens a room, and one that never stores. */
const silent = (): LogBackend => ({ ...createMemoryLog(), open: () => new Promise(() => undefined) })

/** What hits each limit, and what is seen of it. The counter named after the limit is looked at for all. */
const CASES: { readonly [N in LimitName]: () => Promise<LocalServer> } = {
  async frameBytes() {
    const local = await serve({ frameBytes: 1_000 })
    const socket = await joined(local)
    socket.send(new Uint8Array(1_001))
    expect((await socket.closing()).code).toBe(CLOSE.tooLarge.code)
    return local
  },
  async hardFrameBytes() {
    const local = await serve({ frameBytes: 1_000, hardFrameBytes: 2_000 })
    const socket = await joined(local)
    socket.send(new Uint8Array(2_001))
    expect((await socket.closing()).code).toBe(CLOSE.tooBig.code)
    return local
  },
  async documentBytes() {
    const local = await serve({ documentBytes: 1_000 })
    const socket = await joined(local)
    write(socket, 'x'.repeat(1_001))
    const notice = await socket.next('notice')
    expect(parseNotice(notice.json)?.code).toBe('too-large')
    return local
  },
  async roomClients() {
    const local = await serve({ roomClients: 1 })
    const [first, stock] = [await joined(local), await joined(local, 'lobby')]
    write(first, 'one')
    await waitFor('the first to be there', () => stock.messages.some(({ type }) => type === 'update'))
    const second = await joined(local)
    write(second, 'two')
    expect(parseNotice((await second.next('notice')).json)?.code).toBe('too-large')
    write(stock, 'three')
    expect((await stock.closing()).code).toBe(CLOSE.tooLarge.code)
    return local
  },
  async roomStructs() {
    const local = await serve({ roomStructs: 2 })
    const socket = await joined(local)
    const doc = new Y.Doc()
    doc.transact(() => [1, 2, 3].forEach(() => doc.getText('note').insert(0, 'x')))
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    expect(parseNotice((await socket.next('notice')).json)?.code).toBe('too-large')
    return local
  },
  async roomDeleteRanges() {
    const local = await serve({ roomDeleteRanges: 1 })
    const socket = await joined(local)
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'abcdef')
    for (const at of [4, 2]) doc.getText('note').delete(at, 1)
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    expect(parseNotice((await socket.next('notice')).json)?.code).toBe('too-large')
    return local
  },
  async awarenessBytes() {
    const local = await serve({ awarenessBytes: 100 })
    const socket = await joined(local)
    socket.send(awarenessFrame([1, 1, { name: 'x'.repeat(200) }]))
    expect(parseNotice((await socket.next('notice')).json)?.code).toBe('too-large')
    return local
  },
  async awarenessDepth() {
    const local = await serve({ awarenessDepth: 3 })
    const [socket, other] = [await joined(local), await joined(local)]
    socket.send(awarenessFrame([1, 1, { a: { b: { c: { d: {} } } } }]))
    await isHit(local, 'awarenessDepth')
    expect(other.messages.filter((message) => message.type === 'awareness')).toEqual([])
    return local
  },
  async presenceBytesPerSecond() {
    const local = await serve({ presenceBytesPerSecond: 2_000 })
    const [mover, reader] = [await joined(local), await joined(local)]
    const pointer = (clock: number): Uint8Array =>
      awarenessFrame([7, clock, { pointer: { x: clock / 1_000, y: 0 } }])
    reader.send(awarenessFrame([8, 1, { view: { x: 0.5, y: 0.5, width: 0.1, height: 0.1 } }]))
    let clock = 0
    await waitFor('states to be held back', async () => {
      mover.send(pointer((clock += 1)))
      return (await local.metric('roomful_presence_total{outcome="thinned"}')) > 0
    })
    const last = pointer((clock += 1))
    mover.send(last)
    const { update } = decodeMessage(last) as Extract<WireMessage, { type: 'awareness' }>
    await waitFor('the last one all the same', () =>
      reader.messages.some(
        (heard) =>
          heard.type === 'awareness' && Buffer.from(heard.update).includes(Buffer.from(update.subarray(1))),
      ),
    )
    return local
  },
  async stateVectorBytes() {
    const local = await serve({ stateVectorBytes: 100 })
    const socket = await joined(local)
    socket.send(encodeSyncStep1(new Uint8Array(101)))
    expect((await socket.closing()).code).toBe(CLOSE.malformed.code)
    return local
  },
  async roomMembers() {
    const local = await serve({ roomMembers: 1 })
    await joined(local)
    expect((await (await enter(local)).closing()).code).toBe(CLOSE.overload.code)
    return local
  },
  async connections() {
    const local = await serve({ connections: 1 })
    await joined(local)
    expect((await askUpgrade(local.url, '/ws/a')).status).toBe(503)
    return local
  },
  async connectionsPerAddress() {
    const local = await serve({ connectionsPerAddress: 1 })
    await joined(local)
    expect((await askUpgrade(local.url, '/ws/a')).status).toBe(429)
    return local
  },
  async connectionsPerUser() {
    const authorize = ({ token = '' }): { access: 'write'; user: { id: string } } => ({
      access: 'write',
      user: { id: token },
    })
    const local = await serve({ connectionsPerUser: 2 }, { authorize })
    const [first] = [await joined(local, 'a?token=ada'), await joined(local, 'b?token=ada')]
    const third = await enter(local, 'c?token=ada')
    expect((await third.closing()).code).toBe(CLOSE.overload.code)
    expect(third.frames).toEqual([])
    await joined(local, 'c?token=ben')
    first.close()
    await waitFor('a place to be free', async () => (await local.metric('roomful_connections')) === 2)
    await joined(local, 'c?token=ada')
    return local
  },
  async waitingConnections() {
    let decide: ((access: 'write') => void) | undefined
    const authorize = (): Promise<'write'> => new Promise((resolve) => (decide = resolve))
    const local = await serve({ waitingConnections: 1 }, { authorize })
    const first = await enter(local)
    expect((await askUpgrade(local.url, '/ws/a')).status).toBe(503)
    expect(await local.metric('roomful_waiting_connections')).toBe(1)
    decide?.('write')
    await first.next('sync-step1')
    expect((await askUpgrade(local.url, '/ws/a')).status).toBe(101)
    return local
  },
  async rooms() {
    const local = await serve({ rooms: 1 })
    await joined(local, 'one')
    expect((await (await enter(local, 'two')).closing()).code).toBe(CLOSE.overload.code)
    return local
  },
  async openQueueFrames() {
    const local = await serve({ openQueueFrames: 3 }, { backend: silent() })
    const socket = await enter(local)
    for (let n = 0; n < 5; n++) socket.send(status)
    await isHit(local, 'openQueueFrames')
    expect(await local.metric('roomful_paused_sockets')).toBe(1)
    return local
  },
  async openQueueBytes() {
    const local = await serve({ openQueueBytes: 10_000 }, { backend: silent() })
    const socket = await enter(local)
    // one frame that never ends: it is not even complete
    flood(socket, clientFrame(new Uint8Array(200_000)).subarray(0, 100_000))()
    await isHit(local, 'openQueueBytes')
    expect(await local.metric('roomful_paused_sockets')).toBe(1)
    return local
  },
  updatesPerSecond: overRate,
  updatesBurst: overRate,
  async pausedMs() {
    const local = await serve({ updatesBurst: 5, updatesPerSecond: 1, pausedMs: 200 })
    const socket = await joined(local)
    for (let n = 0; n < 50; n++) socket.send(status)
    expect((await socket.closing()).code).toBe(CLOSE.rate.code)
    return local
  },
  async sendBufferBytes() {
    const [local, slow] = await pastASlowReader({ sendBufferBytes: 100_000 })
    slow.ws.resume()
    await waitFor(
      'it to go on',
      async () => (await local.metric('roomful_slow_members_total{what="resumed"}')) > 0,
    )
    expect(slow.closed).toBeUndefined()
    return local
  },
  async sendBufferMaxBytes() {
    const [local] = await pastASlowReader({ sendBufferBytes: 4_000_000, sendBufferMaxBytes: 4_000_001 })
    return local
  },
  async sendStallMs() {
    const [local] = await pastASlowReader({ sendBufferBytes: 100_000, sendStallMs: 100 })
    return local
  },
  async answerBytes() {
    const local = await serve({ answerBytes: 100_000, sendBufferBytes: 10_000, sendStallMs: 3_000 })
    const writer = await joined(local)
    write(writer, 'x'.repeat(12_000_000))
    writer.send(status)
    await writer.next('sync-status')
    const [greedy, next] = [await joined(local), await joined(local, 'lobby')]
    greedy.ws.pause()
    greedy.send(encodeSyncStep1(Uint8Array.of(1, 9, 9)))
    await waitFor(
      'an answer to be on its way',
      async () => (await local.metric('roomful_answer_bytes')) > 100_000,
      2_500,
    )
    next.send(encodeSyncStep1(Uint8Array.of(1, 8, 8)))
    await isHit(local, 'answerBytes')
    // once the one who does not read has had its time
    await next.next('sync-step2')
    return local
  },
  async unsavedBytes() {
    const memory = createMemoryLog()
    const backend: LogBackend = {
      ...memory,
      durability: 'none',
      close: () => memory.close(),
      open: async (room, sink) => {
        const log = await memory.open(room, sink)
        return { ...log, head: log.head, read: () => noEntries(), append: () => new Promise(() => undefined) }
      },
    }
    const local = await serve({ unsavedBytes: 1_000 }, { backend })
    const socket = await joined(local)
    write(socket, 'x'.repeat(600))
    write(socket, 'y'.repeat(600))
    expect(parseNotice((await socket.next('notice')).json)?.code).toBe('refused')
    expect(await local.metric('roomful_unsaved_bytes')).toBeGreaterThan(600)
    return local
  },
  async unfinishedBytes() {
    const local = await serve({ unfinishedBytes: 400_000 })
    const honest = await joined(local)
    // most of a legal frame, twice, and then nothing: the larger one goes
    const [small, large] = [await joined(local), await joined(local)]
    tcpOf(small).write(clientFrame(new Uint8Array(300_000)).subarray(0, 150_000))
    await waitFor('the first', async () => (await local.metric('roomful_unfinished_bytes')) >= 140_000)
    tcpOf(large).write(clientFrame(new Uint8Array(400_000)).subarray(0, 350_000))
    await isHit(local, 'unfinishedBytes')
    await waitFor('its end', () => large.closed !== undefined)
    expect([CLOSE.overload.code, 1006]).toContain(large.closed?.code)
    expect([small.closed, honest.closed]).toEqual([undefined, undefined])
    // and its memory is back
    await waitFor('the rest', async () => (await local.metric('roomful_unfinished_bytes')) < 200_000)
    // who only waited goes on where it stood
    tcpOf(small).write(clientFrame(new Uint8Array(300_000)).subarray(150_000))
    await waitFor('the whole frame', async () => (await local.metric('roomful_unfinished_bytes')) === 0)
    return local
  },
  async unloadMs() {
    const local = await serve({ unloadMs: 50 })
    const socket = await joined(local)
    expect(await local.metric('roomful_rooms')).toBe(1)
    socket.close()
    await waitFor('the room to be closed', async () => (await local.metric('roomful_rooms')) === 0)
    return local
  },
  async joinMs() {
    const local = await serve({ joinMs: 50 }, { backend: silent() })
    expect((await (await enter(local)).closing()).code).toBe(CLOSE.overload.code)
    return local
  },
  async tokenBytes() {
    const local = await serve({ tokenBytes: 100 }, { authorize: () => 'write' })
    const socket = await enter(local, `lobby?token=${'x'.repeat(101)}`)
    expect((await socket.closing()).code).toBe(CLOSE.unauthorized.code)
    return local
  },
  async revocations() {
    const issuedAt = Date.now() - 1_000
    const local = await serve(
      { revocations: 2 },
      { authorize: ({ token }) => ({ access: 'write', user: { id: token ?? '' }, issuedAt }) },
    )
    await joined(local, 'lobby?token=carol')
    for (const userId of ['ada', 'bob', 'eve']) await local.server.revoke({ userId })
    // nobody spoke of her, but she came with a token from before the oldest of them
    const { code } = await (await enter(local, 'lobby?token=carol')).closing()
    expect(code).toBe(CLOSE.unauthorized.code)
    return local
  },
  async chatMessages() {
    const local = await serve({ chatMessages: 1 })
    const socket = await joined(local)
    const doc = new Y.Doc()
    const message = { userId: 'ada', name: 'Ada', color: '#ca4459', text: 'hello', sentAt: 1 }
    doc.getArray('chat').push([
      { ...message, id: 'first' },
      { ...message, id: 'second' },
    ])
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    // a deletion of the server's own, which its sender hears of too
    const { update } = await socket.next('update')
    Y.applyUpdate(doc, update)
    expect(doc.getArray('chat').toJSON()).toMatchObject([{ id: 'second' }])
    return local
  },
}

async function overRate(): Promise<LocalServer> {
  const local = await serve({ updatesBurst: 5, updatesPerSecond: 100 })
  const socket = await joined(local)
  for (let n = 0; n < 30; n++) socket.send(encodeSyncStatus(Uint8Array.of(n)))
  await waitFor(
    'all of them to come back: none was dropped',
    () => socket.messages.filter((message) => message.type === 'sync-status').length === 30,
  )
  return local
}

/** Somebody who does not read, and as much traffic as no kernel buffers. */
async function pastASlowReader(limits: Partial<Limits>): Promise<[LocalServer, RawSocket]> {
  const local = await serve(limits)
  const [writer, slow] = [await joined(local), await joined(local)]
  slow.ws.pause()
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => writer.send(encodeUpdate(update)))
  const limit = Object.keys(limits).at(-1) as LimitName
  await waitFor('the limit to be hit', async () => {
    doc.getMap('m').set('k', 'x'.repeat(400_000))
    return (await hits(local, limit)) > 0
  })
  return [local, slow]
}

// oxlint-disable-next-line require-yield -- an empty log
async function* noEntries(): AsyncGenerator<never> {
  return undefined
}

describe('[I6] every limit of docs/limits.md has its effect on the one who hit it, and is counted by its name', () => {
  // [limit:*] each row stands for the limit it is named after
  test.each(Object.keys(LIMIT_SPECS) as LimitName[])('[limit:%s]', async (limit) => {
    await isHit(await CASES[limit](), limit)
  })
})
