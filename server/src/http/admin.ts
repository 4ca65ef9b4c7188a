import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Metrics } from '../metrics.ts'
import { apiError } from './api-error.ts'

/**
 * Lets only the holder of the admin token through: 403 where the server has none, 401 without a bearer token, 403 with a
 * wrong one.
 */
export function requireAdmin(adminToken: string | undefined, metrics: Metrics): MiddlewareHandler {
  return async (context, next) => {
    if (adminToken === undefined) {
      metrics.refused('api-forbidden')
      return apiError(
        context,
        403,
        'disabled',
        'This API is off: start the server with AUTH_ADMIN_TOKEN to use it.',
      )
    }
    const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
    if (given === undefined) {
      metrics.refused('api-unauthorized')
      context.header('WWW-Authenticate', 'Bearer realm="roomful"')
      return apiError(context, 401, 'unauthorized', 'Send "Authorization: Bearer <AUTH_ADMIN_TOKEN>".')
    }
    if (!isSame(given, adminToken)) {
      metrics.refused('api-forbidden')
      return apiError(context, 403, 'forbidden', 'The token is not the admin token.')
    }
    return next()
  }
}

/** Equal digests are compared, so that neither length nor content shows in the time it takes. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
