import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeOfHocuspocus, PEERS } from './peers.ts'
import { freePort, start, type RunningServer } from './running.ts'

/** The servers that can be measured, by the name of their rows. */
export type ServerName =
  | 'roomful'
  | 'y-websocket'
  | 'y-redis'
  | 'hocuspocus'
  | 'limit-ws'
  | 'limit-tick0'
  | 'limit-tick20'
  | 'limit-redis'

export const SERVER_NAMES: readonly ServerName[] = [
  'roomful',
  'y-websocket',
  'y-redis',
  'hocuspocus',
  'limit-ws',
  'limit-tick0',
  'limit-tick20',
  'limit-redis',
]

/** What a run may ask of its server. */
export interface ServerOptions {
  /** Where it keeps what it stores; default: a folder that is gone after the run for Roomful, nothing for the peers. */
  readonly dataDir?: string
  readonly env?: NodeJS.ProcessEnv
  /** Default: any free one. */
  readonly port?: number
  /** For the profiler: `--cpu-prof`. */
  readonly nodeArgs?: readonly string[]
}

const ROOT = join(import.meta.dirname, '..', '..')

/** Whether a server has to be installed first. */
export function isPeer(name: ServerName): boolean {
  return name === 'y-websocket' || name === 'y-redis' || name === 'hocuspocus'
}

/** Starts a server with its default settings. */
export async function startServer(name: ServerName, options: ServerOptions = {}): Promise<RunningServer> {
  const port = options.port ?? (await freePort())
  const { env = {}, nodeArgs = [] } = options
  switch (name) {
    case 'roomful': {
      const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'roomful-bench-'))
      const server = await start({
        command: process.execPath,
        args: [...nodeArgs, join(ROOT, 'server', 'dist', 'main.js')],
        env: { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, ...env },
        port,
        path: '/ws/',
        dialect: 'y',
      })
      return options.dataDir === undefined ? withCleanUp(server, dataDir) : server
    }
    case 'y-websocket':
      return start({
        command: process.execPath,
        args: [...nodeArgs, join(PEERS, 'node_modules', '@y', 'websocket-server', 'src', 'server.js')],
        env: {
          PORT: String(port),
          HOST: '127.0.0.1',
          ...(options.dataDir === undefined ? {} : { YPERSISTENCE: options.dataDir }),
          ...env,
        },
        port,
        path: '/',
        dialect: 'y',
      })
    case 'y-redis':
      return start({
        command: process.execPath,
        args: [...nodeArgs, join(PEERS, 'y-redis.mjs')],
        env: { PORT: String(port), ...env },
        port,
        path: '/',
        dialect: 'y',
      })
    case 'hocuspocus':
      return start({
        command: await nodeOfHocuspocus(),
        args: [...nodeArgs, join(PEERS, 'hocuspocus.mjs')],
        env: { PORT: String(port), ...env },
        port,
        path: '/',
        dialect: 'hocuspocus',
      })
    case 'limit-ws':
    case 'limit-tick0':
    case 'limit-tick20':
      return start({
        command: process.execPath,
        args: [
          ...nodeArgs,
          join(import.meta.dirname, 'limit.mjs'),
          '--port',
          String(port),
          '--mode',
          name.slice('limit-'.length),
        ],
        env,
        port,
        path: '/',
        dialect: 'opaque',
      })
    case 'limit-redis':
      return start({
        command: process.execPath,
        args: [...nodeArgs, join(import.meta.dirname, 'limit-redis.mjs'), '--port', String(port)],
        env,
        port,
        path: '/',
        dialect: 'opaque',
      })
  }
}

function withCleanUp(server: RunningServer, dataDir: string): RunningServer {
  const clean = (): void => rmSync(dataDir, { recursive: true, force: true })
  return {
    ...server,
    stop: () => server.stop().finally(clean),
    kill: () => server.kill().finally(clean),
  }
}
