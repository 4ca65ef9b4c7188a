import 'fake-indexeddb/auto'
import { listKeptAside, readKeptAside } from '@roomful/provider'
import { encodeUpdate } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import type { WebSocket as NodeWebSocket } from 'ws'
import * as Y from 'yjs'
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

async function enter(local: LocalServer, persist = false): Promise<RoomfulClient> {
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
