import type { HttpBindings } from '@hono/node-server'
import { parseRoomSegment, type RoomName } from '@roomful/shared'
import type { Handler } from 'hono'
import type { Doorkeeper } from '../auth/doorkeeper.ts'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics.ts'
import { clientAddress } from '../socket/address.ts'
import { AddressWindow } from './address-window.ts'
import { apiError } from './api-error.ts'

/** What a count of people looks at. */
export interface OnlineOptions {
  /** Different persons in a room that is open here; 0 for every other room. Opens nothing. */
  readonly peopleIn: (room: RoomName) => number
  readonly door: Doorkeeper
  readonly clock: Clock
  readonly metrics: Metrics
}

/** A room switcher asks for some ten rooms at a time; an office may share one address. */
const WINDOW_MS = 10_000
const MAX_PER_WINDOW = 400

/**
 * `GET /rooms/:room/online?token=`: how many different persons are in a room, for those who may enter it. A room that one
 * may not enter is 403 whether it exists or not, and a room that does not exist has nobody in it ([I7]).
 */
export function createOnlineRoute(options: OnlineOptions): Handler<{ Bindings: HttpBindings }> {
  const { door, clock, metrics } = options
  const window = new AddressWindow(WINDOW_MS, MAX_PER_WINDOW)
  return async (context) => {
    const request = context.env.incoming
    const url = new URL(context.req.url)
    const room = parseRoomSegment(url.pathname.split('/').at(-2) ?? '')
    if (room === undefined)
      return apiError(context, 400, 'bad-room-name', 'A room name is 1-128 of A-Z a-z 0-9 . _ ~ -.')
    const waitMs = window.take(clientAddress(request), clock.now())
    if (waitMs > 0) {
      metrics.refused('api-rate')
      context.header('Retry-After', String(Math.ceil(waitMs / 1_000)))
      return apiError(context, 429, 'rate', 'Too many requests from one address.')
    }
    // as the socket would be asked, before any look at the room
    const token = url.searchParams.get('token') ?? undefined
    const grant = await door.ask({ room, token, request })
    if (grant.access === 'none') {
      if (grant.reason === 'token') {
        metrics.refused('api-unauthorized')
        return apiError(context, 401, 'unauthorized', 'The token is missing, invalid, expired or revoked.')
      }
      metrics.refused('api-forbidden')
      return apiError(context, 403, 'forbidden', 'No access to this room.')
    }
    return context.json({ online: options.peopleIn(room) })
  }
}
