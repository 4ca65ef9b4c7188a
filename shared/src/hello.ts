import { fieldsOf, isCount, isFinite, isOneOf, isText, type Fields } from './guards.ts'

/** What an acknowledgement (102) means here. */
export const DURABILITIES = [
  'none',
  'disk',
  'redis-always',
  'redis-everysec',
  'redis-none',
  'redis-unknown',
] as const
export type Durability = (typeof DURABILITIES)[number]

/** What the authorizer gave this connection. */
export const PERMISSIONS = ['read', 'write', 'admin'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** The JSON of message 103, the first frame to a client that asked with `v=1`. */
export interface Hello {
  readonly protocol: number
  /** +1 at each deletion of the room; a client with an older copy keeps it aside. */
  readonly generation: number
  readonly durability: Durability
  /** Server clock, ms since 1970: the client's offset comes from it. */
  readonly now: number
  readonly permission: Permission
  readonly limits: {
    readonly frameBytes: number
    readonly awarenessBytes: number
    readonly updatesPerSecond: number
  }
  readonly instanceId: string
  /** Who the server takes this connection for: presence and chat say this and nothing else. */
  readonly user?: VerifiedIdentity | undefined
}

/** A person as the authorizer knows them; what is absent the client chooses. */
export interface VerifiedIdentity {
  readonly id: string
  readonly name?: string | undefined
  readonly color?: string | undefined
}

/** Parses the JSON text of message 103; `undefined` where it is none. Unknown fields are left out. */
export function parseHello(json: string): Hello | undefined {
  const { protocol, generation, durability, now, permission, limits, instanceId, user } = parseFields(json)
  const identity = parseIdentity(user)
  const { frameBytes, awarenessBytes, updatesPerSecond } = fieldsOf(limits)
  return isCount(protocol) &&
    isCount(generation) &&
    isOneOf(DURABILITIES, durability) &&
    isFinite(now) &&
    isOneOf(PERMISSIONS, permission) &&
    isCount(frameBytes) &&
    isCount(awarenessBytes) &&
    isCount(updatesPerSecond) &&
    isText(instanceId, 0, 64)
    ? {
        protocol,
        generation,
        durability,
        now,
        permission,
        limits: { frameBytes, awarenessBytes, updatesPerSecond },
        instanceId,
        ...(identity !== undefined && { user: identity }),
      }
    : undefined
}

function parseIdentity(value: unknown): VerifiedIdentity | undefined {
  const { id, name, color } = fieldsOf(value)
  if (!isText(id, 1, MAX_ID_LENGTH)) return undefined
  return { id, ...(isText(name, 1) && { name }), ...(isText(color, 7, 7) && { color }) }
}

const MAX_ID_LENGTH = 64

/** Codes of message 104. */
export const NOTICE_CODES = [
  'too-large',
  'rate-limited',
  'read-only',
  'refused',
  'draining',
  'clientid-conflict',
  'clock-stolen',
  'progress',
] as const
export type NoticeCode = (typeof NOTICE_CODES)[number]

/** The JSON of message 104: something the person or the program should know; the connection goes on. */
export interface Notice {
  readonly code: NoticeCode
  /** What happened and what to do, for people. */
  readonly message: string
  /** With `draining`: reconnect after so many ms. */
  readonly retryAfterMs?: number | undefined
}

/** Parses the JSON text of message 104; `undefined` where it is none, or of a code this version does not know. */
export function parseNotice(json: string): Notice | undefined {
  const { code, message, retryAfterMs } = parseFields(json)
  if (!isOneOf(NOTICE_CODES, code) || !isText(message)) return undefined
  if (retryAfterMs === undefined) return { code, message }
  return isCount(retryAfterMs) ? { code, message, retryAfterMs } : undefined
}

function parseFields(json: string): Fields {
  try {
    return fieldsOf(JSON.parse(json))
  } catch {
    // SyntaxError: not JSON, so not the message either
    return {}
  }
}
