import {
  decodeMessage,
  DEFAULT_LIMITS,
  encodeAwareness,
  encodeQueryAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  KEEPALIVE_FRAME,
  parseHello,
  parseNotice,
  unpackNumbers,
  type Notice,
} from '@roomful/shared'
import {
  createMemoryLog,
  systemClock,
  type Access,
  type Clock,
  type CollabServerOptions,
  type LogBackend,
} from '@roomful/server'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { openRaw, type RawSocket } from '../support/raw-socket.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(options: Partial<CollabServerOptions> = {}): Promise<LocalServer> {
  const local = await startServer(options)
  cleanups.push(() => local.close())
  return local
}

async function join(local: LocalServer, target = 'lobby'): Promise<RawSocket> {
  const socket = await openRaw(`${local.wsUrl}/${target}`)
  cleanups.push(() => socket.ws.terminate())
  return socket
}

/** A document that speaks through a raw socket. */
function docWith(text: string): Y.Doc {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, text)
  return doc
}

const refused = (local: LocalServer, reason: string): Promise<number> =>
  local.metric(`roomful_refused_total{reason="${reason}"}`)

const notices = (socket: RawSocket): Notice[] =>
  socket.messages.flatMap((message) => (message.type === 'notice' ? (parseNotice(message.json) ?? []) : []))

let lastCounter = 1_000_000

/** A round trip: what was sent before it has been handled, and all the room says of it has arrived. */
async function settle(socket: RawSocket): Promise<void> {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(++lastCounter)
  socket.send(encodeSyncStatus(bytes))
  await waitFor('the sync status to come back', () =>
    socket.messages.some((m) => m.type === 'sync-status' && Buffer.from(m.counter).equals(bytes)),
  )
}

/** All updates a socket has been sent, as a document. */
function received(socket: RawSocket): string {
  const doc = new Y.Doc()
  for (const message of socket.messages) {
    if (message.type === 'update' || message.type === 'sync-step2') Y.applyUpdate(doc, message.update)
  }
  return doc.getText('note').toJSON()
}

describe('bad input ends its own connection only', () => {
  /** A room with a witness and a note in it, and a check that both are untouched. */
  async function withWitness(options: Partial<CollabServerOptions> = {}) {
    const local = await serve(options)
    const witness = await join(local)
    const doc = docWith('untouched')
    witness.send(encodeSyncStep2(Y.encodeStateAsUpdate(doc)))
    await settle(witness)
    return {
      local,
      witness,
      async isUntouched(): Promise<void> {
        await settle(witness)
        expect(witness.closed).toBeUndefined()
        const newcomer = await join(local)
        newcomer.send(encodeSyncStep1(Uint8Array.of(0)))
        await newcomer.next('sync-step2')
        expect(received(newcomer)).toBe('untouched')
      },
    }
  }

  test('[W2] [I3] a text frame: 1003', async () => {
    const { local, isUntouched } = await withWitness()
    const bad = await join(local)
    bad.sendText('hello')
    expect((await bad.closing()).code).toBe(1003)
    expect(await refused(local, 'text-frame')).toBe(1)
    await isUntouched()
  })

  test('[W3] [I6] a frame over LIMIT_FRAME_BYTES: 4413, at it: fine', async () => {
    const { local, isUntouched } = await withWitness({ limits: { frameBytes: 1_000, hardFrameBytes: 2_000 } })
    const fine = await join(local)
    fine.send(new Uint8Array(1_000).fill(5))
    await settle(fine)
    expect(fine.closed).toBeUndefined()
    const bad = await join(local)
    bad.send(new Uint8Array(1_001).fill(5))
    expect((await bad.closing()).code).toBe(4413)
    expect(await refused(local, 'frame-too-large')).toBe(1)
    await isUntouched()
  })

  test('[W3] [I6] a frame over LIMIT_HARD_FRAME_BYTES: 1009', async () => {
    const { local, isUntouched } = await withWitness({ limits: { frameBytes: 1_000, hardFrameBytes: 2_000 } })
    const bad = await join(local)
    bad.send(new Uint8Array(2_001))
    expect((await bad.closing()).code).toBe(1009)
    expect(await refused(local, 'frame-far-too-large')).toBe(1)
    await isUntouched()
  })

  test('[W3] [I3] bytes that are no WebSocket frame: 1002', async () => {
    const { local, isUntouched } = await withWitness()
    const bad = await join(local)
    // @ts-expect-error the raw socket below ws: only a broken client writes there
    bad.ws._socket.write(Buffer.from('f1ff0000', 'hex'))
    expect((await bad.closing()).code).toBe(1002)
    expect(await refused(local, 'frame-invalid')).toBe(1)
    await isUntouched()
  })

  test.each([
    ['an empty frame', [], 'malformed'],
    ['a truncated message', [0, 2, 9, 1], 'malformed'],
    ['bytes left over', [3, 0], 'malformed'],
    ['an unknown sync step', [0, 7, 0], 'malformed'],
    ['a state vector that is none', [0, 0, 2, 0xff, 0xff], 'malformed'],
    ['a sync status of 17 bytes', [102, 17, ...Array.from({ length: 17 }, () => 0)], 'malformed'],
    ['an awareness update that is none', [1, 3, 1, 1, 1], 'malformed'],
    ['an update that is none', [0, 2, 3, 1, 1, 1], 'update-invalid'],
    ['a struct of length zero', [0, 2, 9, 1, 1, 1, 0, 4, 1, 1, 0x61, 0], 'update-invalid'],
  ])('[W4] [I3] %s: 4400', async (_what, frame, reason) => {
    const { local, isUntouched } = await withWitness()
    const bad = await join(local)
    bad.send(frame)
    expect((await bad.closing()).code).toBe(4400)
    expect(await refused(local, reason)).toBe(1)
    await isUntouched()
  })

  test('[W5] unknown message numbers are ignored and counted', async () => {
    const { local, isUntouched } = await withWitness()
    const other = await join(local)
    other.send([4, 1, 2, 3])
    other.send([101])
    other.send([200, 1, 7])
    other.send([2, 0, 2, 0x6e, 0x6f])
    other.send([103, 2, 0x7b, 0x7d])
    other.send([104, 2, 0x7b, 0x7d])
    other.send([108, 1, 7, 1, 1, 0x0f])
    await settle(other)
    expect(other.closed).toBeUndefined()
    expect(await refused(local, 'unknown-type')).toBe(7)
    await isUntouched()
  })
})

describe('documents', () => {
  test('[W8] [W1] the first frame is sync step 1; each sync step 1 is answered once, with all that is lacking', async () => {
    const local = await serve()
    const writer = await join(local)
    const doc = docWith('hello ')
    writer.send(encodeSyncStep2(Y.encodeStateAsUpdate(doc)))
    await settle(writer)
    const reader = await join(local)
    const first = await reader.next('sync-step1')
    expect(decodeMessage(reader.frames[0] ?? new Uint8Array())).toEqual(first)
    expect(Y.decodeStateVector(first.stateVector)).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)))
    reader.send(encodeSyncStep1(Uint8Array.of(0)))
    reader.send(encodeSyncStep1(first.stateVector))
    await settle(reader)
    const answers = reader.messages.filter((message) => message.type === 'sync-step2')
    expect(answers.map((answer) => Y.decodeUpdate(answer.update).structs.length)).toEqual([1, 0])
    expect(received(reader)).toBe('hello ')
  })

  test('[W8] [I6] frames sent before the room is open are kept in order; beyond the bound the socket is not read', async () => {
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const local = await serve({
      limits: { openQueueFrames: 4 },
      authorize: async (): Promise<Access> => {
        await gate
        return 'write'
      },
    })
    const early = await join(local)
    for (let n = 0; n < 500; n++) early.send(encodeSyncStatus(Uint8Array.of(n >> 8, n & 255)))
    const paused = 'roomful_socket_pauses_total{reason="opening"}'
    await waitFor('the socket to be paused', async () => (await local.metric(paused)) === 1)
    expect(early.frames).toEqual([])
    open()
    await waitFor('all of them to come back', () => early.messages.length >= 501)
    const counters = early.messages.flatMap((m) => (m.type === 'sync-status' ? [...m.counter] : []))
    expect(counters).toEqual(Array.from({ length: 500 }, (_, n) => [n >> 8, n & 255]).flat())
  })

  test('[W8] [I6] whoever is not let in yet cannot fill memory with one unfinished frame', async () => {
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const local = await serve({
      authorize: async (): Promise<Access> => {
        await gate
        return 'write'
      },
    })
    const early = await join(local)
    const doc = docWith('x'.repeat(12_000_000))
    early.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    const paused = 'roomful_socket_pauses_total{reason="opening"}'
    await waitFor('the socket to be paused', async () => (await local.metric(paused)) === 1)
    expect(await local.metric('roomful_frames_received_total')).toBe(0)
    open()
    await settle(early)
    const reader = await join(local)
    reader.send(encodeSyncStep1(Uint8Array.of(0)))
    await waitFor('all of it', () => received(reader).length === 12_000_000)
  })

  test('[W9] an update goes to everybody else and not back to its sender, the bytes as they came', async () => {
    const local = await serve()
    const [sender, other] = [await join(local), await join(local)]
    const update = Y.encodeStateAsUpdate(docWith('x'))
    sender.send(encodeUpdate(update))
    expect((await other.next('update')).update).toEqual(update)
    await settle(sender)
    expect(sender.messages.filter((message) => message.type === 'update')).toEqual([])
  })

  test('[W9] what is said in one turn arrives as frames of one message each', async () => {
    const local = await serve()
    const [sender, other] = [await join(local), await join(local)]
    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => sender.send(encodeUpdate(update)))
    for (let n = 0; n < 50; n++) doc.getText('note').insert(n, 'x')
    await waitFor('all updates', () => received(other) === 'x'.repeat(50))
    expect(other.messages.length).toBe(other.frames.length)
    expect(other.messages.filter((message) => message.type === 'update').length).toBe(50)
  })

  test('[W10] [I1] sync statuses come back identical, in order, behind what they follow; any client may send them', async () => {
    const local = await serve()
    const socket = await join(local)
    const counters = [[], [7], [0, 0, 255], Array.from({ length: 16 }, () => 1)]
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(docWith('x'))))
    for (const counter of counters) socket.send(encodeSyncStatus(Uint8Array.from(counter)))
    await waitFor('four answers', () => socket.messages.filter((m) => m.type === 'sync-status').length === 4)
    const answers = socket.messages.flatMap((m) => (m.type === 'sync-status' ? [[...m.counter]] : []))
    expect(answers).toEqual(counters)
  })

  test('[W23] what builds on something unseen is asked for, not refused; the answer brings all of it', async () => {
    const local = await serve()
    const socket = await join(local)
    await socket.next('sync-step1')
    const doc = new Y.Doc()
    socket.send(encodeSyncStep2(Y.encodeStateAsUpdate(doc)))
    await settle(socket)
    doc.getText('note').insert(0, 'never sent, ')
    const before = Y.encodeStateVector(doc)
    doc.getText('note').insert(12, 'sent')
    const from = socket.messages.length
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc, before)))
    const ask = await socket.next('sync-step1', from)
    socket.send(encodeSyncStep2(Y.encodeStateAsUpdate(doc, ask.stateVector)))
    await settle(socket)
    const reader = await join(local)
    reader.send(encodeSyncStep1(Uint8Array.of(0)))
    await waitFor('the whole text', () => received(reader) === 'never sent, sent')
    expect(socket.closed).toBeUndefined()
  })

  test('[W27] [I7] a reader is told once and goes on reading', async () => {
    const local = await serve({ authorize: ({ token }) => (token === 'r' ? 'read' : 'write') })
    const [stock, extended] = [await join(local, 'lobby?token=r'), await join(local, 'lobby?v=1&token=r')]
    const writer = await join(local)
    const update = encodeUpdate(Y.encodeStateAsUpdate(docWith('forbidden')))
    for (const reader of [stock, extended]) reader.send(update)
    expect((await stock.next('auth')).reason.length).toBeGreaterThan(0)
    await waitFor('the notice', () => notices(extended).some((notice) => notice.code === 'read-only'))
    writer.send(encodeUpdate(Y.encodeStateAsUpdate(docWith('allowed'))))
    await waitFor('both to read on', () =>
      [stock, extended].every((reader) => received(reader) === 'allowed'),
    )
    expect(received(writer)).toBe('')
    expect(await refused(local, 'read-only')).toBe(2)
  })

  test('[W31] [I6] a document at its limit: a notice, or 4413 for stock clients', async () => {
    const local = await serve({ limits: { documentBytes: 100 } })
    const [stock, extended] = [await join(local), await join(local, 'lobby?v=1')]
    const update = encodeUpdate(Y.encodeStateAsUpdate(docWith('x'.repeat(200))))
    extended.send(update)
    await waitFor('the notice', () => notices(extended).some((notice) => notice.code === 'too-large'))
    expect(extended.closed).toBeUndefined()
    stock.send(update)
    expect((await stock.closing()).code).toBe(4413)
    expect(await refused(local, 'document-too-large')).toBe(2)
  })
})

describe('presence', () => {
  /** An awareness of a document of its own, encoded as it is now. */
  function person(clientID: number, name: string) {
    const doc = new Y.Doc()
    doc.clientID = clientID
    const states = new Awareness(doc)
    cleanups.push(() => states.destroy())
    states.setLocalState({ name })
    return {
      states,
      frame: (): Uint8Array => encodeAwareness(encodeAwarenessUpdate(states, [clientID])),
    }
  }

  /** What a socket has been told of the others: their last states. */
  function seenBy(socket: RawSocket): Map<number, unknown> {
    const seen = new Map<number, unknown>()
    for (const message of socket.messages) {
      if (message.type !== 'awareness') continue
      for (const [id, state] of decodeStates(message.update)) {
        if (state === null) seen.delete(id)
        else seen.set(id, state)
      }
    }
    return seen
  }

  test('[W19] [W21] [I5] one shows itself to the others, not to itself, and nobody else', async () => {
    const local = await serve()
    const [a, b] = [await join(local), await join(local)]
    b.send(person(2, 'b').frame())
    a.send(person(1, 'a').frame())
    await waitFor('b to see a', () => seenBy(b).has(1))
    await waitFor('a to see b', () => seenBy(a).has(2))
    // a forged entry for b, as any stock client sends back what it has received
    const forged = person(2, 'forged')
    forged.states.setLocalState({ name: 'forged again' })
    a.send(forged.frame())
    a.send(encodeQueryAwareness())
    await settle(a)
    await settle(b)
    expect(seenBy(a).get(2)).toEqual({ name: 'b' })
    expect(seenBy(a).has(1)).toBe(false)
    expect(seenBy(b).has(2)).toBe(false)
    expect(a.closed).toBeUndefined()
  })

  test('[W19] [I4] a connection that ends takes its presence along', async () => {
    const local = await serve()
    const [a, b] = [await join(local), await join(local)]
    a.send(person(1, 'a').frame())
    b.send(person(2, 'b').frame())
    await waitFor('b to see a', () => seenBy(b).has(1))
    a.ws.terminate()
    await waitFor('a to be gone for b', () => !seenBy(b).has(1))
  })

  test('[W19] [I6] a state over its limit is not shown; the connection goes on', async () => {
    const local = await serve({ limits: { awarenessBytes: 100 } })
    const [a, b] = [await join(local, 'lobby?v=1'), await join(local)]
    b.send(person(2, 'b').frame())
    const big = person(1, 'small')
    a.send(big.frame())
    await waitFor('b to see a', () => seenBy(b).has(1))
    big.states.setLocalState({ name: 'x'.repeat(200) })
    a.send(big.frame())
    await settle(a)
    await settle(b)
    expect(seenBy(b).get(1)).toEqual({ name: 'small' })
    expect(a.closed).toBeUndefined()
  })

  test('[W20] a page made anew around a known clientID is visible at once, its clock beginning again', async () => {
    const local = await serve()
    const observer = await join(local)
    observer.send(person(9, 'observer').frame())
    const old = await join(local)
    const before = person(1, 'before')
    for (let n = 0; n < 30; n++) before.states.setLocalState({ name: 'before', n })
    old.send(before.frame())
    await waitFor('the old page', () => seenBy(observer).has(1))
    old.close()
    await old.closing()
    const anew = await join(local)
    anew.send(person(1, 'after').frame())
    const name = (): unknown => seenBy(observer).get(1)
    await waitFor('the new page', () => JSON.stringify(name()) === '{"name":"after"}')
    const clocks = observer.messages.flatMap((m) =>
      m.type === 'awareness' ? [...clocksOf(m.update, 1)] : [],
    )
    expect(clocks).toEqual(clocks.toSorted((x, y) => x - y))
  })

  test('[W11] [W40] who asks for version 2 is told of moves by their numbers, everybody else in full', async () => {
    const local = await serve()
    const targets = ['lobby?v=2', 'lobby?v=9', 'lobby?v=1', 'lobby?v=0', 'lobby']
    const sockets = await Promise.all(targets.map((target) => join(local, target)))
    for (const [index, socket] of sockets.entries()) {
      socket.send(encodeSyncStep1(Uint8Array.of(0)))
      socket.send(person(10 + index, 'reader').frame())
    }
    const mover = await join(local)
    const ada = person(1, 'Ada')
    const move = (x: number): void => {
      ada.states.setLocalState({ name: 'Ada', pointer: { x, y: 0.5 } })
      mover.send(ada.frame())
    }
    move(0)
    await waitFor('Ada everywhere', () => sockets.every((socket) => seenBy(socket).has(1)))
    move(0.25)
    const numbersOf = (socket: RawSocket): string[] =>
      socket.messages.flatMap((message) =>
        message.type === 'moved' ? message.entries.map(({ numbers }) => unpackNumbers(numbers) ?? '?') : [],
      )
    const [two, later, one, none, stock] = sockets
    if (!two || !later || !one || !none || !stock) throw new Error('too few sockets')
    for (const socket of [two, later])
      await waitFor('the numbers', () => numbersOf(socket).includes('0.25,0.5'))
    for (const socket of [one, none, stock]) {
      await waitFor('the state', () => JSON.stringify(seenBy(socket).get(1))?.includes('0.25') === true)
      expect(numbersOf(socket)).toEqual([])
    }
    for (const socket of [two, later]) expect(seenBy(socket).get(1)).toMatchObject({ pointer: { x: 0 } })
    for (const socket of [two, later, one])
      expect(parseHello((await socket.next('hello')).json)?.protocol).toBe(2)
  })

  test('[W22] [I4] the same key takes a clientID over at once; the loser hears of it', async () => {
    const local = await serve()
    const observer = await join(local)
    observer.send(person(9, 'observer').frame())
    const first = await join(local, 'lobby?v=1&key=tab-1')
    first.send(person(1, 'first').frame())
    await waitFor('the first', () => JSON.stringify(seenBy(observer).get(1)) === '{"name":"first"}')
    const second = await join(local, 'lobby?v=1&key=tab-1')
    second.send(person(1, 'second').frame())
    await waitFor('the second', () => JSON.stringify(seenBy(observer).get(1)) === '{"name":"second"}')
    await waitFor('the notice', () => notices(first).some((notice) => notice.code === 'clientid-conflict'))
  })

  test('[W22] [I5] with another key the holder, who answers pings, keeps it', async () => {
    const local = await serve()
    const observer = await join(local)
    observer.send(person(9, 'observer').frame())
    const holder = await join(local, 'lobby?v=1&key=mine')
    holder.send(person(1, 'holder').frame())
    await waitFor('the holder', () => seenBy(observer).has(1))
    const thief = await join(local, 'lobby?v=1&key=other')
    const stolen = person(1, 'thief')
    stolen.states.setLocalState({ name: 'thief', again: true })
    thief.send(stolen.frame())
    await waitFor('the thief to be told', () => notices(thief).some((n) => n.code === 'clientid-conflict'))
    await settle(observer)
    expect(seenBy(observer).get(1)).toEqual({ name: 'holder' })
  })
})

describe('extensions', () => {
  test('[W12] [W11] hello is the first frame to whoever asked, and says what is true', async () => {
    const local = await serve({ instanceId: 'i-1', limits: { frameBytes: 5_000 } })
    const extended = await join(local, 'lobby?v=1')
    await extended.next('sync-step1')
    const [first] = extended.messages
    const hello = first?.type === 'hello' ? parseHello(first.json) : undefined
    expect(hello).toMatchObject({
      protocol: 2,
      generation: 0,
      durability: 'none',
      permission: 'write',
      instanceId: 'i-1',
      limits: { frameBytes: 5_000, awarenessBytes: DEFAULT_LIMITS.awarenessBytes },
    })
    expect(Math.abs((hello?.now ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  test('[W13] [W11] a stock client never gets 103 or 104', async () => {
    const local = await serve()
    const stock = await join(local, 'lobby?key=mine&gen=seven')
    await settle(stock)
    await local.close()
    await stock.closing()
    expect(stock.messages.filter((m) => m.type === 'hello' || m.type === 'notice')).toEqual([])
  })

  test('[W14] a deleted room: members 4404 with the new generation, stale newcomers 4404 without a byte', async () => {
    const local = await serve({ adminToken: 'secret' })
    const member = await join(local, 'lobby?v=1')
    member.send(encodeUpdate(Y.encodeStateAsUpdate(docWith('old'))))
    await settle(member)
    const answer = await fetch(`${local.url}/api/v1/rooms/lobby`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer secret' },
    })
    expect(answer.status).toBe(204)
    expect(await member.closing()).toEqual({ code: 4404, reason: 'generation=1' })
    const stale = await join(local, 'lobby?v=1&gen=0')
    expect(await stale.closing()).toEqual({ code: 4404, reason: 'generation=1' })
    expect(stale.frames).toEqual([])
    expect(await refused(local, 'stale-generation')).toBe(1)
    const current = await join(local, 'lobby?v=1&gen=1')
    const hello = await current.next('hello')
    expect(parseHello(hello.json)?.generation).toBe(1)
  })
})

describe('access', () => {
  test('[W28] [I7] none: accepted, closed 4403, not one byte, and the room is not touched', async () => {
    const asked: unknown[] = []
    const local = await serve({
      authorize: ({ room, token }) => {
        asked.push([room, token])
        return 'none'
      },
    })
    const denied = await join(local, 'secret-plans?token=wrong')
    denied.send(encodeSyncStep1(Uint8Array.of(0)))
    expect((await denied.closing()).code).toBe(4403)
    expect(denied.frames).toEqual([])
    expect(asked).toEqual([['secret-plans', 'wrong']])
    expect([...local.server.registry.rooms()]).toEqual([])
    expect(await refused(local, 'forbidden')).toBe(1)
  })

  test('[W28] [I7] an authorizer that fails: 1011, and the client tries again', async () => {
    const local = await serve({ authorize: () => Promise.reject(new Error('database down')) })
    const socket = await join(local)
    expect((await socket.closing()).code).toBe(1011)
    expect(socket.frames).toEqual([])
  })
})

describe('storage away', () => {
  const backendWith = (open: LogBackend['open']): LogBackend => {
    const log = createMemoryLog()
    return {
      durability: log.durability,
      open,
      rooms: (after) => log.rooms(after),
      delete: (room, stateVector) => log.delete(room, stateVector),
      close: () => log.close(),
    }
  }

  test('[W8] [I9] a room that cannot be opened: 1013, not a byte, and the next try may succeed', async () => {
    const log = createMemoryLog()
    let isAway = true
    const backend = backendWith((room, sink) =>
      isAway ? Promise.reject(new Error('disk gone')) : log.open(room, sink),
    )
    const local = await serve({ backend })
    const early = await join(local)
    expect((await early.closing()).code).toBe(1013)
    expect(early.frames).toEqual([])
    expect(await refused(local, 'room-unavailable')).toBe(1)
    isAway = false
    await (await join(local)).next('sync-step1')
  })

  test('[W8] [I9] [limit:joinMs] a room that is not read within LIMIT_JOIN_MS: 1013', async () => {
    const backend = backendWith(() => new Promise(() => undefined))
    const local = await serve({ backend, limits: { joinMs: 50 } })
    const early = await join(local)
    expect((await early.closing()).code).toBe(1013)
    expect(early.frames).toEqual([])
  })
})

describe('limits, slowness, restarts', () => {
  test('[W30] [I6] [limit:roomMembers] a room over its members, a process over its rooms: 1013', async () => {
    const local = await serve({ limits: { roomMembers: 1, rooms: 1 } })
    const first = await join(local)
    await first.next('sync-step1')
    const second = await join(local)
    expect((await second.closing()).code).toBe(1013)
    const elsewhere = await join(local, 'another')
    expect((await elsewhere.closing()).code).toBe(1013)
    await settle(first)
    expect(await refused(local, 'room-unavailable')).toBe(1)
  })

  test('[W24] a sender over its rate is slowed, and nothing of it is lost', async () => {
    const local = await serve({ limits: { updatesPerSecond: 400, updatesBurst: 20 } })
    const fast = await join(local)
    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => fast.send(encodeUpdate(update)))
    for (let n = 0; n < 200; n++) doc.getText('note').insert(n, 'x')
    await settle(fast)
    const reader = await join(local)
    reader.send(encodeSyncStep1(Uint8Array.of(0)))
    await waitFor('all of it', () => received(reader).length === 200)
    expect(await local.metric('roomful_socket_pauses_total{reason="rate"}')).toBeGreaterThan(0)
    expect(fast.closed).toBeUndefined()
  })

  test('[W25] [I6] a reader that takes nothing is closed, the others are not', async () => {
    const local = await serve({
      limits: { sendBufferBytes: 100_000, sendBufferMaxBytes: 200_000, sendStallMs: 300 },
    })
    const [writer, slow, other] = [await join(local), await join(local), await join(local)]
    await slow.next('sync-step1')
    slow.ws.pause()
    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => writer.send(encodeUpdate(update)))
    const isClosed = async (): Promise<boolean> =>
      (await local.metric('roomful_closed_total{code="1013"}')) === 1
    // more than the kernel's buffers take on both sides
    await waitFor('the slow reader to be closed', async () => {
      if (doc.getText('note').length < 24_000_000) doc.getText('note').insert(0, 'x'.repeat(500_000))
      return isClosed()
    })
    await waitFor('the other to have all of it', () => received(other) === doc.getText('note').toJSON())
    expect([writer.closed, other.closed]).toEqual([undefined, undefined])
  })

  test('[W26] [I10] a restart: a notice with a hint for extended clients, then 1012 for all', async () => {
    const local = await serve({ random: () => 0.5 })
    const [stock, extended] = [await join(local), await join(local, 'lobby?v=1')]
    await settle(stock)
    await settle(extended)
    await local.close()
    expect((await stock.closing()).code).toBe(1012)
    expect((await extended.closing()).code).toBe(1012)
    expect(notices(extended)).toEqual([
      { code: 'draining', message: expect.any(String), retryAfterMs: 2_750 },
    ])
  })

  test('[W26] a socket whose room is not open yet is told to come back as well', async () => {
    const local = await serve({ authorize: () => new Promise(() => undefined) })
    const waiting = await join(local)
    await local.close()
    expect((await waiting.closing()).code).toBe(1012)
  })
})

describe('liveness', () => {
  /** Time that runs 100 times as fast, so that 30 s are over in a moment. */
  const SPEED = 100
  const fastClock: Clock = {
    ...systemClock,
    now: () => Date.now() * SPEED,
    after: (ms, run) => systemClock.after(ms / SPEED, run),
  }

  test('[W7] [I4] a socket that answers no ping is ended, and its presence goes', async () => {
    const local = await serve({ clock: fastClock })
    const dead = await openRaw(`${local.wsUrl}/lobby`, { autoPong: false })
    cleanups.push(() => dead.ws.terminate())
    await dead.next('sync-step1')
    await waitFor('it to be ended', () => dead.closed !== undefined)
    expect(await refused(local, 'no-pong')).toBe(1)
    expect(await local.metric('roomful_connections')).toBe(0)
  })

  test('[W6] [W7] a quiet member that answers pings stays, and hears the keepalive', async () => {
    const local = await serve({ clock: fastClock })
    const quiet = await join(local)
    const isKeepalive = (frame: Uint8Array): boolean => Buffer.from(frame).equals(KEEPALIVE_FRAME)
    await waitFor('ten keepalives', () => quiet.frames.filter(isKeepalive).length >= 10)
    // the room's keepalives and the pings have timers of their own: on a busy machine the pings are later
    await waitFor('three pongs', async () => (await local.metric('roomful_rtt_seconds_count')) >= 3)
    expect(quiet.closed).toBeUndefined()
  })
})

/** `[count, (id, clock, JSON)…]` of an awareness update. */
function* entriesOf(update: Uint8Array): Generator<{ id: number; clock: number; state: unknown }> {
  let at = 0
  const readUint = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = update[at++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  for (let left = readUint(); left > 0; left--) {
    const id = readUint()
    const clock = readUint()
    const length = readUint()
    const json = Buffer.from(update.subarray(at, at + length)).toString()
    at += length
    yield { id, clock, state: JSON.parse(json) as unknown }
  }
}

function* decodeStates(update: Uint8Array): Generator<[number, unknown]> {
  for (const { id, state } of entriesOf(update)) yield [id, state]
}

function* clocksOf(update: Uint8Array, of: number): Generator<number> {
  for (const { id, clock } of entriesOf(update)) if (id === of) yield clock
}
