import {
  encodeAwareness,
  encodeQueryAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeUpdate,
} from '@roomful/shared'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { awarenessFrame } from '../support/room-harness/presence-bytes.ts'
import { clientFrame, flood } from '../support/flood.ts'
import { Traffic } from '../support/past-a-reader.ts'
import { readRss } from '../support/process-memory.ts'
import { openRaw, type RawSocket } from '../support/raw-socket.ts'
import { readMetric, startServerProcess, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const MiB = 1_048_576

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(env: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess({ env })
  cleanups.push(() => server.kill('SIGKILL'))
  return server
}

async function enter(server: ServerProcess, room: string): Promise<RawSocket> {
  const socket = await openRaw(`${server.wsUrl}/${room}`)
  cleanups.push(() => socket.ws.terminate())
  await socket.next('sync-step1')
  return socket
}

test('[I6] [W25] 20 MB past a member that stopped reading: it holds 1 MiB, and gets the rest on the same socket', async () => {
  const server = await serve()
  const traffic = await Traffic.start(server)
  cleanups.push(() => traffic.close())
  await traffic.pass(10)
  traffic.slow.ws.pause()
  const rss = readRss(server.pid)
  const { peakRss, peakBuffered } = await traffic.pass(20)
  // one turn may go over the bound once, and the one who reads has something on its way as well
  expect(peakBuffered).toBeLessThan(4 * MiB)
  // a process this young still grows by itself: the exact bound is that of tests/long
  expect(peakRss - rss).toBeLessThan(40 * MiB)
  // the kernel takes as much as it likes (tcp_rmem: 32 MiB on some machines) before the server has anything to hold
  const bounded = (): Promise<number> =>
    readMetric(server.url, 'roomful_limit_hits_total{limit="sendBufferBytes"}')
  for (let more = 0; more < 5 && (await bounded()) === 0; more++) await traffic.pass(20)
  expect(await bounded()).toBeGreaterThan(0)
  traffic.slow.ws.resume()
  await traffic.converges()
  expect([traffic.slow.closed, traffic.reader.closed, traffic.writer.closed]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

describe('[I6] [W24] a flood costs its sender, and only its sender', () => {
  const EMPTY = Uint8Array.of(0)
  const many = (frame: Uint8Array, opcode?: number): Buffer =>
    Buffer.concat(Array.from({ length: 500 }, () => clientFrame(frame, opcode)))

  let server: ServerProcess
  beforeAll(async () => {
    // a small burst: the flood need not be long
    server = await startServerProcess({ env: { DATA_DIR: ':memory:', LIMIT_UPDATES_BURST: '1000' } })
  })
  afterAll(() => server.kill('SIGKILL'))

  /** A room of 200 kB with 10 people present. */
  async function furnish(room: string): Promise<[RawSocket, RawSocket]> {
    const [ada, ben] = [await enter(server, room), await enter(server, room)]
    const doc = new Y.Doc()
    doc.getText('text').insert(0, 'x'.repeat(200_000))
    ada.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    for (let id = 1; id <= 10; id++) {
      const person = await enter(server, room)
      person.send(awarenessFrame([id, 1, { name: 'x'.repeat(500) }]))
    }
    return [ada, ben]
  }

  test.each([
    ['sync step 1, each of which asks for the whole document', many(encodeSyncStep1(EMPTY))],
    ['sync step 1 with a vector nobody shares', many(encodeSyncStep1(Uint8Array.of(1, 9, 9)))],
    ['query awareness', many(encodeQueryAwareness())],
    ['presence', many(awarenessFrame([7_777, 1, { name: 'x'.repeat(2_000) }]))],
    ['presence of others', many(encodeAwareness(Uint8Array.of(1, 1, 1, 4, 110, 117, 108, 108)))],
    ['sync status', many(encodeSyncStatus(Uint8Array.of(1, 2, 3)))],
    ['the tiniest frames', many(Uint8Array.of(99))],
    ['pings', many(new Uint8Array(0), 9)],
  ])('%s', async (name, frames) => {
    const pauses = (): Promise<number> => readMetric(server.url, 'roomful_socket_pauses_total{reason="rate"}')
    const room = name.replaceAll(/[^a-z0-9]/g, '-')
    const [ada, ben] = await furnish(room)
    const hostile = await enter(server, room)
    const [rss, before] = [readRss(server.pid), await pauses()]
    const stop = flood(hostile, frames)
    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => ada.send(encodeUpdate(update)))
    let round = 0
    const edit = async (): Promise<void> => {
      const from = ben.messages.length
      doc.getMap('honest').set('round', round++)
      await waitFor('an honest edit to arrive', () =>
        ben.messages.slice(from).some((message) => message.type === 'update'),
      )
    }
    await waitFor('the flood to be paused', async () => {
      await edit()
      return (await pauses()) > before
    })
    for (let more = 0; more < 5; more++) await edit()
    expect(readRss(server.pid) - rss).toBeLessThan(64 * MiB)
    expect([hostile.closed, ada.closed, ben.closed]).toEqual([undefined, undefined, undefined])
    stop()
  })
})
