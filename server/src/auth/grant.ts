import { clampColor, cleanName, PERMISSIONS, type Permission } from '@roomful/shared'
import type { VerifiedUser } from '../authorize.ts'

/** An authorizer's answer, checked. */
export type Grant = Refused | Granted

/** `token`: sign in again (4401). `room`: this room is not for them, or there is none (4403). */
export interface Refused {
  readonly access: 'none'
  readonly reason: 'token' | 'room'
  readonly detail: string | undefined
}

/** The way in, and how long it stays open. */
export interface Granted {
  readonly access: Permission
  readonly user: VerifiedUser | undefined
  /** ms since 1970 */
  readonly expiresAt: number | undefined
  /** ms since 1970 */
  readonly issuedAt: number | undefined
}

/** What presence and chat take for an id. */
export const MAX_USER_ID_LENGTH = 64
const HEX_COLOR = /^#[0-9a-f]{6}$/i
/** 1973 in milliseconds: whoever is below it has counted in seconds. */
const LEAST_TIME_MS = 100_000_000_000

const WRONG =
  'the authorizer must answer none, read, write or admin, or an object { access, user?, expiresAt?, issuedAt?, reason?, detail? }'

/**
 * Parses what an authorizer answered. A grant that has expired already is a refusal of the token.
 *
 * @throws TypeError where it is no answer
 * @example parseGrant({ access: 'read', user: { id: 'ada' } }, Date.now())
 */
export function parseGrant(answer: unknown, now: number): Grant {
  if (answer === 'none') return { access: 'none', reason: 'room', detail: undefined }
  if (isPermission(answer))
    return { access: answer, user: undefined, expiresAt: undefined, issuedAt: undefined }
  if (!isFields(answer)) throw new TypeError(WRONG)
  const { access, user, reason, detail } = answer
  if (access === 'none') {
    if (reason !== undefined && reason !== 'token') throw new TypeError(WRONG)
    return {
      access,
      reason: reason ?? 'room',
      detail: typeof detail === 'string' ? detail : undefined,
    }
  }
  if (!isPermission(access)) throw new TypeError(WRONG)
  const expiresAt = parseTime('expiresAt', answer['expiresAt'])
  const issuedAt = parseTime('issuedAt', answer['issuedAt'])
  if (expiresAt !== undefined && expiresAt <= now)
    return { access: 'none', reason: 'token', detail: 'expired' }
  return { access, user: user === undefined ? undefined : parseUser(user), expiresAt, issuedAt }
}

function parseUser(value: unknown): VerifiedUser {
  if (!isFields(value)) throw new TypeError('the user of an authorizer must be { id, name?, color? }')
  const { id, name, color } = value
  if (typeof id !== 'string' || id === '' || id.length > MAX_USER_ID_LENGTH)
    throw new TypeError(`user.id of an authorizer must be 1-${MAX_USER_ID_LENGTH} characters`)
  const shown = typeof name === 'string' ? cleanName(name) : ''
  const isColor = typeof color === 'string' && HEX_COLOR.test(color)
  return {
    id,
    ...(shown !== '' && { name: shown }),
    ...(isColor && { color: clampColor(color) }),
  }
}

function parseTime(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !(value >= LEAST_TIME_MS))
    throw new TypeError(`${name} of an authorizer must be milliseconds since 1970`)
  return value
}

function isPermission(value: unknown): value is Permission {
  return PERMISSIONS.some((permission) => permission === value)
}

function isFields(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
