import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, start, type RunningServer } from './running.ts'

/** A Redis of a case's own, as an operator would run it: an append-only file, synced each second. */
export async function startRedis(): Promise<RunningServer & { readonly url: string }> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'))
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', appendfsync: 'everysec' }
  const server = await start({
    command: 'redis-server',
    args: [
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      '--save',
      '',
    ],
    env: {},
    port,
    path: '/',
    dialect: 'opaque',
  })
  const clean = (): void => rmSync(folder, { recursive: true, force: true })
  return {
    ...server,
    url: `redis://127.0.0.1:${port}`,
    stop: () => server.stop().finally(clean),
    kill: () => server.kill().finally(clean),
  }
}
