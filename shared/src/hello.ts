import { isCount, isFinite, isObject, isOneOf, isText } from './guards.ts'

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
}

/** Parses the JSON text of message 103; `undefined` where it is none. Unknown fields are left out. */
export function parseHello(json: string): Hello | undefined {
  const value = parseJson(json)
  if (!isObject(value) || !isObject(value['limits'])) return undefined
  const { protocol, generation, durability, now, permission, instanceId } = value
  const { frameBytes, awarenessBytes, updatesPerSecond } = value['limits']
  if (!isCount(protocol) || !isCount(generation) || !isFinite(now) || !isText(instanceId, 0, 64))
    return undefined
  if (!isOneOf(DURABILITIES, durability) || !isOneOf(PERMISSIONS, permission)) return undefined
  if (!isCount(frameBytes) || !isCount(awarenessBytes) || !isCount(updatesPerSecond)) return undefined
  const limits = { frameBytes, awarenessBytes, updatesPerSecond }
  return { protocol, generation, durability, now, permission, limits, instanceId }
}

/** Codes of message 104. */
export const NOTICE_CODES = [
  'too-large',
  'rate-limited',
  'read-only',
  'refused',
  'draining',
  'clientid-conflict',
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
  const value = parseJson(json)
  if (!isObject(value)) return undefined
  const { code, message, retryAfterMs } = value
  if (!isOneOf(NOTICE_CODES, code) || !isText(message)) return undefined
  if (retryAfterMs === undefined) return { code, message }
  return isCount(retryAfterMs) ? { code, message, retryAfterMs } : undefined
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // SyntaxError: not JSON, so not the message either
    return undefined
  }
}
