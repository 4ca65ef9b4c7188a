import { deviceClock, type ClientClock } from '@roomful/provider'
import { systemClock, type Clock } from '@roomful/server'
import {
  decodeMessage,
  encodeReport,
  isSameChecksum,
  laneBytes,
  LOBBY,
  type Difference,
} from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { digestOf } from '../../client/provider/src/digest.ts'
import { digestOf as workerDigestOf } from '../../server/src/worker/digest.js'
import { FrameProxy } from '../support/frame-proxy.ts'
import { Random } from '../support/random.ts'
import { openRaw } from '../support/raw-socket.ts'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { editDocument, merge } from '../support/room/random-document.ts'
import { seeds } from '../support/seeds.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Time that runs 20 times as fast: five seconds of quiet are over in a moment. */
const SPEED = 20
const fastClock: Clock = {
  ...systemClock,
  now: () => Date.now() * SPEED,
  after: (ms, run) => systemClock.after(ms / SPEED, run),
}
const fastDevice: ClientClock = { ...deviceClock, after: (ms, run) => deviceClock.after(ms / SPEED, run) }

interface Scene {
  readonly local: LocalServer
  readonly proxy: FrameProxy
  /** Behind the proxy. */
  readonly ada: RoomfulClient
  /** Connected directly. */
  readonly ben: RoomfulClient
}

async function stage(): Promise<Scene> {
  const local = await startServer({ clock: fastClock })
  cleanups.push(() => local.close())
  const proxy = await FrameProxy.start(local.url)
  cleanups.push(() => proxy.close())
  const join = (url: string): RoomfulClient => {
    const client = connectRoomful(url, 'lobby', { clock: fastDevice })
    cleanups.push(client.destroy)
    return client
  }
  const [ada, ben] = [join(proxy.wsUrl), join(local.wsUrl)]
  ben.doc.getText('note').insert(0, 'once upon a time ')
  await waitFor('both to have the beginning', () => text(ada) === text(ben) && ben.provider.pending === 0)
  return { local, proxy, ada, ben }
}

const text = ({ doc }: RoomfulClient): string => doc.getText('note').toJSON()
const differences = (local: LocalServer, what: Difference): Promise<number> =>
  local.metric(`roomful_differences_total{what="${what}"}`)
const isUpdate = (frame: Uint8Array): boolean => decodeMessage(frame)?.type === 'update'

describe('[W35] a frame that is lost on the way is noticed when the room is quiet, repaired and counted', () => {
  test('somebody’s insertion', async () => {
    const { local, proxy, ada, ben } = await stage()
    proxy.fate = (frame, direction) => (direction === 'toClient' && isUpdate(frame) ? undefined : frame)
    ben.doc.getText('note').insert(0, 'lost: ')
    await waitFor('it to be repaired', () => text(ada) === text(ben))
    expect(await differences(local, 'messages')).toBe(1)
    expect(await differences(local, 'diverged')).toBe(0)
  })

  test('somebody’s deletion, which no state vector shows', async () => {
    const { local, proxy, ada, ben } = await stage()
    proxy.fate = (frame, direction) => (direction === 'toClient' && isUpdate(frame) ? undefined : frame)
    ben.doc.getText('note').delete(0, 5)
    await waitFor('it to be repaired', () => text(ada) === text(ben))
    expect(await differences(local, 'messages')).toBe(1)
  })

  test('an own change, though its receipt came', async () => {
    const { local, proxy, ada, ben } = await stage()
    proxy.fate = (frame, direction) => (direction === 'toServer' && isUpdate(frame) ? undefined : frame)
    ada.doc.getText('note').insert(0, 'lost: ')
    await waitFor('the receipt that proves nothing', () => ada.provider.pending === 0)
    proxy.fate = (frame) => frame
    // a room nobody writes to has nothing to check
    ben.doc.getMap('other').set('key', 1)
    await waitFor('it to be repaired', () => text(ben) === text(ada) && text(ben).startsWith('lost: '))
    expect(await differences(local, 'state')).toBe(1)
  })
})

test('[W35] content that differs with the same changes cannot be repaired: it is reported, the provider closes and says so', async () => {
  const { local, proxy, ada, ben } = await stage()
  const changed = Buffer.from('black')
  proxy.fate = (frame, direction) => {
    if (direction === 'toServer') return frame
    const at = Buffer.from(frame).indexOf('white')
    if (at >= 0) frame.set(changed, at)
    return frame
  }
  const told = new Promise<void>((resolve) => {
    ada.provider.once('diverged', resolve)
  })
  ben.doc.getText('note').insert(0, 'white ')
  await waitFor('it to arrive as something else', () => text(ada).startsWith('black'))
  await local.server.registry.peek(LOBBY)?.compact()
  await told
  expect(ada.provider.connection).toBe('closed')
  expect(ada.provider.connectionDetail.closedReason?.reason).toBe('diverged')
  expect([await differences(local, 'content'), await differences(local, 'diverged')]).toEqual([1, 1])
  expect(await differences(local, 'messages')).toBe(0)
})

test('[W35] copies that are the same are told from no others: checks come, with digests, and nobody reports', async () => {
  const { local, ada, ben } = await stage()
  const spy = await openRaw(`${local.wsUrl}/lobby?v=1`)
  cleanups.push(() => spy.ws.terminate())
  const random = new Random(7)
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 10; n++) editDocument(random.chance(0.5) ? ada.doc : ben.doc, random)
    await waitFor('all of it to be there', () => ada.provider.pending === 0 && ben.provider.pending === 0)
    await local.server.registry.peek(LOBBY)?.compact()
    const from = spy.messages.length
    const check = await spy.next('check', from)
    expect(check.digest).toHaveLength(8)
  }
  // a receipt each: their reports, if there were any, went before
  for (const { doc } of [ada, ben]) doc.getMap('end').set(String(doc.clientID), 1)
  await waitFor('the receipts', () => ada.provider.pending === 0 && ben.provider.pending === 0)
  for (const what of ['messages', 'state', 'content', 'diverged'] as const)
    expect(await differences(local, what)).toBe(0)
})

test('[W36] a report makes the server ask, whoever sends it', async () => {
  const local = await startServer()
  cleanups.push(() => local.close())
  const socket = await openRaw(`${local.wsUrl}/lobby`)
  cleanups.push(() => socket.ws.terminate())
  await socket.next('sync-step1')
  socket.send([0, 1, 2, 0, 0])
  socket.send(encodeReport('state'))
  await socket.next('sync-step1', socket.messages.length)
  expect(await differences(local, 'state')).toBe(1)
})

test('the digest of the client is that of the server, whatever is in the document', () => {
  for (const seed of seeds(60)) {
    const random = new Random(seed)
    const [left, right] = [new Y.Doc(), new Y.Doc()]
    for (let n = 0; n < 60; n++) {
      editDocument(random.chance(0.5) ? left : right, random)
      if (n % 20 < 19) continue
      // more than once: applying what others wrote cleans up format marks, which is a change of its own
      for (let round = 0; round < 3; round++) {
        merge(left, right)
        merge(right, left)
      }
    }
    const sums = [left, right].map((doc) => {
      const walk = digestOf(doc)
      let step = walk.next()
      while (step.done !== true) step = walk.next()
      return step.value
    })
    expect(sums[0], `seed ${seed}`).toEqual(laneBytes(workerDigestOf(left)))
    const same = isSameChecksum(sums[0] ?? new Uint8Array(), sums[1] ?? new Uint8Array(1))
    expect(same, `seed ${seed}`).toBe(true)
  }
})
