import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEmbeddedLog, createJwtAuthorizer, createRedisLog } from '@roomful/server'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../server/src/clock.ts'
import { examineAddress, examineCheckout, type Line } from '../../scripts/doctor/checks.mjs'
import { HttpProxy, type HttpProxyOptions } from '../support/http-proxy.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { redisSuite } from '../support/redis-suite.ts'
import { startServer, startServerProcess, temporaryFolder, type LocalServer } from '../support/test-server.ts'
import { createToken, SECRET } from '../support/tokens.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

type ServerOptions = Parameters<typeof startServer>[0]

async function serve(options: ServerOptions = {}): Promise<LocalServer> {
  const server = await startServer(options)
  cleanups.push(() => server.close())
  return server
}

/** An instance whose rooms are in Redis. */
async function serveFrom(redis: RedisServer, prefix?: string): Promise<LocalServer> {
  const backend = await createRedisLog({ url: redis.url, ...(prefix === undefined ? {} : { prefix }) })
  return serve({ backend, storageKind: 'redis' })
}

async function proxyTo(
  targets: readonly string[],
  options: Omit<HttpProxyOptions, 'targets'> = {},
): Promise<string> {
  const proxy = await HttpProxy.start({ targets, ...options })
  cleanups.push(() => proxy.close())
  return proxy.url
}

/** The troubles, by case, with cause and fix in one text. */
function troubles(lines: readonly Line[]): Record<string, string> {
  const found = lines.flatMap(({ finding }) =>
    finding.kind === 'trouble' ? [[finding.case, `${finding.text} → ${finding.fix}`] as const] : [],
  )
  const all: Record<string, string> = {}
  for (const [name, text] of found) all[name] = name in all ? `${all[name]}\n${text}` : text
  return all
}

function texts(lines: readonly Line[], check: string): string {
  return lines
    .filter((line) => line.check === check)
    .map(({ finding }) => `${finding.kind}: ${finding.text}`)
    .join('\n')
}

const checkout = (env: Record<string, string>): Promise<Line[]> => examineCheckout({ root: ROOT, env })

describe('an address in order', () => {
  test('gives no trouble, and says what "saved" means', async () => {
    const backend = await createEmbeddedLog({ dir: temporaryFolder() })
    const server = await serve({ backend, storageKind: 'embedded' })
    const lines = await examineAddress({ url: server.url })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'rooms')).toContain('may write')
    expect(texts(lines, 'storage')).toContain('synced to disk')
    expect(texts(lines, 'clock')).toContain('ok: clocks agree')
  })

  test.each([
    ['kept', (path: string) => path],
    ['taken off', (path: string) => path.replace(/^\/server/, '')],
  ])('behind a proxy the prefix /server may be %s, and the doctor says which', async (how, rewrite) => {
    const server = await serve()
    const url = await proxyTo([server.url], {
      route: (path) =>
        path.startsWith('/server/') ? rewrite(path) : { status: 200, html: '<p>The pages</p>' },
    })
    const lines = await examineAddress({ url })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'address')).toContain(`under ${url}/server (the prefix is ${how}`)
  })
})

describe('the way to the server', () => {
  test('[unreachable] nobody listens there', async () => {
    const server = await serve()
    await server.close()
    expect(troubles(await examineAddress({ url: server.url }))['unreachable']).toMatch(
      /ECONNREFUSED.*npm start/,
    )
  })

  test('[unreachable] the proxy is there, and no server is behind it', async () => {
    const server = await serve()
    await server.close()
    expect(troubles(await examineAddress({ url: await proxyTo([server.url]) }))['unreachable']).toContain(
      'HTTP 502',
    )
  })

  test.each([
    ['alone', false],
    ['that serves the app as well', true],
  ])('[wrong-prefix] a prefix of the proxy’s own reaches a server %s', async (_what, servesApp) => {
    const staticDir = temporaryFolder()
    if (servesApp) writeFileSync(join(staticDir, 'index.html'), '<p>The app</p>')
    const server = await serve(servesApp ? { staticDir } : {})
    const url = await proxyTo([server.url], {
      route: (path) => (path.startsWith('/collab/') ? path : { status: 404, html: '' }),
    })
    const found = troubles(await examineAddress({ url: `${url}/collab` }))
    expect(found['wrong-prefix']).toMatch(/\/collab reaches the server unchanged.*take \/collab off/)
  })

  test('[wrong-prefix] the same where the rest of the address leads to the server as well', async () => {
    const server = await serve()
    const found = troubles(await examineAddress({ url: `${server.url}/collab` }))
    expect(found['wrong-prefix']).toMatch(/\/collab\/healthz does not lead.*take it off/)
  })

  test('[wrong-prefix] /server falls to the pages', async () => {
    const url = await proxyTo([], { route: () => ({ status: 200, html: '<p>The pages</p>' }) })
    const found = troubles(await examineAddress({ url }))
    expect(found['wrong-prefix']).toMatch(
      /\/server\/healthz is HTTP 200, a page.*before the rule for everything else/,
    )
  })

  test('where only the plain paths lead to the server nothing is wrong, but it is said', async () => {
    const server = await serve()
    const url = await proxyTo([server.url], {
      route: (path) => (path.startsWith('/server') ? { status: 404, html: 'no' } : path),
    })
    const lines = await examineAddress({ url })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'address')).toContain('note: ')
  })

  test('an address that sends everybody to another one is followed there', async () => {
    const server = await serve()
    const old = createServer((request, response) => {
      response.writeHead(301, { Location: `${server.url}${request.url}` }).end()
    })
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => new Promise((resolve) => old.close(resolve)))
    const address = old.address()
    const lines = await examineAddress({
      url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'address')).toContain(`everybody to ${server.url}`)
    expect(texts(lines, 'rooms')).toContain(`entered at ${server.wsUrl}`)
  })

  test('[wrong-prefix] WebSockets keep a prefix that pages lose', async () => {
    const server = await serve()
    const url = await proxyTo([server.url], {
      route: (path) => (path.includes('/ws/') ? path : path.replace(/^\/collab/, '')),
    })
    const found = troubles(await examineAddress({ url: `${url}/collab` }))
    expect(found['wrong-prefix']).toContain('treat WebSockets like pages')
  })

  test('[no-upgrade] the proxy drops the Upgrade header', async () => {
    const server = await serve()
    const found = troubles(await examineAddress({ url: await proxyTo([server.url], { upgrade: 'dropped' }) }))
    expect(Object.keys(found)).toEqual(['no-upgrade'])
    expect(found['no-upgrade']).toMatch(/dropped the Upgrade header.*proxy_set_header Upgrade/)
  })

  test('[no-upgrade] the proxy hangs up on WebSockets', async () => {
    const server = await serve()
    const found = troubles(await examineAddress({ url: await proxyTo([server.url], { upgrade: 'hung-up' }) }))
    expect(found['no-upgrade']).toMatch(/pages come through, and no WebSocket/)
  })
})

describe('who may enter', () => {
  test('[origin-refused] the proxy puts its own Host', async () => {
    const server = await serve()
    const url = await proxyTo([server.url], { requestHeaders: { host: 'backend.internal' } })
    const found = troubles(await examineAddress({ url }))
    expect(Object.keys(found)).toEqual(['origin-refused'])
    expect(found['origin-refused']).toMatch(/Host or X-Forwarded-Host.*ALLOWED_ORIGINS=http:\/\/127/)
  })

  test('[origin-refused] the app is served from elsewhere', async () => {
    const server = await serve()
    const found = troubles(await examineAddress({ url: server.url, origin: 'https://app.example.com' }))
    expect(found['origin-refused']).toContain('ALLOWED_ORIGINS=https://app.example.com')
  })

  test('[no-entry] a token that is not the server’s is refused; without one nothing is claimed', async () => {
    const server = await serve({ authorize: createJwtAuthorizer({ secret: SECRET }) })
    const url = server.url
    expect(troubles(await examineAddress({ url, token: 'wrong' }))['no-entry']).toContain('docs/auth.md')
    expect(texts(await examineAddress({ url }), 'rooms')).toContain('skipped: rooms want a token')
    const token = await createToken()
    expect(troubles(await examineAddress({ url, token }))).toEqual({})
  })

  test('[clock-skew] the server’s clock is a minute behind', async () => {
    const server = await serve({ clock: { ...systemClock, now: () => Date.now() - 60_000 } })
    const found = troubles(await examineAddress({ url: server.url }))
    expect(found['clock-skew']).toMatch(/[56]\d s behind this machine.*NTP/)
  })

  test('[clock-skew] the Date of answers is a minute ahead', async () => {
    const server = await serve({ authorize: createJwtAuthorizer({ secret: SECRET }) })
    const url = await proxyTo([server.url], {
      answerHeaders: () => ({ date: new Date(Date.now() + 60_000).toUTCString() }),
    })
    expect(troubles(await examineAddress({ url }))['clock-skew']).toMatch(/[56]\d s ahead of/)
  })
})

describe('the app that is served', () => {
  /** A page as Vite builds it: the address stands in a script that another one loads. */
  async function app(env: string): Promise<string> {
    const scripts: Record<string, string> = {
      '/assets/index-a1b2.js': 'const m=()=>import("./Room-c3d4.js");m()',
      '/assets/Room-c3d4.js': `let e={BASE_URL:\`/\`,PROD:!0${env}}.VITE_WS_URL`,
    }
    const pages = createServer((request, response) => {
      const script = scripts[request.url ?? '']
      const type = script === undefined ? 'text/html' : 'text/javascript'
      response.writeHead(200, { 'Content-Type': type })
      response.end(script ?? '<script type="module" src="/assets/index-a1b2.js"></script>')
    })
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => new Promise((resolve) => pages.close(resolve)))
    const address = pages.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  }

  /** Pages and server at one address, as on Vercel: only /server leads to the server. */
  async function deployed(env: string): Promise<{ url: string; lines: Line[] }> {
    const [pages, server] = await Promise.all([app(env), serve()])
    const url = await proxyTo([server.url], {
      target: (path) => (path.startsWith('/server') ? undefined : pages),
    })
    return { url, lines: await examineAddress({ url }) }
  }

  test('[wrong-ws-url] it has none, and rooms are under /server only', async () => {
    const { url, lines } = await deployed('')
    const found = troubles(lines)
    expect(found['wrong-ws-url']).toContain('the app has no VITE_WS_URL')
    expect(found['wrong-ws-url']).toContain(`VITE_WS_URL=${url.replace('http', 'ws')}/server/ws`)
  })

  test('[wrong-ws-url] it leads to the server, but not to rooms', async () => {
    const { lines } = await deployed(',VITE_WS_URL:`wss://rooms.example.com/server`')
    expect(troubles(lines)['wrong-ws-url']).toContain('set VITE_WS_URL=wss://rooms.example.com/server/ws')
  })

  test('[wrong-ws-url] nobody is at that address', async () => {
    const gone = await serve()
    await gone.close()
    const { lines } = await deployed(`,VITE_WS_URL:\`${gone.wsUrl}\``)
    expect(troubles(lines)['wrong-ws-url']).toMatch(/no room can be entered.*ECONNREFUSED/)
  })

  test('an app that looks for rooms where they are is in order', async () => {
    expect(troubles((await deployed(',VITE_WS_URL:`/server/ws`')).lines)).toEqual({})
    const server = await serve()
    const { lines } = await deployed(`,VITE_WS_URL:\`${server.wsUrl}\``)
    // its pages come from another address than that server's own
    expect(troubles(lines)['wrong-ws-url']).toContain('ALLOWED_ORIGINS')
    const open = await serve({ allowedOrigins: { kind: 'any' } })
    expect(troubles((await deployed(`,VITE_WS_URL:\`${open.wsUrl}\``)).lines)).toEqual({})
  })
})

describe('several instances behind one address', () => {
  const suite = redisSuite()

  test('[no-redis] without Redis they are several systems', async () => {
    const [left, right] = await Promise.all([serve({ instanceId: 'left' }), serve({ instanceId: 'right' })])
    const found = troubles(await examineAddress({ url: await proxyTo([left.url, right.url]) }))
    expect(found['no-redis']).toMatch(/2 instances answer.*without Redis: left, right.*same REDIS_URL/)
  })

  test('one that was replaced meanwhile is still one', async () => {
    const [before, after] = await Promise.all([serve(), serve()])
    const targets = [...Array<string>(5).fill(before.url), ...Array<string>(50).fill(after.url)]
    const lines = await examineAddress({ url: await proxyTo(targets) })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'instances')).toContain(`one instance answers (${after.server.instanceId})`)
  })

  test('with one Redis they are one; [redis-forgets] it has no append-only file', async () => {
    const redis = await suite.start()
    const [left, right] = await Promise.all([serveFrom(redis), serveFrom(redis)])
    const lines = await examineAddress({ url: await proxyTo([left.url, right.url]), heardMs: 60_000 })
    expect(texts(lines, 'instances')).toMatch(/ok: 2 instances answer.*hear each other/)
    expect(Object.keys(troubles(lines))).toEqual(['redis-forgets'])
    expect(texts(lines, 'storage')).toContain('keeps no synced append-only file')
  })

  test('[no-redis] with a prefix each they do not hear each other', async () => {
    const redis = await suite.start({ appendfsync: 'everysec' })
    const [left, right] = await Promise.all([serveFrom(redis), serveFrom(redis, 'other:')])
    const url = await proxyTo([left.url, right.url])
    // a deaf pair is waited for in vain
    const found = troubles(await examineAddress({ url, heardMs: 500 }))
    expect(Object.keys(found)).toEqual(['no-redis'])
    expect(found['no-redis']).toMatch(/do not hear each other.*REDIS_PREFIX/)
  })

  test('[not-ready] its Redis is gone', async () => {
    const redis = await suite.start({ appendfsync: 'everysec' })
    const server = await serveFrom(redis)
    await redis.kill()
    expect(troubles(await examineAddress({ url: server.url }))['not-ready']).toContain('storage fails')
  })
})

describe('the Redis of REDIS_URL', () => {
  const suite = redisSuite()

  test('[redis-evicts] [redis-forgets] it throws rooms away, and keeps no file', async () => {
    const redis = await suite.start({ args: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'] })
    const found = troubles(await checkout({ REDIS_URL: redis.url }))
    expect(found['redis-evicts']).toMatch(/allkeys-lru.*CONFIG SET maxmemory-policy noeviction/)
    expect(found['redis-forgets']).toMatch(/append-only.*CONFIG SET appendonly yes/)
  })

  test('[redis-forgets] what it does is no longer found where its own advice was followed', async () => {
    const redis = await suite.start()
    expect(Object.keys(troubles(await checkout({ REDIS_URL: redis.url })))).toEqual(['redis-forgets'])
    await redis.admin.config('SET', 'appendonly', 'yes')
    await redis.admin.config('SET', 'appendfsync', 'no')
    expect(Object.keys(troubles(await checkout({ REDIS_URL: redis.url })))).toEqual(['redis-forgets'])
    await redis.admin.config('SET', 'appendfsync', 'everysec')
    const lines = await checkout({ REDIS_URL: redis.url })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'redis')).toContain('a power cut of Redis loses up to 2 s')
  })

  test('where it refuses CONFIG, what INFO says has to do', async () => {
    const redis = await suite.start({ args: ['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-ttl'] })
    await redis.admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-config')
    const url = redis.url.replace('redis://', 'redis://app:secret@')
    const lines = await checkout({ REDIS_URL: url })
    expect(Object.keys(troubles(lines))).toEqual(['redis-evicts', 'redis-forgets'])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  test('[redis-away] Sentinels lead to it, do not know it, or were taken for it', async () => {
    const redis = await suite.start({ appendfsync: 'everysec' })
    const sentinel = await suite.start({
      sentinel: [`sentinel monitor rooms 127.0.0.1 ${redis.port} 1`, 'requirepass secret'],
    })
    const env = { REDIS_SENTINEL_PASSWORD: 'secret' }
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}`
    const lines = await checkout({ ...env, REDIS_URL: `${url}/rooms` })
    expect(troubles(lines)).toEqual({})
    expect(texts(lines, 'redis')).toContain('Redis at rooms (Sentinels 127.0.0.1:')
    expect(troubles(await checkout({ ...env, REDIS_URL: `${url}/others` }))['redis-away']).toMatch(/others/)
    const plain = `redis://:secret@127.0.0.1:${sentinel.port}`
    expect(troubles(await checkout({ REDIS_URL: plain }))['redis-away']).toMatch(/Sentinel.*redis\+sentinel:/)
  })

  test('[redis-away] [redis-forgets] a cluster is looked at master by master, and told from a single Redis', async () => {
    const nodes = await suite.startCluster()
    const [first, ...others] = nodes.masters
    for (const { admin } of others) await admin.config('SET', 'appendonly', 'yes')
    const found = troubles(await checkout({ REDIS_URL: nodes.url }))
    expect(Object.keys(found)).toEqual(['redis-forgets'])
    expect(found['redis-forgets']).toContain(`127.0.0.1:${first?.port}`)
    await first?.admin.config('SET', 'appendonly', 'yes')
    expect(troubles(await checkout({ REDIS_URL: nodes.url }))).toEqual({})
    expect(troubles(await checkout({ REDIS_URL: first?.url ?? '' }))['redis-away']).toMatch(
      /node of a cluster.*REDIS_URL=redis\+cluster:/,
    )
    const single = await suite.start()
    const wrong = await checkout({ REDIS_URL: single.url.replace('redis:', 'redis+cluster:') })
    expect(troubles(wrong)['redis-away']).toMatch(/cluster support disabled.*single Redis: REDIS_URL=redis:/)
  })

  test('[redis-away] it has no database of that number, or the number is none', async () => {
    const redis = await suite.start({ appendfsync: 'everysec', args: ['--databases', '4'] })
    expect(troubles(await checkout({ REDIS_URL: `${redis.url}/3` }))).toEqual({})
    expect(troubles(await checkout({ REDIS_URL: `${redis.url}/4` }))['redis-away']).toMatch(
      /DB index is out of range.*database in REDIS_URL/,
    )
    expect(troubles(await checkout({ REDIS_URL: `${redis.url}/rooms` }))['redis-away']).toMatch(/correct it/)
  })

  test('[redis-away] it is not there, or does not let us in', async () => {
    const redis = await suite.start({ args: ['--requirepass', 'secret'] })
    expect(troubles(await checkout({ REDIS_URL: redis.url }))['redis-away']).toMatch(/NOAUTH|Authentication/)
    await redis.kill()
    expect(troubles(await checkout({ REDIS_URL: redis.url }))['redis-away']).toMatch(
      /ECONNREFUSED.*REDIS_URL/,
    )
  })
})

test('[folder-in-use] another process has the data folder; the server that should is no trouble', async () => {
  const dataDir = temporaryFolder()
  const server = await startServerProcess({ dataDir })
  cleanups.push(() => server.kill('SIGKILL'))
  const elsewhere = await serve()
  const port = new URL(elsewhere.url).port
  const found = troubles(await checkout({ DATA_DIR: dataDir, PORT: port }))
  expect(found['folder-in-use']).toMatch(/is held by .*set DATA_DIR to another folder, or REDIS_URL/)
  if (process.platform === 'linux') expect(found['folder-in-use']).toContain(`kill ${server.pid}`)
  const own = await checkout({ DATA_DIR: dataDir, PORT: String(server.port) })
  expect(troubles(own)).toEqual({})
  expect(texts(own, 'data folder')).toContain(`the server at ${server.url}`)
  await server.kill('SIGTERM')
  // where no kernel tells, only a start would
  if (process.platform !== 'linux') return
  expect(texts(await checkout({ DATA_DIR: dataDir, PORT: port }), 'data folder')).toContain('is free')
})

test('the command ends with 1 where there is trouble and with 0 where there is none, in lines without colours', async () => {
  const run = (
    args: readonly string[],
    env: Record<string, string>,
  ): Promise<{ code: number | null; out: string }> =>
    new Promise((resolve) => {
      const node = ['--conditions=@roomful/source', '--import', 'tsx', 'scripts/doctor.mjs', ...args]
      const child = spawn(process.execPath, node, {
        cwd: ROOT,
        env: { PATH: process.env['PATH'] ?? '', ...env },
      })
      let out = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text))
      child.once('close', (code) => resolve({ code, out }))
    })
  const server = await serve()
  const env = { DATA_DIR: temporaryFolder() }
  const [well, ill] = await Promise.all([
    run([server.url], env),
    run([server.url, '--origin', 'https://app.example.com'], env),
  ])
  expect(well.out).toContain('All is well')
  expect(well.code).toBe(0)
  expect(ill.out).toMatch(
    / {2}trouble +rooms +pages of https:\/\/app\.example\.com may not enter.*→.*\[origin-refused\]/,
  )
  expect(ill.out).toContain('1 trouble')
  expect(ill.code).toBe(1)
  // eslint-disable-next-line no-control-regex -- colours are control characters
  expect(ill.out).not.toMatch(/\u001b/)
})
