import { ROOTS } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { connectStock, type StockClient, type StockClientOptions } from '../support/stock-client.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const started: { stop(): unknown }[] = []

afterEach(async () => {
  for (const thing of started.splice(0).reverse()) await thing.stop()
})

async function serve(options: Parameters<typeof startServerProcess>[0] = {}): Promise<ServerProcess> {
  const server = await startServerProcess(options)
  started.push({ stop: () => server.kill('SIGKILL') })
  return server
}

function connect(server: ServerProcess, room: string, options?: StockClientOptions): StockClient {
  const client = connectStock(server.wsUrl, room, options)
  started.push({ stop: () => client.destroy() })
  return client
}

const text = (client: StockClient): string => client.doc.getText(ROOTS.note).toJSON()
const isSynced = (client: StockClient): Promise<void> => waitFor('a first sync', () => client.provider.synced)
const nameSeenBy = (client: StockClient, of: StockClient): unknown =>
  client.provider.awareness.getStates().get(of.doc.clientID)?.['name']

describe('stock y-websocket 3.1 clients', () => {
  test('[I2] two of them share edits both ways and a newcomer gets it all', async () => {
    const server = await serve()
    const [a, b] = [connect(server, 'lobby'), connect(server, 'lobby')]
    await Promise.all([isSynced(a), isSynced(b)])
    a.doc.getText(ROOTS.note).insert(0, 'from a. ')
    b.doc.getText(ROOTS.note).insert(0, 'from b. ')
    await waitFor('both texts in both copies', () => text(a).length === 16 && text(a) === text(b))
    const late = connect(server, 'lobby')
    await waitFor('the newcomer to have it', () => text(late) === text(a))
  })

  test('[I4] they see each other, and a clean leave at once', async () => {
    const server = await serve()
    const [a, b] = [connect(server, 'lobby'), connect(server, 'lobby')]
    a.provider.awareness.setLocalState({ name: 'a' })
    b.provider.awareness.setLocalState({ name: 'b' })
    await waitFor('each to see the other', () => nameSeenBy(a, b) === 'b' && nameSeenBy(b, a) === 'a')
    a.provider.destroy()
    await waitFor('a to be gone for b', () => nameSeenBy(b, a) === undefined)
  })

  test('[I4] a page re-created around the same clientID is visible at once', async () => {
    const server = await serve()
    const observer = connect(server, 'lobby')
    const before = connect(server, 'lobby')
    // a long life: its awareness clock is far ahead of a fresh page's
    for (let step = 0; step < 50; step++) before.provider.awareness.setLocalState({ name: 'before', step })
    await waitFor('the first page to be seen', () => nameSeenBy(observer, before) === 'before')
    const reborn = new Y.Doc()
    reborn.clientID = before.doc.clientID
    before.cut()
    before.provider.disconnect()
    const after = connect(server, 'lobby', { doc: reborn })
    after.provider.awareness.setLocalState({ name: 'after' })
    await waitFor('the new page to be seen', () => nameSeenBy(observer, after) === 'after')
    after.provider.awareness.setLocalState({ name: 'after, moved' })
    await waitFor('its next move to be seen', () => nameSeenBy(observer, after) === 'after, moved')
  })

  test('[I1] a server restart: they reconnect, and what was typed meanwhile is merged and kept', async () => {
    const dataDir = temporaryFolder()
    const first = await serve({ dataDir })
    const [a, b] = [connect(first, 'lobby'), connect(first, 'lobby')]
    await Promise.all([isSynced(a), isSynced(b)])
    a.doc.getText(ROOTS.note).insert(0, 'before ')
    await waitFor('b to have it', () => text(b) === 'before ')
    expect(await first.kill('SIGTERM')).toBe(0)
    a.doc.getText(ROOTS.note).insert(0, 'a offline ')
    b.doc.getText(ROOTS.note).insert(0, 'b offline ')
    await serve({ dataDir, port: first.port })
    await waitFor('both to be equal again', () => text(a) === text(b) && text(a).length === 27)
    expect(a.frames.opened).toBeGreaterThan(1)
  })

  test('[W29] a terminal close (4404) ends it: one closed event, no further attempt', async () => {
    const server = await serve({ env: { AUTH_ADMIN_TOKEN: 'admin-secret' } })
    const a = connect(server, 'doomed')
    const closed: { code: number; reason: string }[] = []
    a.provider.on('closed', (event) => closed.push(event))
    await isSynced(a)
    a.doc.getText(ROOTS.note).insert(0, 'kept by the client')
    const observer = connect(server, 'doomed')
    await waitFor('the text to be stored', () => text(observer) === 'kept by the client')
    const response = await fetch(`${server.url}/api/v1/rooms/doomed`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer admin-secret' },
    })
    expect(response.ok).toBe(true)
    await waitFor('the closed event', () => closed.length > 0)
    expect(closed).toEqual([{ code: 4404, reason: 'generation=1' }])
    expect(a.provider.shouldConnect).toBe(false)
    expect(text(a)).toBe('kept by the client')
  })

  test('[W26] a transient close (1012) is retried until the server is back', async () => {
    const dataDir = temporaryFolder()
    const first = await serve({ dataDir })
    const a = connect(first, 'lobby')
    const closes: (number | undefined)[] = []
    a.provider.on('connection-close', (event) => closes.push(event?.code))
    await isSynced(a)
    await first.kill('SIGTERM')
    await waitFor('the close', () => closes.length > 0)
    expect(closes[0]).toBe(1012)
    expect(a.provider.shouldConnect).toBe(true)
    await serve({ dataDir, port: first.port })
    await waitFor('it to be synced again', () => a.provider.synced)
  })
})
