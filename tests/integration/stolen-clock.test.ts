import 'fake-indexeddb/auto'
import { listKeptAside, readKeptAside } from '@roomful/provider'
import { encodeUpdate, MESSAGE, SYNC } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import type { WebSocket as NodeWebSocket } from 'ws'
import * as Y from 'yjs'
import { FrameProxy } from '../support/frame-proxy.ts'
import { openRaw } from '../support/raw-socket.ts'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOM = 'stolen'
const STOLEN = 'roomful_updates_total{outcome="stolen"}'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const textOf = ({ doc }: RoomfulClient): string => doc.getText('note').toJSON()

async function serve(): Promise<LocalServer> {
  const local = await startServer()
  cleanups.push(() => local.close())
  return local
}

async function enter(local: Pick<LocalServer, 'wsUrl'>, persist = false): Promise<RoomfulClient> {
  const client = connectRoomful(local.wsUrl, ROOM, { persist })
  cleanups.push(() => client.destroy())
  await waitFor('the client to be synced', () => client.provider.synced)
  if (persist) await waitFor('its copy to be kept', () => client.provider.localCopy === 'kept')
  return client
}

/** What somebody sends who writes `text` as if they were this client, at its next clock. */
function forged({ doc }: RoomfulClient, text: string): Uint8Array {
  const forger = new Y.Doc()
  Y.applyUpdate(forger, Y.encodeStateAsUpdate(doc))
  forger.clientID = doc.clientID
  const before = Y.encodeStateVector(forger)
  forger.getText('note').insert(0, text)
  return encodeUpdate(Y.encodeStateAsUpdate(forger, before))
}

test('[W37] [I3] a thief writes in somebody’s name: the owner is told, keeps the own words aside and joins again as another', async () => {
  const local = await serve()
  const [owner, other] = [await enter(local, true), await enter(local)]
  const thief = await openRaw(`${local.wsUrl}/${ROOM}`)
  cleanups.push(() => thief.ws.terminate())
  owner.doc.getText('note').insert(0, 'hers. ')
  await waitFor('all to have it', () => textOf(other) === 'hers. ' && owner.provider.pending === 0)
  const socket = owner.provider.ws as unknown as NodeWebSocket
  // what the thief writes is on its way to her while she writes on
  socket.pause()
  thief.send(forged(owner, 'stolen '))
  await waitFor('the room to have it', () => textOf(other) === 'stolen hers. ')
  const told = new Promise<void>((resolve) => {
    owner.provider.once('diverged', resolve)
  })
  owner.doc.getText('note').insert(0, 'her own words ')
  await waitFor('it to be noticed', async () => (await local.metric(STOLEN)) === 1)
  socket.resume()
  await told
  expect(owner.provider.connection).toBe('closed')
  const kept = await listKeptAside(local.wsUrl, ROOM)
  const copies = await Promise.all(kept.map(readKeptAside))
  const texts = copies.map((copy) => {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, copy)
    return doc.getText('note').toJSON()
  })
  expect(texts).toContain('her own words hers. ')
  // a page made anew
  owner.destroy()
  const again = await enter(local, true)
  expect(again.doc.clientID).not.toBe(owner.doc.clientID)
  again.doc.getText('note').insert(0, 'once more: ')
  await waitFor(
    'both to show the same',
    () => textOf(again) === textOf(other) && textOf(other).startsWith('once more: '),
  )
  expect(other.provider.connection).toBe('connected')
})

test.each(['less', 'her own words!', 'much more than she wrote herself '])(
  '[W37] a thief writes while the owner is offline, and no clock of hers is news to the room: %j',
  async (words) => {
    const local = await serve()
    const [owner, other] = [await enter(local), await enter(local)]
    const thief = await openRaw(`${local.wsUrl}/${ROOM}`)
    cleanups.push(() => thief.ws.terminate())
    owner.doc.getText('note').insert(0, 'hers. ')
    await waitFor('all to have it', () => textOf(other) === 'hers. ' && owner.provider.pending === 0)
    const theft = forged(owner, words)
    owner.provider.disconnect()
    owner.doc.getText('note').insert(0, 'her own words ')
    thief.send(theft)
    await waitFor('the room to have it', () => textOf(other) === `${words}hers. `)
    const told = new Promise<void>((resolve) => {
      owner.provider.once('diverged', resolve)
    })
    owner.provider.connect()
    await told
    expect(await local.metric(STOLEN)).toBe(1)
    expect(owner.provider.connection).toBe('closed')
    expect(owner.provider.pending).not.toBe(0)
  },
)

test('[W37] a theft that makes the owner’s next words unacceptable closes nobody as malformed', async () => {
  const local = await serve()
  const [owner, other] = [await enter(local), await enter(local)]
  const thief = await openRaw(`${local.wsUrl}/${ROOM}`)
  cleanups.push(() => thief.ws.terminate())
  owner.doc.getText('note').insert(0, 'hers. ')
  await waitFor('all to have it', () => textOf(other) === 'hers. ' && owner.provider.pending === 0)
  const socket = owner.provider.ws as unknown as NodeWebSocket
  socket.pause()
  const forger = new Y.Doc()
  Y.applyUpdate(forger, Y.encodeStateAsUpdate(owner.doc))
  forger.clientID = owner.doc.clientID
  const before = Y.encodeStateVector(forger)
  forger.getMap('meta').set('title', 1)
  thief.send(encodeUpdate(Y.encodeStateAsUpdate(forger, before)))
  await waitFor('the room to have it', () => other.doc.getMap('meta').get('title') === 1)
  const told = new Promise<void>((resolve) => {
    owner.provider.once('diverged', resolve)
  })
  // in a room where the first of these units is a map's entry, more behind it would be one entry of several units
  owner.doc.getText('note').insert(6, 'more')
  await waitFor('it to be noticed', async () => (await local.metric(STOLEN)) === 1)
  owner.doc.getText('note').insert(10, ' words')
  socket.resume()
  await told
  expect(await local.metric('roomful_closes_total{code="4400"}')).toBe(0)
  expect(textOf(other)).toBe('hers. ')
})

test('[W37] what a lost receipt leaves unproved is said again, and agrees', async () => {
  const local = await serve()
  const proxy = await FrameProxy.start(local.url)
  cleanups.push(() => proxy.close())
  const [owner, other] = [await enter(proxy), await enter(local)]
  owner.doc.getText('note').insert(0, 'one. ')
  await waitFor('a receipt', () => owner.provider.pending === 0)
  proxy.fate = (frame, to) => (to === 'toClient' && frame[0] === MESSAGE.syncStatus ? undefined : frame)
  owner.doc.getText('note').insert(0, 'two 🙂. ')
  owner.doc.getText('note').delete(1, 1)
  await waitFor('it to arrive', () => textOf(other) === 'to 🙂. one. ')
  expect(owner.provider.pending).toBe(2)
  const said = new Promise<Uint8Array>((resolve) => {
    proxy.fate = (frame, to) => {
      if (to === 'toServer' && frame[0] === MESSAGE.sync && frame[1] === SYNC.step2)
        resolve(frame.subarray(3))
      return frame
    }
  })
  owner.cut()
  await waitFor('a receipt on another connection', () => owner.provider.pending === 0)
  const { structs } = Y.decodeUpdate(await said)
  // from where the last receipt speaks of, 5 units, and nothing of before
  expect(structs[0]?.id).toEqual({ client: owner.doc.clientID, clock: 5 })
  expect(await local.metric(STOLEN)).toBe(0)
  expect(owner.provider.connection).toBe('connected')
  expect(textOf(owner)).toBe(textOf(other))
})

test('[W37] honest clients are told nothing: what a sibling relayed comes again from its owner', async () => {
  const local = await serve()
  const [owner, sibling] = [await enter(local), await enter(local)]
  const socket = owner.provider.ws as unknown as NodeWebSocket
  const updates: Uint8Array[] = []
  owner.doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === null) updates.push(update)
  })
  const raw = await openRaw(`${local.wsUrl}/${ROOM}`)
  cleanups.push(() => raw.ws.terminate())
  for (const word of ['one ', 'two 🙂 ', 'three ']) owner.doc.getText('note').insert(0, word)
  await waitFor('it to arrive', () => textOf(sibling) === textOf(owner))
  // everything once more, merged, from two sides
  raw.send(encodeUpdate(Y.mergeUpdates(updates)))
  socket.send(encodeUpdate(Y.mergeUpdates(updates)))
  owner.doc.getText('note').insert(0, 'on ')
  await waitFor('it to go on', () => textOf(sibling).startsWith('on ') && owner.provider.pending === 0)
  expect(await local.metric(STOLEN)).toBe(0)
  expect(owner.provider.connection).toBe('connected')
})
