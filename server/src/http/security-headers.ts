import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** On every response: nothing here is ever guessed, framed by strangers, or told where a visitor came from. */
const BASE_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/** Sets the headers every response carries. */
export function setBaseHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(BASE_HEADERS)) response.setHeader(name, value)
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
