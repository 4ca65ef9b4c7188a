import { MOVED_VERSION, parseRoomSegment, type RoomName } from '@roomful/shared'

/** Longest `key` a client may prove its return with. */
export const MAX_KEY_LENGTH = 64

/** What the URL of an upgrade asks for. */
export interface RoomRequest {
  readonly room: RoomName
  /** Asked for Roomful's extensions with `v`. */
  readonly extended: boolean
  /** Asked for a version that knows moved entries (108). */
  readonly takesMoved: boolean
  readonly key: string | undefined
  /** The generation of the room this client has a copy of. */
  readonly generation: number | undefined
  readonly token: string | undefined
}

/** An upgrade's URL, parsed, or why it is none of ours. */
export type ParsedRequest =
  | { readonly kind: 'room'; readonly request: RoomRequest }
  | { readonly kind: 'unknown-path' }
  | { readonly kind: 'bad-room' }
  | { readonly kind: 'bad-parameter'; readonly parameter: 'key' | 'gen' }

/** Every route answers with and without this prefix: hosts that forward `/server/…` need not strip it. */
const PREFIX = '/server'

/**
 * Takes the prefix off a path, once.
 *
 * @example stripPrefix('/server/ws/lobby') // '/ws/lobby'
 */
export function stripPrefix(path: string): string {
  return path === PREFIX || path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length) : path
}

/**
 * Parses the request target of an upgrade. The path is taken as it was sent: a URL parser would resolve `..` and turn one
 * room into another.
 *
 * @example parseRoomRequest('/ws/lobby?v=1')
 */
export function parseRoomRequest(target: string): ParsedRequest {
  const mark = target.indexOf('?')
  const path = stripPrefix(mark < 0 ? target : target.slice(0, mark))
  if (path !== '/ws' && !path.startsWith('/ws/')) return { kind: 'unknown-path' }
  const segment = path.slice('/ws/'.length)
  const room = segment.includes('/') ? undefined : parseRoomSegment(segment)
  if (room === undefined) return { kind: 'bad-room' }

  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  const version = query.get('v') ?? ''
  const extended = /^[1-9]\d{0,5}$/.test(version)
  const takesMoved = extended && Number(version) >= MOVED_VERSION
  const token = query.get('token') || undefined
  // without `v` these names belong to whoever embeds a stock client
  if (!extended)
    return {
      kind: 'room',
      request: { room, extended, takesMoved, key: undefined, generation: undefined, token },
    }

  const key = query.get('key') || undefined
  if (key !== undefined && key.length > MAX_KEY_LENGTH) return { kind: 'bad-parameter', parameter: 'key' }
  const gen = query.get('gen') || undefined
  if (gen !== undefined && !/^\d{1,15}$/.test(gen)) return { kind: 'bad-parameter', parameter: 'gen' }
  const generation = gen === undefined ? undefined : Number(gen)
  return { kind: 'room', request: { room, extended, takesMoved, key, generation, token } }
}
