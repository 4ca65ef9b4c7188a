import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { decodeAddress, LOBBY, readRoomAddress } from '@roomful/shared'
import sirv, { type RequestHandler } from 'sirv'
import { contentSecurityPolicy } from './security-headers.ts'

/** The built app in memory: its page, and its files as sirv found them at start. */
interface Build {
  readonly html: string
  readonly policy: string
  readonly files: RequestHandler
}

const LOBBY_PATH = `/rooms/${LOBBY}`
const YEAR_S = 31_536_000

/**
 * Serves the web app: `/rooms/<room>` is its page, another spelling of a name leads there, everything unknown leads a
 * person to the lobby and a program to 404.
 *
 * @example http.createServer(createWebApp('client/app/dist'))
 */
export function createWebApp(
  staticDir: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  let build: Build | undefined
  return (request, response) => {
    // built after the start: looked for again until it is there
    build ??= loadBuild(staticDir)
    if (build === undefined) {
      answer(response, 503, 'The web app is not built: run "npm run build" (or set STATIC_DIR).')
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      answer(response, 405, 'GET or HEAD only.')
      return
    }
    serve(build, request, response)
  }
}

function serve(build: Build, request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark)
  const room = /^\/rooms\/([^/]+)\/?$/.exec(path)?.[1]
  if (room !== undefined) {
    const address = readRoomAddress(decodeAddress(room))
    const canonical = address.kind === 'unnamed' ? path : `/rooms/${address.room}`
    // a name that no room can have: the page says so
    if (canonical === path) sendPage(build, request, response)
    else redirect(response, canonical + query)
    return
  }
  if (path === '/' || path === '/index.html') {
    redirect(response, LOBBY_PATH + query)
    return
  }
  build.files(request, response, () => {
    if (isNavigation(request, path)) redirect(response, LOBBY_PATH)
    else answer(response, 404, 'Not found.')
  })
}

/** A person following a link, not a page asking for one of its files. */
function isNavigation(request: IncomingMessage, path: string): boolean {
  // no-cors is how scripts, styles and images are asked for
  return !/\.[a-z0-9]+$/i.test(path) && request.headers['sec-fetch-mode'] !== 'no-cors'
}

function sendPage(build: Build, request: IncomingMessage, response: ServerResponse): void {
  const body = Buffer.from(build.html)
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    // the page names the hashed files: an old one would ask for files that are gone
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': build.policy,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, 'Cache-Control': 'no-cache', 'Content-Length': 0 })
  response.end()
}

function answer(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${line}\n`)
}

function loadBuild(staticDir: string): Build | undefined {
  let html: string
  try {
    html = readFileSync(join(staticDir, 'index.html'), 'utf8')
  } catch {
    // not there, or not readable: the answer says what to do
    return undefined
  }
  const files = sirv(staticDir, {
    etag: true,
    // compressed by the build: nothing is compressed while it runs
    brotli: true,
    gzip: true,
    extensions: [],
    setHeaders(response, pathname) {
      const isHashed = pathname.startsWith('/assets/')
      response.setHeader('Cache-Control', isHashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
    },
  })
  return { html, policy: contentSecurityPolicy(html), files }
}
