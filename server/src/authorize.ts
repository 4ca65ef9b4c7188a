import type { IncomingMessage } from 'node:http'
import type { Permission, RoomName } from '@roomful/shared'
import { parseGrant, type Grant } from './auth/grant.ts'
import type { Clock } from './clock.ts'

/** Who asks for which room. */
export interface AuthorizeRequest {
  readonly room: RoomName
  /** `?token=`; it never appears in logs. */
  readonly token: string | undefined
  /** The HTTP upgrade request: headers, address, cookies. */
  readonly request: IncomingMessage
}

/** What may be done in a room; `none` closes with 4403, also for rooms one may not know of. */
export type Access = Permission | 'none'

/** Who a connection is, as the authorizer knows it: what stands here, nobody on that connection can say otherwise. */
export interface VerifiedUser {
  /** 1-64 characters: the person's, the same in all their tabs. */
  readonly id: string
  /** Without one the client chooses; shortened to what presence shows. */
  readonly name?: string | undefined
  /** `#rrggbb`; without one the client chooses. Made legible on both themes. */
  readonly color?: string | undefined
}

/** An answer with more to it than the access. */
export interface AuthorizeAnswer {
  readonly access: Access
  /** Presence shows this person and nobody else, and chat messages must be theirs. */
  readonly user?: VerifiedUser | undefined
  /** ms since 1970: then the authorizer is asked again, while the socket stays open. */
  readonly expiresAt?: number | undefined
  /** ms since 1970: `revoke()` ends what was issued before it. Without it `revoke()` only asks again. */
  readonly issuedAt?: number | undefined
  /** With `none`: the token is missing, invalid or expired, and the socket is closed with 4401 instead of 4403. */
  readonly reason?: 'token' | undefined
  /** With `none`: for the debug log. Never the token. */
  readonly detail?: string | undefined
}

/**
 * Decides before any work on a room, and again at `expiresAt`, `revoke()` and `reauthorize()`. Throwing, rejecting,
 * taking longer than {@link AUTHORIZE_TIMEOUT_MS} or answering anything else closes with 1011: the client tries again.
 *
 * @example
 * const authorize: Authorize = async ({ room, token }) => {
 *   const session = await sessions.find(token)
 *   if (session === undefined) return { access: 'none', reason: 'token' }
 *   return { access: await session.accessTo(room), user: { id: session.userId, name: session.name } }
 * }
 */
export type Authorize = (
  request: AuthorizeRequest,
) => Access | AuthorizeAnswer | Promise<Access | AuthorizeAnswer>

/** An authorizer that takes longer holds a socket and its queued frames for nothing. */
export const AUTHORIZE_TIMEOUT_MS = 10_000

/** Anybody may do anything with documents; `admin` stays with `AUTH_ADMIN_TOKEN`. */
export const openAccess: Authorize = () => 'write'

/** Asks the authorizer, with a deadline; rejects when it throws, is too slow or answers nonsense. */
export function askAuthorizer(authorize: Authorize, request: AuthorizeRequest, clock: Clock): Promise<Grant> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(AUTHORIZE_TIMEOUT_MS, () => {
      reject(new Error(`the authorizer did not answer within ${AUTHORIZE_TIMEOUT_MS} ms`))
    })
    const fail = (error: unknown): void => {
      stop()
      reject(error instanceof Error ? error : new Error('the authorizer threw a value that is no error'))
    }
    const settle = (answer: unknown): void => {
      stop()
      resolve(parseGrant(answer, clock.now()))
    }
    try {
      // Promise.resolve: a plain value and a promise settle alike
      Promise.resolve(authorize(request)).then(settle).catch(fail)
    } catch (error) {
      fail(error)
    }
  })
}
