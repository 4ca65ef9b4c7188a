import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSyncStep1, encodeUpdate, LIMIT_SPECS } from '@roomful/shared'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { openRaw, type RawSocket } from '../support/raw-socket.ts'
import { connectStock } from '../support/stock-client.ts'
import {
  readMetric,
  runServer,
  startServerProcess,
  temporaryFolder,
  type ServerProcess,
  type ServerProcessOptions,
} from '../support/test-server.ts'
import { nextTurn, waitFor } from '../support/wait.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const server = await startServerProcess(options)
  cleanups.push(() => server.kill('SIGKILL'))
  return server
}

async function enter(server: ServerProcess, target = 'lobby'): Promise<RawSocket> {
  const socket = await openRaw(`${server.wsUrl}/${target}`)
  cleanups.push(() => socket.ws.terminate())
  await socket.next('sync-step1')
  return socket
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

describe('starting', () => {
  test('the first line of stdout is the listening event, and nothing else comes there; logs are JSON on stderr', async () => {
    const server = await serve({ env: { INSTANCE_ID: 'i-1' } })
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
      ready: true,
      durability: 'disk',
      storage: { kind: 'embedded' },
    })
    expect(await server.kill('SIGTERM')).toBe(0)
    expect(server.stdout()).toBe(
      `${JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${server.port}`, instanceId: 'i-1' })}\n`,
    )
    for (const line of lines(server.stderr())) expect(JSON.parse(line)).toMatchObject({ instanceId: 'i-1' })
  })

  test('--help lists every variable, --version the version', async () => {
    const [help, version] = await Promise.all([runServer({}, ['--help']), runServer({}, ['--version'])])
    expect([help.code, version.code]).toEqual([0, 0])
    for (const spec of Object.values(LIMIT_SPECS)) expect(help.stdout).toContain(`${spec.env} `)
    for (const key of ['PORT', 'HOST', 'DATA_DIR', 'ALLOWED_ORIGINS', 'AUTH_MODE', 'STATIC_DIR', 'LOG_LEVEL'])
      expect(help.stdout).toContain(`  ${key} `)
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('bad configuration: exit 78, nothing on stdout, one line that names every bad key', async () => {
    const env = { PORT: 'many', LIMIT_ROOMS: '-1', LOG_LEVEL: 'loud', REDIS_URL: 'http://127.0.0.1' }
    const ended = await runServer({ env })
    expect([ended.code, ended.stdout]).toEqual([78, ''])
    expect(lines(ended.stderr).length).toBe(1)
    for (const key of Object.keys(env)) expect(ended.stderr).toContain(key)
  })

  test('[I7] beyond loopback without a chosen AUTH_MODE: exit 78 and the line that says so', async () => {
    const ended = await runServer({ env: { HOST: '0.0.0.0' } })
    expect(ended.code).toBe(78)
    expect(ended.stderr).toContain('AUTH_MODE=open')
  })

  test('the port is taken: exit 1, one line', async () => {
    const first = await serve()
    const ended = await runServer({ port: first.port })
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(lines(ended.stderr).filter((line) => !line.startsWith('{'))).toEqual([
      expect.stringMatching(/^Cannot start: port \d+ on 127\.0\.0\.1 is in use: .*set PORT/),
    ])
  })

  test('the folder is in use: exit 1, one line that names REDIS_URL; the owner goes on', async () => {
    const dataDir = temporaryFolder()
    const owner = await serve({ dataDir })
    const ended = await runServer({ dataDir })
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toContain('folder in use: set REDIS_URL to run several instances')
    expect(lines(ended.stderr).length).toBe(1)
    await enter(owner)
  })

  test('a file in place of the folder: exit 1, one line that names DATA_DIR', async () => {
    const dataDir = join(temporaryFolder(), 'file')
    writeFileSync(dataDir, '')
    const ended = await runServer({ dataDir })
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toContain('DATA_DIR')
    expect(lines(ended.stderr).length).toBe(1)
  })

  test('DATA_DIR=:memory: says loudly that nothing is saved', async () => {
    const server = await serve({ env: { DATA_DIR: ':memory:' } })
    expect(server.stderr()).toContain('nothing is saved')
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
      durability: 'none',
      storage: { kind: 'memory' },
    })
  })

  const mounted = readOnlyMount()
  test.skipIf(mounted === undefined)('a read-only disk: memory, said loudly', async () => {
    const server = await serve({ dataDir: join(mounted ?? '', 'data') })
    expect(server.stderr()).toContain('READ-ONLY DISK')
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
      durability: 'none',
      storage: { kind: 'memory' },
    })
  })

  test('limits from the environment are in force', async () => {
    const server = await serve({ env: { LIMIT_FRAME_BYTES: '100' } })
    const socket = await enter(server)
    socket.send(new Uint8Array(101))
    expect((await socket.closing()).code).toBe(4413)
  })

  test('process metrics and event-loop delay are there', async () => {
    const server = await serve()
    expect(await readMetric(server.url, 'process_resident_memory_bytes')).toBeGreaterThan(0)
    const text = await (await fetch(`${server.url}/metrics`)).text()
    // nothing has measured these: it would wake an idle process a hundred times a second
    expect(text).not.toContain('nodejs_eventloop_lag_p99_seconds')
    expect(text).toContain('roomful_event_loop_delay_max_seconds')
    await waitFor(
      'the loop to be looked at',
      async () => (await readMetric(server.url, 'roomful_event_loop_delay_seconds_count')) > 0,
    )
  })

  test('group commits are counted, with how long each took and what it held', async () => {
    const server = await serve()
    const member = await enter(server)
    const doc = new Y.Doc()
    doc.getText('note').insert(0, 'hello')
    member.send(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    await waitFor(
      'a commit',
      async () => (await readMetric(server.url, 'roomful_log_committed_entries_total')) === 1,
    )
    expect(await readMetric(server.url, 'roomful_log_commit_seconds_count')).toBe(1)
    expect(await readMetric(server.url, 'roomful_log_committed_bytes_total')).toBeGreaterThan(10)
  })
})

describe('ending', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '[W26] [I1] %s with clients: told, closed with 1012, exit 0, everything sent is there after the next start',
    async (signal) => {
      const dataDir = temporaryFolder()
      const server = await serve({ dataDir })
      const [stock, extended] = [await enter(server), await enter(server, 'lobby?v=1')]
      const doc = new Y.Doc()
      doc.on('update', (update: Uint8Array) => stock.send(encodeUpdate(update)))
      let typed = 0
      const type = (): unknown => doc.getText('note').insert(typed++, 'x')
      for (let n = 0; n < 50; n++) type()
      // goes on until the close has arrived: the signal meets frames on their way
      const ended = server.kill(signal)
      while (stock.ws.readyState === stock.ws.OPEN) {
        type()
        await nextTurn()
      }
      expect(await ended).toBe(0)
      expect([(await stock.closing()).code, (await extended.closing()).code]).toEqual([1012, 1012])
      expect(extended.messages.some((m) => m.type === 'notice' && m.json.includes('draining'))).toBe(true)
      const next = await serve({ dataDir })
      const reader = await enter(next)
      reader.send(encodeSyncStep1(Uint8Array.of(0)))
      const answer = await reader.next('sync-step2')
      const copy = new Y.Doc()
      Y.applyUpdate(copy, answer.update)
      expect(copy.getText('note').length).toBe(typed)
    },
  )

  test('[W26] a client that does not answer the close cannot hold the process', async () => {
    const server = await serve()
    const deaf = await enter(server)
    deaf.ws.pause()
    expect(await server.kill('SIGTERM')).toBe(0)
  })

  test('a second signal exits at once', async () => {
    const server = await serve()
    const deaf = await enter(server)
    // the first drain has to wait for this one
    deaf.ws.pause()
    server.signal('SIGTERM')
    await waitFor('the drain to begin', () => server.stderr().includes('"draining"'))
    const code = await server.kill('SIGTERM')
    expect(code).toBe(1)
    expect(server.stderr()).toContain('second signal')
    expect(server.stderr()).not.toContain('"closed"')
  })

  test('a stock client through a real process, both ways, and a token never in the logs', async () => {
    const server = await serve({ env: { LOG_LEVEL: 'trace' } })
    const [a, b] = ['a', 'b'].map(() =>
      connectStock(server.wsUrl, 'lobby', { params: { token: 'very-secret' } }),
    ) as [ReturnType<typeof connectStock>, ReturnType<typeof connectStock>]
    cleanups.push(() => [a, b].forEach((client) => client.destroy()))
    a.doc.getText('note').insert(0, 'from a, ')
    b.doc.getText('note').insert(0, 'from b, ')
    a.provider.awareness.setLocalState({ name: 'a' })
    b.provider.awareness.setLocalState({ name: 'b' })
    await waitFor('the same text', () => {
      const text = a.doc.getText('note').toJSON()
      return text.length === 16 && text === b.doc.getText('note').toJSON()
    })
    await waitFor('each to see the other', () =>
      [a, b].every((client) => client.provider.awareness.getStates().size === 2),
    )
    await server.kill('SIGTERM')
    expect(server.stdout() + server.stderr()).not.toContain('very-secret')
  })
})

/** A read-only file system of our own where this user may mount one; the reason is printed where not. */
function readOnlyMount(): string | undefined {
  const folder = temporaryFolder()
  const point = join(folder, 'ro')
  mkdirSync(point)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', point], { stdio: 'pipe' })
  } catch {
    // no root, no mount command, or a container without the right to: the test is skipped and counted
    process.stderr.write('no read-only disk: this user may not mount\n')
    return undefined
  }
  // lazily: a server that is still ending may have it open
  afterAll(() => void execFileSync('umount', ['-l', point]))
  return point
}
