import { encodeSyncStatus, encodeUpdate } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { openRaw } from '../support/raw-socket.ts'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { nextTurn, waitFor } from '../support/wait.ts'

// What looks like an attack and is none: it must pass with the limits everybody has.

const ROOM = 'oddities'
const VISITORS = 1_500
/** Visitors at a time. */
const AT_A_TIME = 30
const PASTE_BYTES = 2_000_000

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function serve(): Promise<LocalServer> {
  const local = await startServer()
  cleanups.push(() => local.close())
  return local
}

function stock(local: LocalServer, doc = new Y.Doc()): StockClient {
  const client = connectStock(local.wsUrl, ROOM, { doc })
  cleanups.push(() => client.destroy())
  return client
}

function roomful(local: LocalServer, doc = new Y.Doc()): RoomfulClient {
  const client = connectRoomful(local.wsUrl, ROOM, { doc })
  cleanups.push(() => client.destroy())
  return client
}

const textOf = ({ doc }: { readonly doc: Y.Doc }): string => doc.getText('note').toJSON()

async function toBeAlike(clients: readonly { readonly doc: Y.Doc }[]): Promise<void> {
  await waitFor('all to show the same', () => new Set(clients.map(textOf)).size === 1)
}

/** Nobody was sent away for what they did. */
async function expectNobodyExpelled(local: LocalServer): Promise<void> {
  expect(await local.metric('roomful_closes_total{code="4400"}')).toBe(0)
  expect(await local.metric('roomful_closes_total{code="1008"}')).toBe(0)
  expect(await local.metric('roomful_callback_errors_total')).toBe(0)
}

test(`[I3] ${VISITORS} visitors who each say one thing and go: all of it is there, for those who stayed and for newcomers`, async () => {
  const local = await serve()
  const resident = stock(local)
  await waitFor('the resident', () => resident.provider.synced)
  const visit = async (index: number): Promise<void> => {
    const doc = new Y.Doc()
    doc.getArray('visits').push([index])
    const socket = await openRaw(`${local.wsUrl}/${ROOM}?v=1`)
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    socket.send(encodeSyncStatus(Uint8Array.of(1)))
    await socket.next('sync-status')
    socket.ws.terminate()
  }
  for (let from = 0; from < VISITORS; from += AT_A_TIME)
    await Promise.all(Array.from({ length: AT_A_TIME }, (_none, index) => visit(from + index)))
  const newcomer = stock(local)
  for (const { doc } of [resident, newcomer]) {
    await waitFor('all visits', () => doc.getArray('visits').length === VISITORS)
    expect(new Set(doc.getArray('visits').toJSON()).size).toBe(VISITORS)
  }
  await expectNobodyExpelled(local)
})

test('[I1] [I2] a copy that is a week old, with a week’s own edits, merges into a room that has moved on', async () => {
  const local = await serve()
  const traveller = stock(local)
  await waitFor('the traveller', () => traveller.provider.synced)
  traveller.doc.getText('note').insert(0, 'before the journey. ')
  const atHome = roomful(local)
  await waitFor('the first words', () => textOf(atHome) === 'before the journey. ')
  traveller.destroy()
  for (let day = 0; day < 400; day++) {
    const note = atHome.doc.getText('note')
    note.insert(note.length, `home ${day}, `)
    traveller.doc.getText('note').insert(0, `away ${day}, `)
    if (day % 7 === 6) note.delete(3, 5)
    if (day % 50 === 0) await nextTurn()
  }
  await waitFor('home to be stored', () => atHome.provider.pending === 0)
  // `destroy` ends the document, not its content
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(traveller.doc))
  const back = stock(local, copy)
  const newcomer = stock(local)
  await waitFor('all of both', () =>
    [back, atHome].every(
      (client) => textOf(client).includes('away 399') && textOf(client).includes('home 399'),
    ),
  )
  await toBeAlike([back, atHome, newcomer])
  await expectNobodyExpelled(local)
})

test(`[I6] a paste of ${PASTE_BYTES} letters is one keystroke like any other`, async () => {
  const local = await serve()
  const [writer, reader] = [roomful(local), stock(local)]
  await waitFor('both', () => writer.provider.synced && reader.provider.synced)
  writer.doc
    .getText('note')
    .insert(0, 'lorem ipsum '.repeat(Math.ceil(PASTE_BYTES / 12)).slice(0, PASTE_BYTES))
  writer.doc.getText('note').insert(0, 'typed behind it: ')
  await waitFor('the paste', () => textOf(reader).startsWith('typed behind it: '))
  await waitFor('it to be stored', () => writer.provider.pending === 0)
  await toBeAlike([writer, reader, stock(local)])
  expect(textOf(reader)).toHaveLength(PASTE_BYTES + 17)
  expect(writer.provider.connection).toBe('connected')
  await expectNobodyExpelled(local)
})

test('[I2] a client that carries changes whose cause nobody has stays, writes and reads; they show when the cause comes', async () => {
  const local = await serve()
  const lost = new Y.Doc()
  const steps: Uint8Array[] = []
  lost.on('update', (update: Uint8Array) => steps.push(update))
  lost.getText('note').insert(0, 'cause ')
  lost.getText('note').insert(6, 'effect ')
  const [cause, effect] = steps as [Uint8Array, Uint8Array]
  const carrier = stock(local)
  Y.applyUpdate(carrier.doc, effect)
  const witness = stock(local)
  await waitFor('both', () => carrier.provider.synced && witness.provider.synced)
  for (let round = 0; round < 5; round++) {
    carrier.doc.getText('note').insert(0, `carrier ${round} `)
    await waitFor('the carrier to be heard', () => textOf(witness).includes(`carrier ${round} `))
    witness.doc.getText('note').insert(0, `witness ${round} `)
    await waitFor('the witness to be heard', () => textOf(carrier).includes(`witness ${round} `))
    // it comes back with what it carries, each time
    carrier.cut()
    await waitFor('the carrier to be back', () => carrier.provider.wsconnected && carrier.provider.synced)
  }
  // asked for at each join, and not for ever
  const { received } = carrier.frames
  expect(received).toBeLessThan(200)
  expect(carrier.doc.store.pendingStructs).not.toBeNull()
  await expectNobodyExpelled(local)

  Y.applyUpdate(witness.doc, cause)
  const newcomer = stock(local)
  await waitFor('the effect', () =>
    [carrier, witness, newcomer].every((client) => textOf(client).includes('cause effect ')),
  )
  await toBeAlike([carrier, witness, newcomer])
})
