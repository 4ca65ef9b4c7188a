import { describe, expect, test } from 'vitest'
import { connectStock, type StockClient } from '../support/stock-client.ts'
import { startServerProcess } from '../support/test-server.ts'
import { idleFor, waitFor } from '../support/wait.ts'

const isSynced = (client: StockClient): Promise<void> => waitFor('a first sync', () => client.provider.synced)
const nameSeenBy = (client: StockClient, of: StockClient): unknown =>
  client.provider.awareness.getStates().get(of.doc.clientID)?.['name']

describe.concurrent('stock clients over time', () => {
  test('[W6] alone and idle for 70 s it keeps its one connection', async () => {
    const server = await startServerProcess({})
    const client = connectStock(server.wsUrl, 'quiet')
    try {
      await isSynced(client)
      await idleFor(70_000)
      expect(client.provider.wsconnected).toBe(true)
      expect(client.frames.opened).toBe(1)
    } finally {
      client.destroy()
      await server.kill('SIGKILL')
    }
  })

  test('[I4] two tabs of one browser, BroadcastChannel on, a reconnect between: under 20 frames/s idle', async () => {
    const server = await startServerProcess({})
    const tabs = [0, 1].map(() => connectStock(server.wsUrl, 'tabs', { broadcastChannel: true }))
    const observer = connectStock(server.wsUrl, 'tabs')
    const [a, b] = tabs as [StockClient, StockClient]
    const clients = [...tabs, observer]
    try {
      a.provider.awareness.setLocalState({ name: 'a' })
      b.provider.awareness.setLocalState({ name: 'b' })
      await Promise.all(clients.map(isSynced))
      await waitFor('the tabs to see each other', () => nameSeenBy(a, b) === 'b' && nameSeenBy(b, a) === 'a')
      a.cut()
      await waitFor('the first tab to be back', () => a.frames.opened === 2 && a.provider.synced)
      a.provider.awareness.setLocalState({ name: 'a again' })
      await waitFor('the observer to see it', () => nameSeenBy(observer, a) === 'a again')
      const total = (): number => clients.reduce((sum, c) => sum + c.frames.sent + c.frames.received, 0)
      const before = total()
      const seconds = 20
      await idleFor(seconds * 1_000)
      expect((total() - before) / seconds).toBeLessThan(20)
      expect(nameSeenBy(b, a)).toBe('a again')
      expect(nameSeenBy(observer, b)).toBe('b')
    } finally {
      clients.forEach((client) => client.destroy())
      await server.kill('SIGKILL')
    }
  })
})
