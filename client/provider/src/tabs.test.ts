import { createUser, MESSAGE } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket as NodeWebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { startGreetingServer } from '../../../tests/support/greeting-server.ts'
import { nextTurn, waitFor } from '../../../tests/support/wait.ts'
import { presenceOf } from './presence-of.ts'
import type { RoomfulProviderOptions } from './provider-options.ts'
import { RoomfulProvider } from './roomful-provider.ts'

// ws speaks the browser's WebSocket interface as far as y-websocket uses it
const WebSocketPolyfill = NodeWebSocket as unknown as typeof WebSocket

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** A tab of this browser: BroadcastChannel is left on. */
function openTab(url: string, options: RoomfulProviderOptions = {}): RoomfulProvider {
  const provider = new RoomfulProvider(url, 'room', new Y.Doc(), { WebSocketPolyfill, ...options })
  cleanups.push(() => provider.destroy())
  presenceOf(provider)
  return provider
}

describe('tabs of one browser', () => {
  test('[U28] share edits and presence while the server is away', async () => {
    const one = openTab('ws://127.0.0.1:9', { user: createUser('ada', 'Ada', '#ca4459') })
    const two = openTab('ws://127.0.0.1:9', { user: createUser('bob', 'Bob', '#00855f') })
    one.doc.getText('note').insert(0, 'from one')
    await waitFor('the edit', () => two.doc.getText('note').toString() === 'from one')
    await waitFor(
      'each other',
      () => presenceOf(one).others.length === 1 && presenceOf(two).others.length === 1,
    )
    presenceOf(one).setPointer({ x: 0.5, y: 0.5 })
    await waitFor('the pointer', () => presenceOf(two).pointerOf(one.awareness.clientID)?.x === 0.5)
    // its own to send, and not durable anywhere
    expect(one.pending).toBe(1)
    expect(two.pending).toBe(0)
  })

  test('[I4] no storm: a change of one tab is one frame to the server, with a stock tab beside', async () => {
    const server = await startGreetingServer()
    cleanups.push(server.close)
    const one = openTab(server.url, { user: createUser('ada', 'Ada', '#ca4459') })
    const two = openTab(server.url, { user: createUser('bob', 'Bob', '#00855f') })
    await waitFor('both at the server', () => server.awareness.getStates().size === 2 && two.synced)
    await waitFor(
      'each other',
      () => presenceOf(one).others.length === 1 && presenceOf(two).others.length === 1,
    )
    const sent = (): number =>
      server.history.flatMap(({ received }) => received).filter((message) => message[0] === MESSAGE.awareness)
        .length
    const before = sent()
    for (let step = 1; step <= 20; step++) one.awareness.setLocalStateField('step', step)
    await waitFor(
      'the last step',
      () => two.awareness.getStates().get(one.awareness.clientID)?.['step'] === 20,
    )
    await waitFor('the frames', () => sent() >= before + 20)
    await nextTurn()
    expect(sent() - before).toBe(20)
    const stock = new WebsocketProvider(server.url, 'room', new Y.Doc(), { WebSocketPolyfill })
    cleanups.push(() => stock.destroy())
    await waitFor('the stock tab', () => stock.awareness.getStates().size === 3)
    one.awareness.setLocalStateField('step', 21)
    await waitFor(
      'the step at the stock tab',
      () => stock.awareness.getStates().get(one.awareness.clientID)?.['step'] === 21,
    )
    expect(one.awareness.getLocalState()?.['step']).toBe(21)
  })

  test('a tab of another generation hears nothing: a deleted room does not come back', async () => {
    const server = await startGreetingServer({ hello: { generation: 4 } })
    cleanups.push(server.close)
    const fresh = openTab(server.url)
    await waitFor('hello', () => fresh.hello !== undefined)
    const stale = openTab(server.url, { connect: false })
    stale.doc.getText('note').insert(0, 'of the deleted room')
    stale.connectBc()
    await nextTurn()
    expect(fresh.bcChannel).not.toBe(stale.bcChannel)
    expect(fresh.doc.getText('note').toString()).toBe('')
    const second = openTab(server.url)
    await waitFor('the same channel', () => second.bcChannel === fresh.bcChannel)
  })
})
