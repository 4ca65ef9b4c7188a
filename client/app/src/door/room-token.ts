import { decodeAddress, normalizeRoomName, type RoomName } from '@roomful/shared'

/**
 * Tokens of sign-in links, `/rooms/design#token=…`. The part behind `#` never leaves the browser: no server, log or Referer
 * sees it. It is taken out of the address at once and kept for this tab alone.
 */
const KEY_PREFIX = 'roomful:token:'
/** What the latest link brought: its token may open other rooms too. */
const LATEST = 'roomful:token'

/** Where storage is refused, a token lasts as long as the page. */
const inMemory = new Map<string, string>()
const listeners = new Set<() => void>()

/** Takes the token of a sign-in link out of the address, wherever it stands behind `#`; the rest stays. */
export function takeTokenFromAddress(): void {
  const { pathname, search, hash } = location
  if (!hash.includes('token=')) return
  const parts = hash.slice(1).split('&')
  const token = parts.find((part) => part.startsWith('token='))?.slice('token='.length)
  if (token === undefined) return
  const rest = parts.filter((part) => !part.startsWith('token=')).join('&')
  // before anything else: not even a crash may leave it in the history
  history.replaceState(history.state, '', `${pathname}${search}${rest === '' ? '' : `#${rest}`}`)
  const room = roomOf(pathname)
  const value = decodeAddress(token)
  if (value === '') return
  write(LATEST, value)
  if (room !== undefined) write(KEY_PREFIX + room, value)
  for (const listener of listeners) listener()
}

/**
 * The token for a room: its own, else the one of the latest sign-in link in this tab; empty where there was none.
 *
 * @example new RoomfulProvider(url, room, doc, { token: () => tokenFor(room) })
 */
export function tokenFor(room: RoomName): string {
  return read(KEY_PREFIX + room) ?? read(LATEST) ?? ''
}

/** Called when a sign-in link was followed on a page that was open already. Returns how to stop. */
export function onNewToken(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function roomOf(pathname: string): RoomName | undefined {
  const segment = /^\/rooms\/([^/]+)\/?$/.exec(pathname)?.[1]
  return segment === undefined ? undefined : normalizeRoomName(decodeAddress(segment))
}

function read(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? inMemory.get(key)
  } catch {
    // SecurityError: storage is refused to this page
    return inMemory.get(key)
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value)
  } catch {
    inMemory.set(key, value)
  }
}
