import type { HttpBindings } from '@hono/node-server'
import { parseRoomSegment } from '@roomful/shared'
import { Hono, type Context } from 'hono'
import type { Doorkeeper } from '../auth/doorkeeper.ts'
import type { Clock } from '../clock.ts'
import { LogError } from '../log/log-error.ts'
import type { RedisStats } from '../log/redis-stats.ts'
import type { LogBackend } from '../log/room-log.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import { RoomUnavailable, type RoomRegistry } from '../room-registry.ts'
import { requireAdmin } from './admin.ts'
import { apiError } from './api-error.ts'
import { probeStorage, type Readiness } from './health.ts'
import { createOnlineRoute } from './online-api.ts'
import { createRevokeRoute } from './revoke-api.ts'
import { createRoomsApi } from './rooms-api.ts'

/** What the HTTP routes look at. */
export interface RouteOptions {
  readonly backend: LogBackend
  readonly registry: RoomRegistry
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  readonly door: Doorkeeper
  readonly adminToken: string | undefined
  readonly isDraining: () => boolean
  /** Of a log on Redis. */
  readonly redis?: RedisStats | undefined
  /** The parts of readiness that do not change. */
  readonly about: Pick<Readiness, 'auth' | 'instanceId' | 'version'> & { readonly storageKind: string }
}

/** Paths that are the server's; all others are the web app's. */
const SERVER_PATH = /^\/(healthz|readyz|metrics|api|ws|server)(\/|$)/

/** Whether a path belongs to {@link createRoutes}. */
export function isServerPath(path: string): boolean {
  return SERVER_PATH.test(path)
}

/** Every HTTP route of the server, plain and under `/server`. */
export function createRoutes(options: RouteOptions): Hono<{ Bindings: HttpBindings }> {
  const { metrics, logger, registry } = options
  const routes = new Hono<{ Bindings: HttpBindings }>()
  routes.use(async (context, next) => {
    await next()
    context.header('Cache-Control', 'no-store')
  })
  routes.get('/healthz', (context) => context.json({ status: 'ok', instanceId: options.about.instanceId }))
  routes.get('/readyz', async (context) => {
    const readiness = await readinessOf(options)
    return context.json(readiness, readiness.ready ? 200 : 503)
  })
  routes.get('/metrics', async (context) => {
    context.header('Content-Type', metrics.registry.contentType)
    return context.body(await metrics.registry.metrics())
  })
  routes.get('/ws/:room', needsUpgrade)
  // before the admin's: this one is for everybody who may enter the room
  routes.get(
    '/api/v1/rooms/:room/online',
    createOnlineRoute({ ...options, peopleIn: (room) => registry.peek(room)?.people ?? 0 }),
  )
  const admin = requireAdmin(options.adminToken, metrics)
  routes.use('/api/v1/rooms/*', admin)
  routes.route('/api/v1/rooms', createRoomsApi(options.backend, options.registry))
  routes.post('/api/v1/revoke', admin, createRevokeRoute(options.door))

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.route('/server', routes)
  app.route('/', routes)
  app.notFound((context) => apiError(context, 404, 'not-found', 'There is no such route.'))
  app.onError((error, context) => {
    if (isUnavailable(error)) {
      context.header('Retry-After', '5')
      return apiError(context, 503, 'unavailable', error.message)
    }
    metrics.callbackErrors.inc()
    // the path only: a token may stand in the query
    logger.error({ err: error, path: context.req.path }, 'request failed')
    return apiError(context, 500, 'internal', 'The server failed; its log says why.')
  })
  return app
}

/** Storage or the process cannot do it now: no fault of the request, and none of the code. */
function isUnavailable(error: Error): boolean {
  if (error instanceof LogError) return error.code === 'unavailable' || error.code === 'closed'
  return error instanceof RoomUnavailable
}

function needsUpgrade(context: Context): Response {
  if (parseRoomSegment(new URL(context.req.url).pathname.split('/').at(-1) ?? '') === undefined)
    return apiError(context, 400, 'bad-room-name', 'A room name is 1-128 of A-Z a-z 0-9 . _ ~ -.')
  context.header('Upgrade', 'websocket')
  context.header('Connection', 'Upgrade')
  return apiError(
    context,
    426,
    'upgrade-required',
    'This is a WebSocket address; a proxy in between may have dropped the Upgrade header.',
  )
}

function redisState({ about, redis }: RouteOptions): Readiness['redis'] {
  if (redis === undefined) return about.storageKind === 'redis' ? 'on' : 'off'
  return redis.isConnected('commands') && redis.isConnected('subscriptions') ? 'on' : 'away'
}

async function readinessOf(options: RouteOptions): Promise<Readiness> {
  const { storageKind, ...about } = options.about
  const draining = options.isDraining()
  const isStorageOk = !draining && (await probeStorage(options.backend, options.registry, options.clock))
  return {
    ready: !draining && isStorageOk,
    draining,
    storage: { kind: storageKind, state: draining || isStorageOk ? 'ok' : 'failing' },
    durability: options.backend.durability,
    redis: redisState(options),
    ...about,
  }
}
