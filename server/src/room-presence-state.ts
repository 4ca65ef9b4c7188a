/** What a presence state may cost its readers. */
export interface PresenceLimits {
  readonly awarenessBytes: number
  readonly awarenessDepth: number
}

/** A state, read once. `person` is `user.id` where the state has one. */
export type PresenceState =
  | { readonly kind: 'state'; readonly person: string | undefined }
  | { readonly kind: 'refused'; readonly reason: 'too-large' | 'too-deep' | 'invalid' }
  | { readonly kind: 'malformed' }

// ignoreBOM: a byte order mark stays, and is no JSON
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Validates the JSON bytes of a presence state: size before anything is parsed, then JSON, an object, its depth.
 *
 * @example readPresenceState(new TextEncoder().encode('{"user":{"id":"u1"}}'), limits) // { kind: 'state', person: 'u1' }
 */
export function readPresenceState(json: Uint8Array, limits: PresenceLimits): PresenceState {
  if (json.length > limits.awarenessBytes) return { kind: 'refused', reason: 'too-large' }
  const state = parse(json)
  if (state === undefined) return { kind: 'malformed' }
  if (!isRecord(state) || Array.isArray(state)) return { kind: 'refused', reason: 'invalid' }
  if (isDeeperThan(state, limits.awarenessDepth)) return { kind: 'refused', reason: 'too-deep' }
  const user = state['user']
  const id = isRecord(user) ? user['id'] : undefined
  return { kind: 'state', person: typeof id === 'string' && id !== '' ? id : undefined }
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
