import { adoptProvider, openRoom } from '@roomful/react'
import { createUser } from '@roomful/shared'
import { WebSocket as NodeWebSocket } from 'ws'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualClientClock } from '../support/client-clock.ts'
import { connectRoomful } from '../support/roomful-client.ts'
import { connectStock } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
let server: LocalServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await server.close()
})

const ada = createUser('ada', 'Ada', '#1c75d6')
const bob = createUser('bob', 'Bob', '#ca4459')

test('chat, cards and note of a stock provider’s room are everybody’s', async () => {
  const stock = connectStock(server.wsUrl, 'shared')
  cleanups.push(() => stock.destroy())
  const room = adoptProvider(stock.provider, { identity: { user: ada } })
  cleanups.push(() => room.close())
  const other = connectRoomful(server.wsUrl, 'shared', { user: bob })
  cleanups.push(() => other.destroy())
  room.chat.send('hello')
  room.cards.create({ x: 10, y: 20, text: 'Ship it' })
  room.note.text.insert(0, 'noted')
  const copy = adoptProvider(other.provider)
  cleanups.push(() => copy.close())
  await waitFor('all three', () => copy.chat.messages.length + copy.cards.byId.size === 2)
  await waitFor('the note', () => copy.note.text.toJSON() === 'noted')
  expect(copy.chat.messages[0]).toMatchObject({ userId: 'ada', text: 'hello' })
  expect(copy.cards.ordered[0]?.text.toJSON()).toBe('Ship it')
})

test('[U57] [U25] against a server: who was here is not news, who comes and goes is, once for two tabs', async () => {
  const early = connectStock(server.wsUrl, 'activity')
  cleanups.push(() => early.destroy())
  early.provider.awareness.setLocalStateField('user', bob)
  await waitFor('Bob to be in', () => early.provider.synced)
  const clock = new ManualClientClock(Date.now())
  // ws speaks the browser's WebSocket interface as far as y-websocket uses it
  const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket
  const options = { WebSocketPolyfill, disableBc: true, persist: false, user: ada, clock }
  const room = openRoom({ serverUrl: server.wsUrl, room: 'activity', options })
  cleanups.push(() => room.close())
  await waitFor('the first receipt', () => room.link.isSynced && room.link.isAnswered)
  expect(room.presence.others.map((person) => person.id)).toEqual(['bob'])
  clock.advance(1_000)
  const tabs = [1, 2].map(() =>
    connectRoomful(server.wsUrl, 'activity', { user: createUser('eve', 'Eve', '#438300') }),
  )
  await waitFor('Eve in two tabs', () => room.presence.connections.length === 3)
  for (const tab of tabs) tab.destroy()
  await waitFor('Eve to be gone', () => room.presence.connections.length === 1)
  clock.advance(3_000)
  expect(room.activity.entries.map(({ kind, user }) => `${user.name} ${kind}`)).toEqual([
    'Eve joined',
    'Eve left',
  ])
  const [joined, left] = room.activity.entries
  expect(left?.at).toBeGreaterThanOrEqual(joined?.at ?? Infinity)
})
