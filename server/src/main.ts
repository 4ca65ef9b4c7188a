import { randomBytes } from 'node:crypto'
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

/** sysexits.h: configuration error. */
const EX_CONFIG = 78
/** SIGTERM promises an end within 10 s. */
const GRACE_MS = 9_500
/** An empty event loop is no wish to close, and unhandled rejections are only logged. */
const SKIPPED: ('beforeExit' | 'unhandledRejection')[] = ['beforeExit', 'unhandledRejection']

/** The one place that touches `process`. */
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
  const instanceId = config.instanceId ?? randomBytes(9).toString('base64url')
  const logger = createLogger({ level: config.logLevel, instanceId })
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
    server = await start(config, instanceId, logger)
  } catch (error) {
    process.stderr.write(`${explainStartFailure(error, config)}\n`)
    process.exit(1)
  }
}

async function start(config: Config, instanceId: string, logger: Logger): Promise<CollabServer> {
  // commits come once rooms are open, long after the server stands
  const made: { server?: CollabServer } = {}
  const storage = await openStorage(config.storage, logger, (stats) => made.server?.metrics.committed(stats))
  const server = (made.server = createCollabServer({
    backend: storage.backend,
    storageKind: storage.kind,
    authorize: config.auth.kind === 'jwt' ? createJwtAuthorizer(config.auth.options) : openAccess,
    authKind: config.auth.kind,
    adminToken: config.adminToken,
    allowedOrigins: config.allowedOrigins,
    staticDir: config.staticDir,
    limits: config.limits,
    instanceId,
    logger,
    collectProcess: true,
  }))
  let url: string
  try {
    url = await server.listen({ port: config.port, host: config.host })
  } catch (error) {
    await server.close()
    throw error
  }
  logger.info(
    {
      url,
      storage: storage.kind,
      durability: storage.backend.durability,
      redis: 'off',
      auth: config.auth.kind,
    },
    'listening',
  )
  process.stdout.write(`${JSON.stringify({ event: 'listening', url, instanceId })}\n`)
  return server
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

await main()
