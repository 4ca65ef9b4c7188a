/** What is looked at of a request. */
export interface AskedFor {
  readonly method: string
  /** `navigate`: a person goes to a page. */
  readonly mode: string
  readonly url: string
}

/** `leave`: not the worker's business. `page`: the app's one page. `file`: one of its files. */
export type Route = 'leave' | 'page' | 'file'

/** The server's own paths: sockets, REST, health. Nothing of them may ever come out of a cache. */
const SERVER_PATH = /^\/(ws|api|server|healthz|readyz|metrics)(\/|$)/
const FILE_PATH = /\.[a-z0-9]+$/i

/**
 * Whose business a request is.
 *
 * @param origin the worker's own.
 * @example routeOf({ method: 'GET', mode: 'navigate', url: 'https://example.com/rooms/lobby' }, 'https://example.com') // 'page'
 */
export function routeOf({ method, mode, url }: AskedFor, origin: string): Route {
  const target = new URL(url)
  if (method !== 'GET' || target.origin !== origin || SERVER_PATH.test(target.pathname)) return 'leave'
  if (mode !== 'navigate') return 'file'
  return FILE_PATH.test(target.pathname) ? 'leave' : 'page'
}
