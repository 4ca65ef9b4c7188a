import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  createCollabServer,
  createMemoryLog,
  type CollabServer,
  type CollabServerOptions,
} from '@roomful/server'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Source through tsx needs no build; `ROOMFUL_TEST_BUILT=1` runs what a stranger runs. */
const SOURCE_ARGS = ['--conditions=@roomful/source', '--import', 'tsx', 'server/src/main.ts']
const BUILT_ARGS = ['server/dist/main.js']

/** How to start a server process. */
export interface ServerProcessOptions {
  /** Default: a temporary folder of its own. */
  readonly dataDir?: string | undefined
  /** Default: any free one. */
  readonly port?: number | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly built?: boolean | undefined
  /** For Node itself, before the server's file. */
  readonly nodeArgs?: readonly string[] | undefined
}

/** A server process that listens. */
export interface ServerProcess {
  readonly pid: number
  readonly port: number
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** `ws://127.0.0.1:<port>/ws` */
  readonly wsUrl: string
  readonly instanceId: string
  /** Everything it has printed so far. */
  stdout(): string
  stderr(): string
  /** Sends a signal; resolves to the exit code once it is gone, `null` when the signal itself ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void
  /** Resolves to the exit code. */
  readonly exited: Promise<number | null>
}

/** How a process ended, with what it printed. */
export interface EndedProcess {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A child of this test process, its output kept; killed at the latest when the test process ends. */
function launch(options: ServerProcessOptions, args: readonly string[] = []) {
  const isBuilt = options.built ?? process.env['ROOMFUL_TEST_BUILT'] === '1'
  const child = spawn(
    process.execPath,
    [...(options.nodeArgs ?? []), ...(isBuilt ? BUILT_ARGS : SOURCE_ARGS), ...args],
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: String(options.port ?? 0),
        DATA_DIR: options.dataDir ?? temporaryFolder(),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const killAtExit = (): void => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const exited = new Promise<number | null>((resolve) => {
    // close, not exit: all output has been read then
    child.once('close', (code) => {
      process.off('exit', killAtExit)
      resolve(code)
    })
  })
  return { child, output, exited }
}

/** Runs the server with arguments or settings that end it, to its end. */
export async function runServer(
  options: ServerProcessOptions,
  args: readonly string[] = [],
): Promise<EndedProcess> {
  const { output, exited } = launch(options, args)
  const code = await exited
  return { code, ...output }
}

/** Starts a server process and waits for its `listening` line. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const { child, output, exited } = launch(options)
  const line = await Promise.race([
    new Promise<string>((resolve) => {
      child.stdout.on('data', () => {
        const end = output.stdout.indexOf('\n')
        if (end >= 0) resolve(output.stdout.slice(0, end))
      })
    }),
    exited.then((code): never => {
      throw new Error(`the server ended with ${code} before it listened:\n${output.stderr}`)
    }),
  ])
  const { url, instanceId } = JSON.parse(line) as { url: string; instanceId: string }
  const port = Number(new URL(url).port)
  return {
    pid: child.pid ?? -1,
    port,
    url,
    wsUrl: `ws://127.0.0.1:${port}/ws`,
    instanceId,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exited,
    signal: (signal) => void child.kill(signal),
    kill(signal) {
      child.kill(signal)
      return exited
    },
  }
}

/** A server inside the test process. */
export interface LocalServer {
  readonly server: CollabServer
  readonly url: string
  readonly wsUrl: string
  /** The value of a metric, by its name and labels as `/metrics` prints them; 0 where it is not there yet. */
  metric(series: string): Promise<number>
  close(): Promise<void>
}

/** Starts a server in this process, on memory unless a log is given. */
export async function startServer(options: Partial<CollabServerOptions> = {}): Promise<LocalServer> {
  const server = createCollabServer({ backend: createMemoryLog(), ...options })
  const url = await server.listen({ port: 0 })
  return {
    server,
    url,
    wsUrl: `${url.replace('http', 'ws')}/ws`,
    metric: (series) => readMetric(url, series),
    close: async () => {
      await server.close()
    },
  }
}

/**
 * Reads one value from a server's `/metrics`.
 *
 * @example await readMetric(server.url, 'roomful_refused_total{reason="origin"}')
 */
export async function readMetric(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? 0 : Number(line.slice(series.length + 1))
}

const folders = new Set<string>()

/** A new empty folder, removed when the test process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roomful-test-'))
  if (folders.size === 0) {
    process.once('exit', () => {
      for (const path of folders) if (existsSync(path)) rmSync(path, { recursive: true, force: true })
    })
  }
  folders.add(folder)
  return folder
}
