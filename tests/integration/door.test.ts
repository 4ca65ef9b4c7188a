import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { encodeSyncStep1, encodeUpdate, parseRoomName, type RoomName } from '@roomful/shared'
import {
  createEmbeddedLog,
  createJwtAuthorizer,
  createMemoryLog,
  openAccess,
  type Access,
  type AuthorizeAnswer,
  type CollabServerOptions,
  type LogBackend,
} from '@roomful/server'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { openRaw, type RawSocket } from '../support/raw-socket.ts'
import { awarenessFrame, readEntries } from '../support/room-harness/presence-bytes.ts'
import { startServer, startServerProcess, type LocalServer } from '../support/test-server.ts'
import { createToken, SECRET, startIssuer } from '../support/tokens.ts'
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

const serveTokens = (options: Partial<CollabServerOptions> = {}): Promise<LocalServer> =>
  serve({ authorize: createJwtAuthorizer({ secret: SECRET }), adminToken: 'secret', ...options })

async function join(local: { readonly wsUrl: string }, target: string): Promise<RawSocket> {
  const socket = await openRaw(`${local.wsUrl}/${target}`)
  cleanups.push(() => socket.ws.terminate())
  return socket
}

/** A socket that is in the room. */
async function enter(local: { readonly wsUrl: string }, target: string): Promise<RawSocket> {
  const socket = await join(local, target)
  await socket.next('sync-step1')
  return socket
}

function roomName(text: string): RoomName {
  const name = parseRoomName(text)
  if (name === undefined) throw new Error(`${text} is no room`)
  return name
}

const refused = (local: LocalServer, reason: string): Promise<number> =>
  local.metric(`roomful_refused_total{reason="${reason}"}`)

const revoke = (local: LocalServer, body: unknown, token = 'secret'): Promise<Response> =>
  fetch(`${local.url}/api/v1/revoke`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })

/** A log that counts what is asked of it. */
function countedLog(): { readonly backend: LogBackend; readonly touched: string[] } {
  const log = createMemoryLog()
  const touched: string[] = []
  return {
    touched,
    backend: {
      durability: log.durability,
      open(room, sink) {
        touched.push(`open ${room}`)
        return log.open(room, sink)
      },
      rooms(after) {
        touched.push('rooms')
        return log.rooms(after)
      },
      delete: (room, stateVector) => log.delete(room, stateVector),
      close: () => log.close(),
    },
  }
}

describe('a token', () => {
  test('[W28] [I7] lets in who may come in, as who they are and for what they may do', async () => {
    const local = await serveTokens()
    const writer = await enter(local, `lobby?v=1&token=${await createToken({ sub: 'ada', name: 'Ada' })}`)
    expect(await helloOf(writer)).toMatchObject({ permission: 'write', user: { id: 'ada', name: 'Ada' } })
    const reader = await enter(local, `lobby?v=1&token=${await createToken({ rooms: { lobby: 'read' } })}`)
    expect(await helloOf(reader)).toMatchObject({ permission: 'read', user: { id: 'ada' } })
    expect((await (await fetch(`${local.url}/readyz`)).json()) as unknown).toMatchObject({ auth: 'custom' })
  })

  test('[W28] [I7] that is missing, wrong, expired or misplaced closes with 4401 and tells nothing', async () => {
    const { backend, touched } = countedLog()
    const local = await serveTokens({ backend })
    const good = await createToken()
    const bad = [
      'lobby',
      'lobby?token=',
      'lobby?token=nonsense',
      `lobby?token=${await createToken({ lifetimeS: -60 })}`,
      `lobby?access_token=${good}`,
      `lobby?TOKEN=${good}`,
      `lobby?v=1&key=${good.slice(0, 60)}`,
    ]
    const closings = new Set<string>()
    for (const target of bad) {
      const socket = await join(local, target)
      closings.add(JSON.stringify(await socket.closing()))
      expect(socket.frames, target).toEqual([])
    }
    const headers = { authorization: `Bearer ${good}`, cookie: `token=${good}` }
    const socket = await openRaw(`${local.wsUrl}/lobby`, { headers })
    closings.add(JSON.stringify(await socket.closing()))
    expect([...closings]).toEqual([
      JSON.stringify({ code: 4401, reason: 'token missing, invalid, expired or revoked' }),
    ])
    expect(touched).toEqual([])
    expect(await refused(local, 'unauthorized')).toBe(bad.length + 1)
  })

  test('[I6] [W28] [limit:tokenBytes] over LIMIT_TOKEN_BYTES is not even looked at', async () => {
    let asked = 0
    const local = await serve({
      limits: { tokenBytes: 100 },
      authorize: () => {
        asked++
        return 'write'
      },
    })
    await enter(local, `lobby?token=${'x'.repeat(100)}`)
    const over = await join(local, `lobby?token=${'x'.repeat(101)}`)
    expect((await over.closing()).code).toBe(4401)
    expect(asked).toBe(1)
    expect(await refused(local, 'token-too-large')).toBe(1)
    // and what no header of Node can hold is over before it is a request
    await expect(openRaw(`${local.wsUrl}/lobby?token=${'x'.repeat(100_000)}`)).rejects.toThrow(/431|reset/i)
  })

  test('[W28] [I7] forbidden and absent rooms are the same, to the byte, and nothing is read for either', async () => {
    const { backend, touched } = countedLog()
    const local = await serveTokens({ backend })
    const owner = await enter(local, `secret-plans?token=${await createToken()}`)
    owner.send(encodeUpdate(Y.encodeStateAsUpdate(noteDoc('plans'))))
    await waitFor('the note', () => (local.server.registry.peek(roomName('secret-plans'))?.bytes ?? 0) > 2)
    const before = touched.length
    const stranger = await createToken({ sub: 'eve', rooms: { 'public-*': 'write' } })
    const seen: unknown[] = []
    for (const room of ['secret-plans', 'no-such-room']) {
      const socket = await join(local, `${room}?v=1&gen=0&token=${stranger}`)
      socket.send(encodeSyncStep1(Uint8Array.of(0)))
      const online = await fetch(`${local.url}/api/v1/rooms/${room}/online?token=${stranger}`)
      seen.push([await socket.closing(), socket.frames, online.status, await online.text()])
    }
    expect(seen[0]).toEqual(seen[1])
    expect(seen[0]).toMatchObject([{ code: 4403 }, [], 403, expect.stringContaining('forbidden')])
    expect(touched.length).toBe(before)
    const nobody = await fetch(`${local.url}/api/v1/rooms/secret-plans/online`)
    expect([nobody.status, touched.length]).toEqual([401, before])
  })

  test('[W34] [I7] that runs out closes its socket with 4401 then and not before, and no other', async () => {
    const local = await serveTokens()
    const lasting = await enter(local, `lobby?token=${await createToken({ sub: 'bob' })}`)
    const token = await createToken({ lifetimeS: 3 })
    const brief = await enter(local, `lobby?token=${token}`)
    expect(await brief.closing()).toMatchObject({ code: 4401 })
    const { exp = 0 } = decodeJwt(token)
    // how late it may be is tested on a clock that is moved by hand: server/src/auth/doorkeeper.test.ts
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000)
    expect(lasting.closed).toBeUndefined()
    expect(await refused(local, 'expired')).toBe(1)
    expect((await (await join(local, `lobby?token=${token}`)).closing()).code).toBe(4401)
  })

  test('[I7] is never logged, wherever it is put', async () => {
    const server = await startServerProcess({
      env: { AUTH_JWT_SECRET: SECRET, LOG_LEVEL: 'trace', AUTH_ADMIN_TOKEN: 'admin-token-of-this-test' },
    })
    cleanups.push(() => server.kill('SIGKILL'))
    const good = await createToken()
    const secrets = [good, `${good.slice(0, -3)}abc`, 'a-token-that-is-none']
    for (const token of secrets) {
      for (const path of [
        `ws/lobby?token=${token}`,
        `server/ws/lobby?v=1&token=${token}`,
        `ws/../x?token=${token}`,
      ])
        await openRaw(`ws://127.0.0.1:${server.port}/${path}`, {
          headers: {
            authorization: `Bearer ${token}`,
            cookie: `t=${token}`,
            referer: `http://x/?token=${token}`,
          },
        }).then(
          (socket) => socket.ws.terminate(),
          () => undefined,
        )
      for (const path of [
        `api/v1/rooms/lobby/online?token=${token}`,
        `api/v1/none?token=${token}`,
        `?token=${token}`,
      ])
        await fetch(`${server.url}/${path}`, { headers: { authorization: `Bearer ${token}` } })
    }
    await fetch(`${server.url}/api/v1/revoke`, {
      method: 'POST',
      headers: { authorization: 'Bearer admin-token-of-this-test' },
      body: '{"userId":"ada"}',
    })
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    await server.kill('SIGTERM')
    const said = server.stdout() + server.stderr() + metrics
    expect(server.stderr()).toContain('refused by the authorizer')
    for (const secret of [...secrets, SECRET, 'admin-token-of-this-test']) expect(said).not.toContain(secret)
    // nor the claims in its middle
    expect(said).not.toContain(good.split('.')[1])
  })

  test('[I7] is taken out of what a failing authorizer quotes', async () => {
    const lines: string[] = []
    const write = (fields: unknown): void => void lines.push(JSON.stringify(fields))
    const logger = { trace: write, debug: write, info: write, warn: write, error: write, fatal: write }
    const local = await serve({
      logger: logger as unknown as NonNullable<CollabServerOptions['logger']>,
      authorize: ({ token, request }) => {
        throw new Error(`no session for ${token} in ${request.url}`)
      },
    })
    const socket = await join(local, 'lobby?token=my-secret-token')
    expect((await socket.closing()).code).toBe(1011)
    expect(lines.join()).toContain('no session for [token]')
    expect(lines.join()).not.toContain('my-secret-token')
    expect(await refused(local, 'authorizer-failed')).toBe(1)
  })
})

describe('a key set', () => {
  test('[I7] is fetched once for many tokens, and again when the issuer has a new key', async () => {
    const issuer = await startIssuer()
    cleanups.push(() => issuer.close())
    const local = await serve({
      authorize: createJwtAuthorizer({ jwksUrl: issuer.url, jwksCooldownMs: 0 }),
    })
    const old = await issuer.sign()
    for (let i = 0; i < 3; i++) await enter(local, `lobby?token=${old}`)
    expect(issuer.asked).toBe(1)
    issuer.rotate(true)
    await enter(local, `lobby?token=${await issuer.sign()}`)
    await enter(local, `lobby?token=${old}`)
    expect(issuer.asked).toBe(2)
    // the old key is withdrawn: what it signed is worth nothing once the set was fetched again
    issuer.rotate(false)
    await enter(local, `lobby?token=${await issuer.sign()}`)
    expect((await (await join(local, `lobby?token=${old}`)).closing()).code).toBe(4401)
  })

  test('[I7] that was fetched a moment ago is not asked for by every wrong key, and that is no verdict', async () => {
    const issuer = await startIssuer()
    cleanups.push(() => issuer.close())
    const local = await serve({ authorize: createJwtAuthorizer({ jwksUrl: issuer.url }) })
    await enter(local, `lobby?token=${await issuer.sign()}`)
    issuer.rotate(false)
    const early = await issuer.sign()
    for (let i = 0; i < 5; i++)
      expect((await (await join(local, `lobby?token=${early}`)).closing()).code).toBe(1011)
    expect(issuer.asked).toBe(1)
  })

  test('[I7] that cannot be had is no fault of the token: 1011, and the client tries again', async () => {
    const issuer = await startIssuer()
    cleanups.push(() => issuer.close())
    const local = await serve({ authorize: createJwtAuthorizer({ jwksUrl: issuer.url }) })
    issuer.fail(true)
    const token = await issuer.sign()
    expect((await (await join(local, `lobby?token=${token}`)).closing()).code).toBe(1011)
    issuer.fail(false)
    await enter(local, `lobby?token=${token}`)
  })
})

describe('taking access back', () => {
  test('[W34] [I7] POST /api/v1/revoke closes a person’s sockets at once, refuses their token, and lets a new one in', async () => {
    const local = await serveTokens()
    const token = await createToken({ sub: 'ada' })
    const [ada, other, bob] = [
      await enter(local, `lobby?token=${token}`),
      await enter(local, `elsewhere?token=${token}`),
      await enter(local, `lobby?token=${await createToken({ sub: 'bob' })}`),
    ]
    const response = await revoke(local, { userId: 'ada', room: 'lobby' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { asked: 1, closed: 1, changed: 0, kept: 'memory' },
    ])
    expect(await ada.closing()).toMatchObject({ code: 4401 })
    expect((await (await join(local, `lobby?token=${token}`)).closing()).code).toBe(4401)
    expect((await fetch(`${local.url}/api/v1/rooms/lobby/online?token=${token}`)).status).toBe(401)
    expect([other.closed, bob.closed]).toEqual([undefined, undefined])
    expect(await refused(local, 'revoked')).toBe(1)
    await revoke(local, { userId: 'ada' })
    expect(await other.closing()).toMatchObject({ code: 4401 })
    const fresh = createToken({ sub: 'ada' })
    await waitFor('a later second, in which a new token was issued', async () => {
      const again = await join(local, `lobby?token=${await createToken({ sub: 'ada' })}`)
      await waitFor('an answer', () => again.closed !== undefined || again.frames.length > 0)
      return again.closed === undefined
    })
    expect(await fresh).not.toBe('')
  })

  test('[I7] only the admin token revokes, and a slip of the pen revokes nothing', async () => {
    const local = await serveTokens()
    const ada = await enter(local, `lobby?token=${await createToken()}`)
    expect((await revoke(local, { userId: 'ada' }, 'wrong')).status).toBe(403)
    for (const body of [{}, { user: 'ada' }, { userId: '' }, { room: 'a/b' }, { room: 7 }, 'ada', null, []])
      expect((await revoke(local, body)).status, JSON.stringify(body)).toBe(400)
    expect(ada.closed).toBeUndefined()
    const off = await serveTokens({ adminToken: undefined })
    expect((await revoke(off, { userId: 'ada' })).status).toBe(403)
  })

  test('[W34] [I7] [W27] reauthorize() makes of an open socket what the authorizer says now', async () => {
    const access = new Map<string, Access | AuthorizeAnswer>([
      ['ada', 'write'],
      ['bob', 'write'],
    ])
    const local = await serve({
      authorize: ({ token = '' }) => {
        const given = access.get(token) ?? 'none'
        return typeof given === 'string' && given !== 'none' ? { access: given, user: { id: token } } : given
      },
    })
    const ada = await enter(local, 'lobby?v=1&token=ada')
    const bob = await enter(local, 'lobby?v=1&token=bob')
    access.set('ada', 'read')
    expect(await local.server.reauthorize({ userId: 'ada' })).toEqual({ asked: 1, closed: 0, changed: 1 })
    await waitFor('the news', () => ada.messages.filter(({ type }) => type === 'hello').length === 2)
    expect(await helloOf(ada, 1)).toMatchObject({ permission: 'read' })
    ada.send(encodeUpdate(Y.encodeStateAsUpdate(noteDoc('no'))))
    await ada.next('notice')
    access.set('bob', 'none')
    access.set('ada', { access: 'none', reason: 'token' })
    expect(await local.server.reauthorize({ room: roomName('lobby') })).toEqual({
      asked: 2,
      closed: 2,
      changed: 0,
    })
    expect([(await bob.closing()).code, (await ada.closing()).code]).toEqual([4403, 4401])
    expect(await local.server.reauthorize()).toEqual({ asked: 0, closed: 0, changed: 0 })
  })

  test('[I7] an authorizer that fails when asked again leaves nobody in', async () => {
    let isDown = false
    const local = await serve({
      authorize: () => {
        if (isDown) throw new Error('database down')
        return 'write'
      },
    })
    const ada = await enter(local, 'lobby')
    isDown = true
    expect(await local.server.reauthorize()).toMatchObject({ closed: 1 })
    expect((await ada.closing()).code).toBe(1011)
  })

  test('[I7] what is taken back while a room is still being read never gets in', async () => {
    const log = createMemoryLog()
    let open: () => void = () => {}
    const held = new Promise<void>((resolve) => (open = resolve))
    let access: Access = 'write'
    const local = await serve({
      authorize: () => access,
      backend: {
        durability: log.durability,
        open: async (room, sink) => {
          await held
          return log.open(room, sink)
        },
        rooms: (after) => log.rooms(after),
        delete: (room, stateVector) => log.delete(room, stateVector),
        close: () => log.close(),
      },
    })
    const ada = await join(local, 'lobby')
    await waitFor('the opening', () => local.server.registry.size === 1)
    access = 'none'
    await local.server.reauthorize()
    open()
    expect(await ada.closing()).toMatchObject({ code: 4403 })
    expect(ada.frames).toEqual([])
  })
})

describe('a restart', () => {
  test('[W34] [I7] knows what was revoked before: the embedded log keeps it', async () => {
    const dir = await mkdtemp(pathOf(tmpdir(), 'roomful-revoked-'))
    cleanups.push(() => rm(dir, { recursive: true, force: true }))
    const first = await serveTokens({ backend: await createEmbeddedLog({ dir }) })
    const token = await createToken({ sub: 'ada' })
    const ada = await enter(first, `lobby?token=${token}`)
    const response = await revoke(first, { userId: 'ada' })
    expect(await response.json()).toEqual({ asked: 1, closed: 1, changed: 0, kept: 'stored' })
    expect((await ada.closing()).code).toBe(4401)
    await first.close()
    const second = await serveTokens({ backend: await createEmbeddedLog({ dir }) })
    expect((await (await join(second, `lobby?token=${token}`)).closing()).code).toBe(4401)
    await enter(second, `lobby?token=${await createToken({ sub: 'bob' })}`)
  })
})

describe('open mode', () => {
  test('[I7] is the default on loopback only: elsewhere it has to be chosen', async () => {
    await expect(serveOn('0.0.0.0')).rejects.toThrow('pass authorize')
    await (
      await serveOn('0.0.0.0', { authorize: openAccess })
    )()
  })

  async function serveOn(host: string, options: Partial<CollabServerOptions> = {}): Promise<() => unknown> {
    const { createCollabServer } = await import('@roomful/server')
    const server = createCollabServer({ backend: createMemoryLog(), ...options })
    cleanups.push(() => server.close())
    await server.listen({ port: 0, host })
    return () => server.close()
  }
})

describe('presence', () => {
  test('[I5] [W33] shows who the token says, whatever the connection says to be', async () => {
    const local = await serveTokens()
    const bob = await enter(local, `lobby?v=1&token=${await createToken({ sub: 'bob', name: 'Bob' })}`)
    bob.send(encodeSyncStep1(Uint8Array.of(0)))
    bob.send(awarenessFrame([2, 1, {}]))
    const eve = await enter(
      local,
      `lobby?token=${await createToken({ sub: 'eve', name: 'Eve', color: '#ca4459' })}`,
    )
    eve.send(encodeSyncStep1(Uint8Array.of(0)))
    eve.send(
      awarenessFrame([1, 1, { user: { id: 'bob', name: 'Bob', color: '#1c75d6', age: 7 }, pointer: null }]),
    )
    const seen = (): unknown =>
      bob.messages
        .flatMap((message) => (message.type === 'awareness' ? readEntries(message.update) : []))
        .filter(({ clientId }) => clientId === 1)
        .at(-1)?.state
    await waitFor('Eve', () => seen() !== undefined)
    expect(seen()).toEqual({
      user: { id: 'eve', name: 'Eve', color: '#ca4459', colorLight: '#ca445933', age: 7 },
      pointer: null,
    })
    // a new state is put right as the first one was; without a word about themselves they are who they are
    eve.send(awarenessFrame([1, 2, { pointer: { x: 0.5, y: 0.5 } }]))
    await waitFor('the pointer', () => JSON.stringify(seen()).includes('0.5'))
    expect(seen()).toMatchObject({ user: { id: 'eve', name: 'Eve' } })
    const room = local.server.registry.peek(roomName('lobby'))
    expect(room?.people).toBe(2)
  })

  test('[W33] what a token leaves out is the client’s to choose', async () => {
    const local = await serveTokens()
    const bob = await enter(local, `lobby?token=${await createToken({ sub: 'bob' })}`)
    bob.send(encodeSyncStep1(Uint8Array.of(0)))
    bob.send(awarenessFrame([2, 1, {}]))
    const ada = await enter(local, `lobby?token=${await createToken({ sub: 'ada' })}`)
    ada.send(encodeSyncStep1(Uint8Array.of(0)))
    ada.send(awarenessFrame([1, 1, { user: { id: 'x', name: 'Countess', color: '#1c75d6' } }]))
    await waitFor('Ada', () =>
      bob.messages.some(
        (message) =>
          message.type === 'awareness' &&
          JSON.stringify(readEntries(message.update)).includes(
            '"id":"ada","name":"Countess","color":"#1c75d6"',
          ),
      ),
    )
  })
})

async function helloOf(socket: RawSocket, index = 0): Promise<unknown> {
  await waitFor('hello', () => socket.messages.filter(({ type }) => type === 'hello').length > index)
  const hello = socket.messages.filter((message) => message.type === 'hello')[index]
  return JSON.parse(hello?.json ?? 'null') as unknown
}

function noteDoc(text: string): Y.Doc {
  const doc = new Y.Doc()
  doc.getText('note').insert(0, text)
  return doc
}
