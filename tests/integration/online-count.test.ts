import { systemClock, type Authorize, type CollabServerOptions } from '@roomful/server'
import { afterEach, expect, test } from 'vitest'
import { connectStock } from '../support/stock-client.ts'
import { startServer, type LocalServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(options: Partial<CollabServerOptions> = {}): Promise<LocalServer> {
  const local = await startServer(options)
  cleanups.push(() => local.close())
  return local
}

function enter(local: LocalServer, room: string, id: string): void {
  const client = connectStock(local.wsUrl, room)
  cleanups.push(() => client.destroy())
  client.provider.awareness.setLocalStateField('user', { id, name: id, color: '#1c75d6' })
}

const online = (local: LocalServer, room: string, query = '', prefix = ''): Promise<Response> =>
  fetch(`${local.url}${prefix}/api/v1/rooms/${room}/online${query}`)
const count = async (local: LocalServer, room: string): Promise<unknown> => (await online(local, room)).json()

test('[U54] people are counted without a token, two tabs of one person once; an unknown room has nobody', async () => {
  const local = await serve()
  enter(local, 'lively', 'ada')
  enter(local, 'lively', 'ada')
  enter(local, 'lively', 'ben')
  await waitFor('two persons', async () => JSON.stringify(await count(local, 'lively')) === '{"online":2}')
  expect(await count(local, 'nobody-was-here')).toEqual({ online: 0 })
  const [plain, prefixed] = [await online(local, 'lively'), await online(local, 'lively', '', '/server')]
  expect(await prefixed.json()).toEqual(await plain.json())
  expect(plain.headers.get('cache-control')).toBe('no-store')
})

test('[I7] one who may not enter cannot tell a lively room from an absent one; the token is what the socket’s would be', async () => {
  const asked: string[] = []
  const authorize: Authorize = ({ room, token, request }) => {
    asked.push(`${request.method} ${room} ${token}`)
    return token === 'key' ? 'read' : 'none'
  }
  const local = await serve({ authorize })
  const client = connectStock(local.wsUrl, 'secret', { params: { token: 'key' } })
  cleanups.push(() => client.destroy())
  client.provider.awareness.setLocalStateField('user', { id: 'ada', name: 'Ada', color: '#1c75d6' })
  await waitFor('her to be seen', async () => {
    const response = await online(local, 'secret', '?token=key')
    return JSON.stringify(await response.json()) === '{"online":1}'
  })
  const [lively, absent] = [await online(local, 'secret'), await online(local, 'never-made')]
  expect([lively.status, absent.status]).toEqual([403, 403])
  expect(await lively.text()).toBe(await absent.text())
  expect(asked).toContain('GET never-made undefined')
})

test('[I6] an address that asks too often is told when to come back; a bad name is 400', async () => {
  // time stands still: a slow machine cannot spread the requests over two windows
  const local = await serve({ clock: { ...systemClock, now: () => 1_000_000 } })
  expect((await online(local, 'a%2Fb')).status).toBe(400)
  const statuses: number[] = []
  for (let batch = 0; batch < 8; batch++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => online(local, 'lobby')))
    statuses.push(...answers.map((answer) => answer.status))
  }
  expect(new Set(statuses)).toEqual(new Set([200]))
  const refused = await online(local, 'lobby')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})
