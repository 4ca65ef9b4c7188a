import { lightColor } from '@roomful/shared'
import type { VerifiedUser } from './authorize.ts'

/** What a presence state may cost its readers. */
export interface PresenceLimits {
  readonly awarenessBytes: number
  readonly awarenessDepth: number
}

/**
 * A state, read once. `person` is `user.id` where the state has one. `json` is there where it had to be written anew,
 * because it said to be somebody else than its connection is.
 */
export type PresenceState =
  | { readonly kind: 'state'; readonly person: string | undefined; readonly json?: Uint8Array | undefined }
  | { readonly kind: 'refused'; readonly reason: 'too-large' | 'too-deep' | 'invalid' }
  | { readonly kind: 'malformed' }

const encoder = new TextEncoder()
// ignoreBOM: a byte order mark stays, and is no JSON
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Validates the JSON bytes of a presence state: size before anything is parsed, then JSON, an object, its depth.
 *
 * @param verified who the connection is, where that is known
 * @example readPresenceState(new TextEncoder().encode('{"user":{"id":"u1"}}'), limits) // { kind: 'state', person: 'u1' }
 */
export function readPresenceState(
  json: Uint8Array,
  limits: PresenceLimits,
  verified?: VerifiedUser,
): PresenceState {
  if (json.length > limits.awarenessBytes) return { kind: 'refused', reason: 'too-large' }
  const state = parse(json)
  if (state === undefined) return { kind: 'malformed' }
  if (!isRecord(state) || Array.isArray(state)) return { kind: 'refused', reason: 'invalid' }
  if (isDeeperThan(state, limits.awarenessDepth)) return { kind: 'refused', reason: 'too-deep' }
  const user = state['user']
  if (verified !== undefined)
    return { kind: 'state', person: verified.id, json: stamp(state, isRecord(user) ? user : {}, verified) }
  const id = isRecord(user) ? user['id'] : undefined
  return { kind: 'state', person: typeof id === 'string' && id !== '' ? id : undefined }
}

/** The state with the person put right; `undefined` where it says so already, which is what our own clients do. */
function stamp(
  state: Record<string, unknown>,
  user: Record<string, unknown>,
  { id, name = user['name'], color = user['color'] }: VerifiedUser | Record<string, unknown>,
): Uint8Array | undefined {
  if (user['id'] === id && user['name'] === name && user['color'] === color) return undefined
  const colorLight = typeof color === 'string' ? { colorLight: lightColor(color) } : {}
  return encoder.encode(JSON.stringify({ ...state, user: { ...user, id, name, color, ...colorLight } }))
}

function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(json))
  } catch {
    // TypeError: not UTF-8; SyntaxError: not JSON
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** An object of plain values has depth 1. Recursion ends at `depth`, whatever the input. */
function isDeeperThan(value: unknown, depth: number): boolean {
  if (!isRecord(value)) return false
  if (depth === 0) return true
  return Object.values(value).some((inner) => isDeeperThan(inner, depth - 1))
}
