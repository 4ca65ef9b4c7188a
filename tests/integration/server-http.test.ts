import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, get as httpGet, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { encodeUpdate } from '@roomful/shared'
import {
  createCollabServer,
  createMemoryLog,
  LogError,
  type CollabServerOptions,
  type LogBackend,
} from '@roomful/server'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { askUpgrade, openRaw, type RawSocket } from '../support/raw-socket.ts'
import { readMetric, startServer, temporaryFolder, type LocalServer } from '../support/test-server.ts'
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

async function enter(local: LocalServer, room: string): Promise<RawSocket> {
  const socket = await openRaw(`${local.wsUrl}/${room}`)
  cleanups.push(() => socket.ws.terminate())
  await socket.next('sync-step1')
  return socket
}

const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers, redirect: 'manual' })
const admin = { authorization: 'Bearer secret' }
const refused = (local: LocalServer, reason: string): Promise<number> =>
  local.metric(`roomful_refused_total{reason="${reason}"}`)

/** Puts a note into a room. */
async function write(local: LocalServer, room: string): Promise<RawSocket> {
  const socket = await enter(local, room)
  const doc = new Y.Doc()
  doc.getText('note').insert(0, 'note')
  socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
  socket.send([102, 1, 1])
  await socket.next('sync-status')
  return socket
}

describe('every route answers under /server too', () => {
  test.each([
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/v1/rooms',
    '/api/v1/rooms/lobby',
    '/ws/lobby',
    '/api/v1/none',
  ])('[W16] %s', async (path) => {
    const local = await serve({ adminToken: 'secret' })
    const [plain, prefixed] = [
      await get(local.url + path, admin),
      await get(`${local.url}/server${path}`, admin),
    ]
    expect(prefixed.status).toBe(plain.status)
    expect(prefixed.headers.get('content-type')).toBe(plain.headers.get('content-type'))
    if (path !== '/metrics') expect(await prefixed.text()).toBe(await plain.text())
  })

  test('[W16] rooms: the same room behind both addresses', async () => {
    const local = await serve()
    const [plain, prefixed] = [
      await openRaw(`${local.wsUrl}/lobby`),
      await openRaw(`${local.url.replace('http', 'ws')}/server/ws/lobby`),
    ]
    cleanups.push(() => [plain, prefixed].forEach((socket) => socket.ws.terminate()))
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'x')
    plain.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    await prefixed.next('update')
  })
})

describe('health', () => {
  test('ready spells out storage, durability, Redis and access', async () => {
    const local = await serve({ storageKind: 'memory', instanceId: 'i1' })
    const response = await get(`${local.url}/readyz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      ready: true,
      draining: false,
      storage: { kind: 'memory', state: 'ok' },
      durability: 'none',
      redis: 'off',
      auth: 'open',
      instanceId: 'i1',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    expect(await (await get(`${local.url}/healthz`)).json()).toEqual({ status: 'ok', instanceId: 'i1' })
  })

  test('[I9] not ready while the log cannot be read', async () => {
    const log = createMemoryLog()
    let isBroken = false
    const backend: LogBackend = {
      durability: log.durability,
      open: (room, sink) => log.open(room, sink),
      delete: (room, stateVector) => log.delete(room, stateVector),
      close: () => log.close(),
      async *rooms(after) {
        if (isBroken) throw new Error('disk gone')
        yield* log.rooms(after)
      },
    }
    const local = await serve({ backend })
    expect((await get(`${local.url}/readyz`)).status).toBe(200)
    isBroken = true
    const response = await get(`${local.url}/readyz`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ ready: false, storage: { state: 'failing' } })
    expect((await get(`${local.url}/healthz`)).status).toBe(200)
  })

  test('[W26] not ready while draining, and upgrades are refused with 503', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const log = createMemoryLog()
    const backend: LogBackend = {
      durability: log.durability,
      delete: (room, stateVector) => log.delete(room, stateVector),
      rooms: (after) => log.rooms(after),
      close: () => log.close(),
      async open(room, sink) {
        const opened = await log.open(room, sink)
        return {
          head: opened.head,
          read: (after) => opened.read(after),
          broadcastAwareness: (bytes, isSaidOnce) => opened.broadcastAwareness(bytes, isSaidOnce),
          compact: (snapshot, fence) => opened.compact(snapshot, fence),
          leave: () => opened.leave(),
          // a slow disk: the drain has something to wait for
          append: (update, meta) => held.then(() => opened.append(update, meta)),
        }
      },
    }
    const local = await serve({ backend })
    const socket = await enter(local, 'lobby')
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'slow')
    socket.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    await waitFor(
      'the update to be admitted',
      async () => (await local.metric('roomful_updates_total{outcome="appended"}')) === 1,
    )
    const closed = local.server.close()
    const response = await get(`${local.url}/readyz`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ ready: false, draining: true })
    const upgrade = await askUpgrade(local.url, '/ws/lobby')
    expect([upgrade.status, upgrade.headers['retry-after']]).toEqual([503, '5'])
    release()
    await closed
    await socket.closing()
  })

  test('metrics: rooms, connections, and every refusal from the start', async () => {
    const local = await serve()
    await enter(local, 'a')
    await enter(local, 'b')
    const text = await (await get(`${local.url}/metrics`)).text()
    expect(text).toMatch(/^roomful_rooms 2$/m)
    expect(text).toMatch(/^roomful_connections 2$/m)
    for (const reason of [
      'malformed',
      'text-frame',
      'frame-too-large',
      'room-name',
      'origin',
      'unknown-type',
    ])
      expect(text).toContain(`roomful_refused_total{reason="${reason}"} 0`)
  })

  test('two servers in one process count for themselves', async () => {
    const [a, b] = [await serve(), await serve()]
    await enter(a, 'lobby')
    expect([await a.metric('roomful_connections'), await b.metric('roomful_connections')]).toEqual([1, 0])
  })
})

describe('the upgrade', () => {
  test.each([
    '/ws',
    '/ws/',
    '/ws/a/b',
    '/ws/%2e%2e',
    '/ws/a%2Fb',
    '/ws/%zz',
    `/ws/${'a'.repeat(129)}`,
    '/server/ws/',
  ])('[W15] %s: 400 that says what a room name is', async (path) => {
    const local = await serve()
    const answer = await askUpgrade(local.url, path)
    expect(answer.status).toBe(400)
    expect(answer.body).toContain('1-128 characters')
    expect(answer.headers['connection']).toBe('close')
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length)
    expect(await refused(local, 'room-name')).toBe(1)
  })

  test('[W16] another path: 404', async () => {
    const local = await serve()
    expect((await askUpgrade(local.url, '/socket.io/')).status).toBe(404)
    expect(await refused(local, 'path')).toBe(1)
  })

  test('[W11] a malformed parameter of an extended client: 400, of a stock client: ignored', async () => {
    const local = await serve()
    expect((await askUpgrade(local.url, `/ws/lobby?v=1&key=${'k'.repeat(65)}`)).status).toBe(400)
    expect((await askUpgrade(local.url, '/ws/lobby?v=1&gen=x')).status).toBe(400)
    expect((await askUpgrade(local.url, '/ws/lobby?gen=x')).status).toBe(101)
    expect(await refused(local, 'parameter')).toBe(2)
  })

  test('[W18] a handshake that is none: 400', async () => {
    const local = await serve()
    expect((await askUpgrade(local.url, '/ws/lobby', { 'Sec-WebSocket-Key': 'short' })).status).toBe(400)
    expect((await askUpgrade(local.url, '/ws/lobby', { 'Sec-WebSocket-Version': '7' })).status).toBe(400)
    expect(await refused(local, 'handshake')).toBe(2)
  })

  test('[W17] a page of another origin: 403; the own one, a listed one and no browser: accepted', async () => {
    const own = await serve()
    const ask = async (local: LocalServer, origin?: string): Promise<number> =>
      (await askUpgrade(local.url, '/ws/lobby', origin === undefined ? {} : { Origin: origin })).status
    expect(await ask(own, 'https://evil.example')).toBe(403)
    expect(await ask(own, 'null')).toBe(403)
    expect(await ask(own, own.url)).toBe(101)
    expect(await ask(own)).toBe(101)
    expect(await refused(own, 'origin')).toBe(2)
    const listed = await serve({
      allowedOrigins: { kind: 'list', origins: new Set(['https://app.example']) },
    })
    expect(await ask(listed, 'https://app.example')).toBe(101)
    expect(await ask(listed, listed.url)).toBe(403)
  })

  test('[W18] [I6] [limit:connections] [limit:connectionsPerAddress] too many from one address: 429; too many at all: 503; a place that is free again is given', async () => {
    const local = await serve({ limits: { connections: 3, connectionsPerAddress: 2 } })
    const [first] = [await enter(local, 'a'), await enter(local, 'a')]
    const many = await askUpgrade(local.url, '/ws/a')
    expect([many.status, many.headers['retry-after']]).toEqual([429, '5'])
    const third = await openRaw(`${local.wsUrl}/a`, { headers: { 'X-Forwarded-For': '203.0.113.7' } })
    cleanups.push(() => third.ws.terminate())
    expect((await askUpgrade(local.url, '/ws/a', { 'X-Forwarded-For': '203.0.113.8' })).status).toBe(503)
    expect([await refused(local, 'address-limit'), await refused(local, 'connection-limit')]).toEqual([1, 1])
    first?.close()
    await waitFor('the place to be free', async () => (await local.metric('roomful_connections')) === 2)
    expect((await askUpgrade(local.url, '/ws/a')).status).toBe(101)
  })

  test('a room asked for over plain HTTP: 426 that names the cause', async () => {
    const local = await serve()
    const response = await get(`${local.url}/ws/lobby`)
    expect(response.status).toBe(426)
    expect(await response.text()).toContain('Upgrade header')
  })
})

describe('REST', () => {
  test('[I7] without the admin token: 401, with a wrong one: 403, on a server without one: 403', async () => {
    const local = await serve({ adminToken: 'secret' })
    for (const path of ['/api/v1/rooms', '/api/v1/rooms/lobby', '/server/api/v1/rooms']) {
      const none = await get(local.url + path)
      expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="roomful"'])
      expect((await get(local.url + path, { authorization: 'Basic c2VjcmV0' })).status).toBe(401)
      expect((await get(local.url + path, { authorization: 'Bearer wrong' })).status).toBe(403)
    }
    expect((await fetch(`${local.url}/api/v1/rooms/lobby`, { method: 'DELETE' })).status).toBe(401)
    const without = await serve()
    const off = await get(`${without.url}/api/v1/rooms`, admin)
    expect([off.status, await off.text()]).toEqual([403, expect.stringContaining('AUTH_ADMIN_TOKEN')])
  })

  test('rooms are listed in name order, page by page', async () => {
    const local = await serve({ adminToken: 'secret' })
    for (const room of ['c', 'a', 'b']) await write(local, room)
    const list = async (query: string): Promise<{ rooms: { room: string }[]; next: string | null }> =>
      (await get(`${local.url}/api/v1/rooms${query}`, admin)).json() as Promise<{
        rooms: { room: string }[]
        next: string | null
      }>
    const all = await list('')
    expect(all.rooms.map((room) => room.room)).toEqual(['a', 'b', 'c'])
    expect(all.next).toBeNull()
    const first = await list('?limit=2')
    expect([first.rooms.length, first.next]).toEqual([2, 'b'])
    expect((await list(`?limit=2&after=${first.next}`)).rooms.map((room) => room.room)).toEqual(['c'])
    for (const query of ['?limit=0', '?limit=x', '?limit=1001', '?after=a/b'])
      expect((await get(`${local.url}/api/v1/rooms${query}`, admin)).status, query).toBe(400)
  })

  test('one room, as it is stored and as it is open; 404 where there is none', async () => {
    const local = await serve({ adminToken: 'secret' })
    await write(local, 'lobby')
    const response = await get(`${local.url}/api/v1/rooms/lobby`, admin)
    expect(await response.json()).toMatchObject({
      room: 'lobby',
      generation: 0,
      members: 1,
      entries: 1,
      title: null,
    })
    expect((await get(`${local.url}/api/v1/rooms/none`, admin)).status).toBe(404)
    expect((await get(`${local.url}/api/v1/rooms/a%2Fb`, admin)).status).toBe(400)
  })

  test('[I9] storage that is away: 503 that says so, not 500', async () => {
    const log = createMemoryLog()
    const backend: LogBackend = {
      durability: log.durability,
      open: (room, sink) => log.open(room, sink),
      delete: (room, stateVector) => log.delete(room, stateVector),
      close: () => log.close(),
      rooms: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new LogError('unavailable', 'the disk fails')),
        }),
      }),
    }
    const local = await serve({ backend, adminToken: 'secret' })
    const response = await get(`${local.url}/api/v1/rooms`, admin)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toEqual({ error: { code: 'unavailable', message: 'the disk fails' } })
  })

  test('a deleted room is gone, its next life is empty', async () => {
    const local = await serve({ adminToken: 'secret' })
    await write(local, 'lobby')
    const remove = (): Promise<Response> =>
      fetch(`${local.url}/server/api/v1/rooms/lobby`, { method: 'DELETE', headers: admin })
    expect((await remove()).status).toBe(204)
    expect((await get(`${local.url}/api/v1/rooms/lobby`, admin)).status).toBe(404)
    expect((await remove()).status).toBe(404)
    const newcomer = await enter(local, 'lobby')
    expect(newcomer.messages[0]).toEqual({ type: 'sync-step1', stateVector: Uint8Array.of(0) })
  })
})

describe('the web app', () => {
  function build(): string {
    const dist = temporaryFolder()
    mkdirSync(join(dist, 'assets'))
    writeFileSync(
      join(dist, 'index.html'),
      '<!doctype html><title>Roomful</title><script src="/assets/a-1.js"></script>',
    )
    writeFileSync(join(dist, 'assets', 'a-1.js'), 'export {}')
    writeFileSync(join(dist, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    writeFileSync(join(dist, '.secret'), 'hidden')
    return dist
  }

  test('/ and unknown paths lead to the lobby, files that are missing are 404', async () => {
    const local = await serve({ staticDir: build() })
    for (const path of ['/', '/index.html', '/some/where', '/rooms']) {
      const response = await get(local.url + path)
      expect([response.status, response.headers.get('location')], path).toEqual([302, '/rooms/lobby'])
    }
    for (const path of ['/assets/gone.js', '/.secret.txt', '/..%2Fpackage.json', '/%2e%2e%2fpackage.json'])
      expect((await get(local.url + path)).status, path).toBe(404)
    expect((await get(`${local.url}/.secret`)).status).toBe(404)
    const asked = { 'sec-fetch-mode': 'no-cors' }
    // fetch sets that header itself
    const script = await new Promise<number | undefined>((resolve) => {
      httpGet(`${local.url}/missing`, { headers: asked }, (response) => resolve(response.resume().statusCode))
    })
    expect(script).toBe(404)
  })

  test('a room is the page, revalidated; another spelling of it leads there', async () => {
    const local = await serve({ staticDir: build() })
    const page = await get(`${local.url}/rooms/design-review`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>Roomful</title>')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    const spelled = await get(`${local.url}/rooms/Design%20Review?x=1`)
    expect([spelled.status, spelled.headers.get('location')]).toEqual([302, '/rooms/design-review?x=1'])
  })

  test('[U37] a name that no room can have leads to no other room: the page says so', async () => {
    const local = await serve({ staticDir: build() })
    for (const name of ['日本-Review', 'план', '!!!', 'party 🎉']) {
      const response = await get(`${local.url}/rooms/${encodeURIComponent(name)}`)
      expect([name, response.status]).toEqual([name, 200])
      expect(await response.text()).toContain('<title>Roomful</title>')
    }
    // a percent sign that stands for itself, as in the page
    const percent = await get(`${local.url}/rooms/%ff`)
    expect([percent.status, percent.headers.get('location')]).toEqual([302, '/rooms/ff'])
  })

  test('hashed files are kept for ever, others revalidated, dot files not served', async () => {
    const local = await serve({ staticDir: build() })
    const hashed = await get(`${local.url}/assets/a-1.js`)
    expect([hashed.status, hashed.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    expect((await get(`${local.url}/favicon.svg`)).headers.get('cache-control')).toBe('no-cache')
    const post = await fetch(`${local.url}/rooms/lobby`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('not built: one line that says what to do, and the page as soon as it is there', async () => {
    const dist = temporaryFolder()
    const local = await serve({ staticDir: dist })
    const missing = await get(`${local.url}/rooms/lobby`)
    expect([missing.status, await missing.text()]).toEqual([503, expect.stringContaining('npm run build')])
    expect((await get(`${local.url}/healthz`)).status).toBe(200)
    writeFileSync(join(dist, 'index.html'), '<title>built</title>')
    expect((await get(`${local.url}/rooms/lobby`)).status).toBe(200)
  })
})

describe('embedded in a server that exists', () => {
  test("it takes its rooms and leaves the host's own routes and upgrades alone", async () => {
    const collab = createCollabServer({ backend: createMemoryLog() })
    const host: Server = createServer((request, response) => {
      if (request.url?.startsWith('/server/') === true) collab.handle(request, response)
      else response.end('host')
    })
    let hostUpgrades = 0
    host.on('upgrade', (request, socket) => {
      if (request.url !== '/own') return
      hostUpgrades++
      socket.end('HTTP/1.1 418 I am the host\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    const detach = collab.attach(host)
    await new Promise<void>((resolve) => {
      host.listen(0, '127.0.0.1', resolve)
    })
    cleanups.push(() => collab.close())
    cleanups.push(() => host.close())
    const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}`
    expect(await (await get(`${url}/`)).text()).toBe('host')
    expect((await get(`${url}/server/healthz`)).status).toBe(200)
    expect((await askUpgrade(url, '/own')).status).toBe(418)
    expect(hostUpgrades).toBe(1)
    const socket = await openRaw(`${url.replace('http', 'ws')}/ws/lobby`)
    await socket.next('sync-step1')
    expect(await readMetric(`${url}/server`, 'roomful_connections')).toBe(1)
    await collab.close()
    expect((await socket.closing()).code).toBe(1012)
    detach()
    expect(await (await get(`${url}/`)).text()).toBe('host')
  })
})
