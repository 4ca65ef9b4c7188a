import * as v from 'valibot'

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

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

const helloSchema = v.object({
  protocol: count,
  generation: count,
  durability: v.picklist(DURABILITIES),
  now: v.pipe(v.number(), v.finite()),
  permission: v.picklist(PERMISSIONS),
  limits: v.object({
    frameBytes: count,
    awarenessBytes: count,
    updatesPerSecond: count,
  }),
  instanceId: v.pipe(v.string(), v.maxLength(64)),
})

/** Parses the JSON text of message 103; `undefined` where it is none. */
export function parseHello(json: string): Hello | undefined {
  return parseJson(helloSchema, json)
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

const noticeSchema = v.object({
  code: v.picklist(NOTICE_CODES),
  message: v.string(),
  retryAfterMs: v.optional(count),
})

/** Parses the JSON text of message 104; `undefined` where it is none, or of a code this version does not know. */
export function parseNotice(json: string): Notice | undefined {
  return parseJson(noticeSchema, json)
}

function parseJson<T>(schema: v.GenericSchema<unknown, T>, json: string): T | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // SyntaxError: not JSON, so not the message either
    return undefined
  }
  const result = v.safeParse(schema, value)
  return result.success ? result.output : undefined
}
