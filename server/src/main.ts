import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import closeWithGrace from 'close-with-grace'
import { createJwtAuthorizer } from './auth/jwt.ts'
import { openAccess } from './authorize.ts'
import { createCollabServer, type CollabServer } from './collab-server.ts'
import { formatHelp, formatProblems } from './config-help.ts'
import { readConfig, type Config } from './config.ts'
import { createLogger, type Logger } from './logger.ts'
import { openStorage } from './open-storage.ts'
import { explainStartFailure } from './start-failure.ts'
import { VERSION } from './version.ts'

// the one file that touches `process`

/** sysexits.h: configuration error. */
const EX_CONFIG = 78
/** SIGTERM promises an end within 10 s. */
const GRACE_MS = 9_500
/** An empty event loop is no wish to close, and unhandled rejections are only logged. */
const SKIPPED: ('beforeExit' | 'unhandledRejection')[] = ['beforeExit', 'unhandledRejection']

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') {
    process.stdout.write(formatHelp(VERSION))
    return
  }
  if (argument === '--version') {
    process.stdout.write(`${VERSION}\n`)
    return
  }
  const result = readConfig(process.env)
  if (!result.ok) {
    process.stderr.write(`${formatProblems(result.problems)}\n`)
    process.exitCode = EX_CONFIG
    return
  }
  const { config } = result
  const { instanceId, logger } = nameOf(config)
  let server: CollabServer | undefined
  // before anything is open: a signal during the start must close what is there
  closeWithGrace(
    { delay: GRACE_MS, logger: false, skip: SKIPPED, ...lastWords(logger) },
    async ({ signal, err }) => {
      if (err !== undefined) logger.fatal({ err }, 'unexpected error, closing')
      else logger.info({ signal }, 'draining')
      const isDone = (await server?.close()) ?? true
      // an exit code other than 0 tells whoever supervises this process
      if (!isDone) throw new Error('not everything could be closed in time')
      logger.info('closed')
    },
  )
  // a promise nobody waited for is a bug, but no reason to send everybody away
  process.on('unhandledRejection', (err) => logger.error({ err }, 'unhandled rejection'))
  try {
    server = await open(config, instanceId, logger)
    const url = await listen(server, config)
    logger.info({ url }, 'listening')
    process.stdout.write(`${JSON.stringify({ event: 'listening', url, instanceId })}\n`)
  } catch (error) {
    process.stderr.write(`${explainStartFailure(error, config)}\n`)
    process.exit(1)
  }
}

/**
 * Serves through a server that somebody else listens with: a platform that imports this file. Its end is ours, and SIGTERM
 * drains; the process and its exit code stay theirs.
 *
 * @throws Error where the configuration is bad, or storage cannot be opened: what happened and what to do
 */
async function serveThrough(http: Server): Promise<void> {
  const result = readConfig(process.env)
  if (!result.ok) throw new Error(formatProblems(result.problems))
  const { config } = result
  const { instanceId, logger } = nameOf(config)
  let rooms: CollabServer
  try {
    rooms = await open(config, instanceId, logger)
  } catch (error) {
    throw new Error(explainStartFailure(error, config), { cause: error })
  }
  http.on('request', (request, response) => rooms.handle(request, response))
  rooms.attach(http)
  http.once('listening', () => logger.info({ address: http.address() }, 'listening'))
  http.once('close', () => void rooms.close())
  process.once('SIGTERM', () => {
    logger.info({ signal: 'SIGTERM' }, 'draining')
    void rooms.close().then(() => {
      http.close()
      http.closeAllConnections()
    })
  })
}

function nameOf(config: Config): { readonly instanceId: string; readonly logger: Logger } {
  const instanceId = config.instanceId ?? randomBytes(9).toString('base64url')
  return { instanceId, logger: createLogger({ level: config.logLevel, instanceId }) }
}

async function open(config: Config, instanceId: string, logger: Logger): Promise<CollabServer> {
  // commits come once rooms are open, long after the server stands
  const made: { server?: CollabServer } = {}
  const storage = await openStorage(config.storage, logger, {
    maxRevocations: config.limits.revocations,
    onCommit: (stats) => made.server?.metrics.committed(stats),
  })
  made.server = createCollabServer({
    backend: storage.backend,
    storageKind: storage.kind,
    redis: storage.redis,
    authorize: config.auth.kind === 'jwt' ? createJwtAuthorizer(config.auth.options) : openAccess,
    authKind: config.auth.kind,
    adminToken: config.adminToken,
    allowedOrigins: config.allowedOrigins,
    staticDir: config.staticDir,
    limits: config.limits,
    instanceId,
    logger,
    collectProcess: true,
  })
  logger.info(
    {
      storage: storage.kind,
      durability: storage.backend.durability,
      redis: storage.kind === 'redis' ? 'on' : 'off',
      auth: config.auth.kind,
    },
    'open',
  )
  return made.server
}

async function listen(server: CollabServer, { port, host }: Config): Promise<string> {
  try {
    return await server.listen({ port, host })
  } catch (error) {
    await server.close()
    throw error
  }
}

function lastWords(logger: Logger): {
  onSecondSignal: (signal?: string) => void
  onSecondError: (error: unknown) => void
  onTimeout: (delay: number) => void
} {
  return {
    onSecondSignal: (signal) => logger.warn({ signal }, 'second signal, exiting at once'),
    onSecondError: (err) => logger.fatal({ err }, 'second error while closing, exiting at once'),
    onTimeout: (delayMs) => logger.error({ delayMs }, 'closing took too long, exiting'),
  }
}

/** Whether Node was started with this file; the path may lack its extension or lead through links. */
function isStarted(): boolean {
  const [, started] = process.argv
  if (started === undefined) return false
  try {
    return createRequire(import.meta.url).resolve(started) === fileURLToPath(import.meta.url)
  } catch {
    // MODULE_NOT_FOUND: started without a file, by --eval for one
    return false
  }
}

/**
 * For platforms that import their entry and listen themselves, as Vercel does: complete once this module is. Started with
 * `node server/dist/main.js`, the process listens by itself and this one does nothing.
 *
 * @example
 * const { default: server } = await import('./server/dist/main.js')
 * server.listen(3000)
 */
const server: Server = createServer()
await (isStarted() ? main() : serveThrough(server))
export default server
