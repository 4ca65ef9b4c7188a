import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'
import { temporaryFolder } from './test-server.ts'
import { waitFor } from './wait.ts'

/** How a private Redis is set up. */
export interface RedisServerOptions {
  /** Default: none, as a bare `redis-server` without snapshots. */
  readonly appendfsync?: 'always' | 'everysec' | undefined
  /** A Sentinel; more lines of its configuration: `sentinel monitor …`. */
  readonly sentinel?: readonly string[] | undefined
  /** Takes TLS only, with the certificate of `tests/support/tls`. */
  readonly isTls?: boolean | undefined
  /** A node of a cluster, alone and without keys: see `redis-nodes.ts`. */
  readonly isNode?: boolean | undefined
  /** More of redis.conf, as command line arguments. */
  readonly args?: readonly string[] | undefined
}

/** Names and places of the server. */
const TLS_FOLDER = join(import.meta.dirname, 'tls')
const COMMAND = 'redis-server'
/** A client needs no certificate of its own. */
const TLS_ENTRIES = Object.entries({
  port: '0',
  'tls-auth-clients': 'no',
  'tls-replication': 'yes',
  'tls-cert-file': join(TLS_FOLDER, 'server.crt'),
  'tls-key-file': join(TLS_FOLDER, 'server.key'),
  'tls-ca-cert-file': join(TLS_FOLDER, 'ca.crt'),
})
const TLS_SETTINGS = TLS_ENTRIES.flatMap(([name, value]) => [`--${name}`, value])
const TLS_LINES = TLS_ENTRIES.map(([name, value]) => `${name} "${value}"`)
/** A node that is gone is missed quickly, and every replica may take over. */
const NODE_TIMEOUT_MS = 1_000
const NODE_SETTINGS = Object.entries({
  'cluster-enabled': 'yes',
  'cluster-config-file': 'nodes.conf',
  'cluster-node-timeout': String(NODE_TIMEOUT_MS),
  'cluster-replica-validity-factor': '0',
  'cluster-allow-replica-migration': 'no',
  'repl-diskless-sync-delay': '0',
}).flatMap(([name, value]) => [`--${name}`, value])
/** PEM of the authority behind a server that {@link RedisServerOptions.isTls}. */
export const TLS_AUTHORITY = readFileSync(join(TLS_FOLDER, 'ca.crt'), 'utf8')
/** The port is free when it is looked for, not when Redis starts. */
const ATTEMPTS = 5

/** None outlives the process that started it. */
const running = new Set<ChildProcess>()
const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL')
}

/**
 * A Redis of a test's own: any free port of 127.0.0.1, a temporary folder, ended by its pid.
 *
 * @example
 * const redis = await RedisServer.start()
 * const log = await createRedisLog({ url: redis.url })
 * await redis.stop()
 */
export class RedisServer {
  readonly #folder: string
  readonly #options: RedisServerOptions
  #child: ChildProcess | undefined
  #port = 0
  #busPort = 0
  #admin: Redis | undefined

  private constructor(options: RedisServerOptions) {
    this.#options = options
    this.#folder = temporaryFolder()
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(options)
    await server.restart()
    return server
  }

  get port(): number {
    return this.#port
  }

  /** Over which nodes of a cluster talk with each other. */
  get busPort(): number {
    return this.#busPort
  }

  /** `redis://127.0.0.1:<port>` */
  get url(): string {
    return `redis://127.0.0.1:${this.#port}`
  }

  get folder(): string {
    return this.#folder
  }

  /** A plain client, to look and to do harm. */
  get admin(): Redis {
    if (this.#admin !== undefined) return this.#admin
    this.#admin = new Redis(this.url, {
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
      ...(this.#options.isTls === true ? { tls: { ca: TLS_AUTHORITY } } : {}),
    })
    // it is killed on purpose: the client tries again
    this.#admin.on('error', () => undefined)
    return this.#admin
  }

  /**
   * Starts it where it does not run, on its old port and over what it had stored. Resolves once that is loaded.
   *
   * @param args more of redis.conf, this time.
   */
  async restart(args: readonly string[] = []): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const port = this.#port === 0 ? await freePort() : this.#port
      try {
        if (this.#options.isNode === true && this.#port === 0) this.#busPort = await freePort()
        await this.#launch(port, args)
        this.#port = port
        return
      } catch (error) {
        if (attempt === ATTEMPTS) throw error
      }
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** As a crash; resolves once it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    this.#admin?.disconnect()
    await this.kill()
  }

  async #launch(port: number, more: readonly string[]): Promise<void> {
    const { appendfsync, sentinel: watching, isTls = false, args = [] } = this.#options
    const durability = appendfsync === undefined ? [] : ['--appendonly', 'yes', '--appendfsync', appendfsync]
    const listens = isTls ? [...TLS_SETTINGS, '--tls-port'] : ['--port']
    const place = [...listens, String(port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '']
    const sentinel = join(this.#folder, 'sentinel.conf')
    // a Sentinel wants a file that it can write to
    if (watching !== undefined)
      writeFileSync(
        sentinel,
        [
          ...(isTls ? [...TLS_LINES, `tls-port ${port}`] : [`port ${port}`]),
          'bind 127.0.0.1',
          `dir ${this.#folder}`,
          ...watching,
          '',
        ].join('\n'),
      )
    const isSecret = isTls ? ['--tls-cluster', 'yes'] : []
    const node =
      this.#busPort === 0 ? [] : [...NODE_SETTINGS, ...isSecret, '--cluster-port', String(this.#busPort)]
    const settings =
      watching === undefined ? [...place, ...durability, ...node, ...args, ...more] : [sentinel, '--sentinel']
    const child = spawn(redisCommand(), settings, {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    if (running.size === 0) process.on('exit', killAll)
    running.add(child)
    child.once('close', () => {
      running.delete(child)
      if (running.size === 0) process.off('exit', killAll)
    })
    this.#child = child
    await waitFor('Redis to take connections', () => {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}:\n${output}`)
      return output.includes(watching === undefined ? 'eady to accept connections' : 'Sentinel ID is')
    })
  }
}

/** What to do where {@link findRedis} finds none. */
export const REDIS_MISSING = 'no redis-server on PATH: apt-get install redis-server, or brew install redis'

/** The installed server's path. */
export function findRedis(): string | undefined {
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, COMMAND))
  return paths.find((path) => existsSync(path))
}

/** @throws with what to do where it is not installed. */
function redisCommand(): string {
  const found = findRedis()
  if (found === undefined) throw new Error(REDIS_MISSING)
  return found
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
