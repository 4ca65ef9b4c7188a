import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'

/** On every response: nothing here is ever guessed, framed by strangers, or told where a visitor came from. */
const BASE_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
}

/** Sets the headers every response carries. */
export function setBaseHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(BASE_HEADERS)) response.setHeader(name, value)
  if (isTrustworthy(response.req)) response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
}

/**
 * Whether a browser takes the address for a secure context, as far as can be seen from here: over plain http on a LAN name it
 * ignores the opener policy, and logs an error for it on every page.
 */
function isTrustworthy({ headers, socket }: IncomingMessage): boolean {
  const forwarded = headers['x-forwarded-proto']
  return (
    socket instanceof TLSSocket ||
    forwarded === 'https' ||
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(headers.host ?? '')
  )
}

/**
 * The content security policy of the web app: own scripts only, plus the inline ones its page was built with, by hash.
 * Styles may be inline: editors and cursors set them. Sockets may go elsewhere: VITE_WS_URL.
 */
export function contentSecurityPolicy(indexHtml: string): string {
  const hashes = inlineScripts(indexHtml).map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    "default-src 'self'",
    ["script-src 'self'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss: http: https:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ')
}

function inlineScripts(html: string): string[] {
  const scripts = html.matchAll(/<script(?<attributes>[^>]*)>(?<body>[\s\S]*?)<\/script>/gi)
  return [...scripts]
    .filter((match) => !/\ssrc\s*=/i.test(match.groups?.['attributes'] ?? ''))
    .map((match) => match.groups?.['body'] ?? '')
    .filter((body) => body !== '')
}
