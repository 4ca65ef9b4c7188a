import { linkHash, type LinkTarget, parseLinkTarget } from './link-target.ts'

/** A link to a message or a card of a room of ours. */
export interface RoomLink {
  readonly target: LinkTarget
  /** Into the room that is shown: no other page is needed. */
  readonly isHere: boolean
  /** What is said in place of the whole address. */
  readonly label: string
}

/** So much of an id tells links apart for the eye. */
const SHOWN_ID_LENGTH = 6

/**
 * Reads an address as a link into a room of this server.
 *
 * @example roomLink('https://x.org/rooms/lobby#m=8f2', location)?.label // 'rooms/lobby#m=8f2'
 */
export function roomLink(href: string, here: Pick<Location, 'origin' | 'pathname'>): RoomLink | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined
  const target = url?.origin === here.origin ? parseLinkTarget(url.hash) : undefined
  if (url === undefined || target === undefined || !/^\/rooms\/[^/]+$/.test(url.pathname)) return undefined
  const short = linkHash({ ...target, id: target.id.slice(0, SHOWN_ID_LENGTH) })
  return {
    target,
    isHere: url.pathname === here.pathname,
    label: `${url.pathname.slice(1)}${short}`,
  }
}
