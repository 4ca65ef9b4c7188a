import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { connectRoomful, type RoomfulClient } from '../support/roomful-client.ts'
import { temporaryFolder } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What a platform does with its entry: import it, look at the default export, listen with it. */
const PLATFORM = `
  import { createServer, Server } from 'node:http'
  const { default: server } = await import(process.env.ENTRY)
  if (!(server instanceof Server) || server.listening) throw new Error('no idle http.Server: ' + server)
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
  process.once('SIGINT', () => server.close())`

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function importEntry(env: NodeJS.ProcessEnv) {
  // the build, as a platform has it: vercel.mjs leads there
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PLATFORM], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: temporaryFolder(),
      LOG_LEVEL: 'error',
      ENTRY: new URL('../../server/vercel.mjs', import.meta.url).href,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes: Buffer) => (output.stdout += String(bytes)))
  child.stderr.on('data', (bytes: Buffer) => (output.stderr += String(bytes)))
  cleanups.push(async () => {
    child.kill('SIGKILL')
    await closed
  })
  return { child, closed, output }
}

function enter(port: number): RoomfulClient {
  const client = connectRoomful(`ws://127.0.0.1:${port}/server/ws`, 'entry')
  cleanups.push(() => client.destroy())
  return client
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  "the imported entry is an http.Server that serves routes and sockets under /server; %s of its process, or the server's close, settles everything",
  async (signal) => {
    const { child, closed, output } = importEntry({})
    await waitFor('the port', () => output.stdout.includes('\n'))
    const port = Number(output.stdout)
    const ready = await fetch(`http://127.0.0.1:${port}/server/readyz`)
    expect(await ready.json()).toMatchObject({ ready: true, durability: 'disk' })
    const [ada, bob] = [enter(port), enter(port)]
    await waitFor('both to be in', () => ada.provider.synced && bob.provider.synced)
    ada.doc.getText('note').insert(0, 'through the import')
    await waitFor('Bob to read it', () => bob.doc.getText('note').length === 18 && ada.provider.pending === 0)
    if (signal === 'SIGINT') for (const one of [ada, bob]) one.destroy()
    child.kill(signal)
    expect(await closed).toEqual([0, null])
    expect(output.stderr).toBe('')
  },
)

test('a deployment that would lose rooms, or let anybody in unasked, does not load, and says why', async () => {
  const { closed, output } = importEntry({ VERCEL_ENV: 'production' })
  expect(await closed).toEqual([1, null])
  expect(output.stderr).toContain('Bad configuration: AUTH_MODE must be chosen')
  expect(output.stderr).toContain('REDIS_URL must be set on Vercel')
  expect(output.stdout).toBe('')
})
