import { parseRoomName } from '@roomful/shared'
import type { Context, Handler } from 'hono'
import * as v from 'valibot'
import type { Doorkeeper } from '../auth/doorkeeper.ts'
import { MAX_USER_ID_LENGTH } from '../auth/grant.ts'
import { apiError } from './api-error.ts'

const WAITING =
  'Storage is away: this holds on the instance that you asked, and is stored and told to the others once storage is back. Ask again to be sure.'

const body = v.strictObject({
  room: v.optional(v.string()),
  userId: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_USER_ID_LENGTH))),
})

/**
 * `POST /revoke` with `{ "room"?, "userId"? }`, at least one of them: ends what was issued until now, and answers
 * `{ asked, closed, changed, kept }` once it has reached every open socket of this process and is stored; 503 where it is
 * not stored yet.
 */
export function createRevokeRoute(door: Doorkeeper): Handler {
  return async (context) => {
    const parsed = v.safeParse(body, await readJson(context))
    if (!parsed.success) return badBody(context)
    const { room: name, userId } = parsed.output
    const room = name === undefined ? undefined : parseRoomName(name)
    // a slip of the pen must not send everybody away
    if (room === undefined && (name !== undefined || userId === undefined)) return badBody(context)
    const revoked = await door.revoke({ room, userId })
    if (revoked.kept !== 'waiting') return context.json(revoked)
    return apiError(context, 503, 'unavailable', WAITING)
  }
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json()
  } catch {
    // SyntaxError: no JSON
    return undefined
  }
}

function badBody(context: Context): Response {
  return apiError(context, 400, 'bad-body', 'Send {"room": "…"}, {"userId": "…"} or both.')
}
