import type { IncomingMessage } from 'node:http'
import type { Permission, RoomName } from '@roomful/shared'
import type { Clock } from './clock.ts'

/** Who asks for which room. */
export interface AuthorizeRequest {
  readonly room: RoomName
  /** `?token=`; it never appears in logs. */
  readonly token: string | undefined
  /** The HTTP upgrade request: headers, address, cookies. */
  readonly request: IncomingMessage
}

/** What an authorizer may answer; `none` closes with 4403, also for rooms one may not know of. */
export type Access = Permission | 'none'

/**
 * Decides before any work on a room. Throwing, rejecting, taking longer than {@link AUTHORIZE_TIMEOUT_MS} or answering
 * anything else closes with 1011: the client tries again.
 *
 * @example
 * const authorize: Authorize = ({ room, token }) => (token === secretOf(room) ? 'write' : 'none')
 */
export type Authorize = (request: AuthorizeRequest) => Access | Promise<Access>

/** An authorizer that takes longer holds a socket and its queued frames for nothing. */
export const AUTHORIZE_TIMEOUT_MS = 10_000

/** Anybody may do anything with documents; `admin` stays with `AUTH_ADMIN_TOKEN`. */
export const openAccess: Authorize = () => 'write'

/** Asks the authorizer, with a deadline; rejects when it throws, is too slow or answers nonsense. */
export function askAuthorizer(
  authorize: Authorize,
  request: AuthorizeRequest,
  clock: Clock,
): Promise<Access> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(AUTHORIZE_TIMEOUT_MS, () => {
      reject(new Error(`the authorizer did not answer within ${AUTHORIZE_TIMEOUT_MS} ms`))
    })
    const settle = (access: unknown): void => {
      stop()
      if (isAccess(access)) resolve(access)
      else reject(new TypeError('the authorizer must answer none, read, write or admin'))
    }
    const fail = (error: unknown): void => {
      stop()
      reject(error instanceof Error ? error : new Error('the authorizer threw a value that is no error'))
    }
    try {
      // Promise.resolve: a plain value and a promise settle alike
      Promise.resolve(authorize(request)).then(settle, fail)
    } catch (error) {
      fail(error)
    }
  })
}

function isAccess(value: unknown): value is Access {
  return value === 'none' || value === 'read' || value === 'write' || value === 'admin'
}
