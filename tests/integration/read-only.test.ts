import { Chat, presenceOf, type RoomfulProviderOptions } from '@roomful/provider'
import { createJwtAuthorizer, type Access, type CollabServerOptions } from '@roomful/server'
import { createUser, roomDoc } from '@roomful/shared'
import { afterEach, expect, test } from 'vitest'
import type * as Y from 'yjs'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { createToken, SECRET } from '../support/tokens.ts'
import { nextTurn, waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(options: Partial<CollabServerOptions>): Promise<LocalServer> {
  const local = await startServer(options)
  cleanups.push(() => local.close())
  return local
}

/** A server on which a token is a name, and names may do what stands here. */
async function serveNames(
  access: Map<string, Access>,
): Promise<{ readonly local: LocalServer; allow(name: string, given: Access): Promise<void> }> {
  const local = await serve({
    authorize: ({ token = '' }) => {
      const given = access.get(token) ?? 'none'
      return given === 'none' ? given : { access: given, user: { id: token } }
    },
  })
  return {
    local,
    async allow(name, given) {
      access.set(name, given)
      await local.server.reauthorize({ userId: name })
    },
  }
}

function join(local: LocalServer, options: RoomfulProviderOptions): RoomfulClient {
  const client = connectRoomful(local.wsUrl, 'room', { random: () => 0.1, ...options })
  cleanups.push(client.destroy)
  return client
}

function joinStock(local: LocalServer, token: string): StockClient {
  const client = connectStock(local.wsUrl, 'room', { params: { token } })
  cleanups.push(client.destroy)
  return client
}

const note = (doc: Y.Doc): Y.Text => roomDoc(doc).note
const noteOf = ({ doc }: { readonly doc: Y.Doc }): string => note(doc).toJSON()
const permission = (client: RoomfulClient): unknown => client.provider.connectionDetail.permission
const synced = (client: RoomfulClient): Promise<void> => waitFor('sync', () => client.provider.synced)

test('[W27] [W34] [U29] who may only read for a while loses nothing: it is pending, and arrives when they may write', async () => {
  const { local, allow } = await serveNames(
    new Map([
      ['ada', 'write'],
      ['bob', 'write'],
    ]),
  )
  const [ada, bob] = [join(local, { token: 'ada' }), join(local, { token: 'bob' })]
  await synced(ada)
  await synced(bob)
  note(ada.doc).insert(0, 'before ')
  await waitFor('a shared beginning', () => noteOf(bob) === 'before ' && ada.provider.pending === 0)
  const drops: unknown[] = []
  ada.provider.on('connection-close', (event) => drops.push(event))

  await allow('ada', 'read')
  await waitFor('the news', () => permission(ada) === 'read')
  note(ada.doc).insert(7, 'meanwhile ')
  note(bob.doc).insert(7, 'bob ')
  await waitFor('what others write', () => noteOf(ada).includes('bob'))
  await nextTurn()
  expect(ada.provider.pending).toBe(1)
  expect(noteOf(bob)).toBe('before bob ')

  await allow('ada', 'write')
  await waitFor('what was kept', () => noteOf(bob).includes('meanwhile') && ada.provider.pending === 0)
  expect(permission(ada)).toBe('write')
  expect(noteOf(bob)).toBe(noteOf(ada))
  note(ada.doc).insert(0, 'after ')
  await waitFor('and life goes on', () => noteOf(bob).startsWith('after') && ada.provider.pending === 0)
  expect(drops).toEqual([])
})

test('[W27] [U29] edits made offline while write access was taken away wait for its return', async () => {
  const { local, allow } = await serveNames(
    new Map([
      ['ada', 'write'],
      ['bob', 'write'],
    ]),
  )
  const [ada, bob] = [join(local, { token: 'ada' }), join(local, { token: 'bob' })]
  await synced(ada)
  await synced(bob)
  ada.provider.disconnect()
  note(ada.doc).insert(0, 'offline')
  await allow('ada', 'read')
  ada.provider.connect()
  await waitFor('being back as a reader', () => ada.provider.synced && permission(ada) === 'read')
  await nextTurn()
  expect([ada.provider.pending, noteOf(bob)]).toEqual([1, ''])
  await allow('ada', 'write')
  await waitFor('what was kept', () => noteOf(bob) === 'offline' && ada.provider.pending === 0)
})

test('[W27] [U29] a reader’s deletions are kept as pending too, and what all readers send at a join is not', async () => {
  const { local, allow } = await serveNames(
    new Map([
      ['ada', 'read'],
      ['bob', 'write'],
    ]),
  )
  const bob = join(local, { token: 'bob' })
  await synced(bob)
  note(bob.doc).insert(0, 'one two three')
  note(bob.doc).delete(0, 4)
  const ada = join(local, { token: 'ada' })
  await waitFor('the note', () => noteOf(ada) === 'two three')
  // a second answer brings the whole delete set: nothing in it is hers
  ada.cut()
  await waitFor('being back', () => ada.provider.synced && ada.provider.pending === 0)
  note(ada.doc).delete(0, 4)
  await nextTurn()
  ada.cut()
  await waitFor('being back', () => ada.provider.synced)
  await nextTurn()
  expect([ada.provider.pending, noteOf(bob)]).toEqual([1, 'two three'])
  await allow('ada', 'write')
  await waitFor('the deletion', () => noteOf(bob) === 'three' && ada.provider.pending === 0)
})

test('[W27] [W34] a stock client that may write again is asked for what was dropped', async () => {
  const { local, allow } = await serveNames(
    new Map([
      ['ada', 'read'],
      ['bob', 'write'],
    ]),
  )
  const bob = join(local, { token: 'bob' })
  await synced(bob)
  const ada = joinStock(local, 'ada')
  await waitFor('sync', () => ada.provider.synced)
  note(ada.doc).insert(0, 'from a stock client')
  await waitFor(
    'the refusal',
    async () => (await local.metric('roomful_refused_total{reason="read-only"}')) > 0,
  )
  expect(noteOf(bob)).toBe('')
  await allow('ada', 'write')
  await waitFor('what was kept', () => noteOf(bob) === 'from a stock client')
})

test('[W27] who may only read is seen, and points', async () => {
  const { local } = await serveNames(
    new Map([
      ['ada', 'read'],
      ['bob', 'write'],
    ]),
  )
  const bob = join(local, { token: 'bob', user: createUser('bob', 'Bob', '#00855f') })
  const ada = join(local, { token: 'ada', user: createUser('x', 'Ada', '#ca4459') })
  await synced(ada)
  presenceOf(ada.provider).setPointer({ x: 0.25, y: 0.5 })
  await waitFor('the pointer', () => presenceOf(bob.provider).pointerOf(ada.doc.clientID)?.x === 0.25)
  expect(presenceOf(bob.provider).others).toMatchObject([{ id: 'ada', user: { name: 'Ada' } }])
})

test('[W34] [U32] a token that runs out ends the connection for good, and is tried once', async () => {
  const local = await serve({ authorize: createJwtAuthorizer({ secret: SECRET }) })
  const ada = join(local, { token: await createToken({ lifetimeS: 2 }) })
  await synced(ada)
  const accepted = await local.metric('roomful_connections_total')
  await waitFor('the end', () => ada.provider.connection === 'closed')
  expect(ada.provider.connectionDetail.closedReason).toMatchObject({ code: 4401 })
  await nextTurn()
  expect(await local.metric('roomful_connections_total')).toBe(accepted)
})

test('[W34] a token function is asked for a new token when the old one runs out, and nobody notices', async () => {
  const local = await serve({ authorize: createJwtAuthorizer({ secret: SECRET }) })
  let asked = 0
  const ada = join(local, { token: () => createToken({ lifetimeS: asked++ === 0 ? 2 : 60 }) })
  await synced(ada)
  const states: unknown[] = []
  ada.provider.on('connection', (state) => states.push(state))
  await waitFor('the second token', () => asked === 2 && ada.provider.connection === 'connected')
  expect(states).not.toContain('closed')
  note(ada.doc).insert(0, 'still here')
  await waitFor('and it counts', () => ada.provider.pending === 0)
})

test('[W28] [U32] a token function whose token is refused at the door is asked once', async () => {
  const local = await serve({ authorize: createJwtAuthorizer({ secret: SECRET }) })
  let asked = 0
  const ada = join(local, { token: () => `nonsense-${asked++}` })
  await waitFor('the refusal', () => ada.provider.connection === 'closed')
  await nextTurn()
  expect([asked, ada.provider.connectionDetail.closedReason?.code]).toEqual([1, 4401])
})

test('[W38] tabs of one browser talk to each other only where they are the same person', async () => {
  const { local } = await serveNames(
    new Map([
      ['ada', 'write'],
      ['bob', 'write'],
    ]),
  )
  const [ada, again, bob] = ['ada', 'ada', 'bob'].map((token) => join(local, { token, disableBc: false }))
  if (ada === undefined || again === undefined || bob === undefined) throw new Error('three tabs')
  for (const client of [ada, again, bob]) await synced(client)
  expect(again.provider.bcChannel).toBe(ada.provider.bcChannel)
  expect(bob.provider.bcChannel).not.toBe(ada.provider.bcChannel)
})

test('[W12] [W33] a client is who the server says: in presence, in chat, and whatever it calls itself', async () => {
  const local = await serve({ authorize: createJwtAuthorizer({ secret: SECRET }) })
  const ada = join(local, {
    token: await createToken({ sub: 'ada', name: 'Ada', color: '#ca4459' }),
    user: createUser('self-made', 'Queen', '#00855f'),
  })
  await synced(ada)
  const presence = presenceOf(ada.provider)
  expect(presence.self?.user).toMatchObject({ id: 'ada', name: 'Ada', color: '#ca4459' })
  presence.setUser({ id: 'bob', name: 'Bob' })
  expect(presence.self?.user).toMatchObject({ id: 'ada', name: 'Ada' })
  expect(presence.verified).toEqual({ id: 'ada', name: 'Ada', color: '#ca4459' })
  expect(new Chat(ada.provider).send('hello')).toMatchObject({ userId: 'ada', name: 'Ada' })
})
