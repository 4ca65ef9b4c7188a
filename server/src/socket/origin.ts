import type { IncomingHttpHeaders } from 'node:http'
import type { AllowedOrigins } from '../config.ts'

/**
 * Whether a page of this origin may open a room here. No `Origin` header means no browser: allowed. Same origin means
 * that the origin's host and port are those of `Host` or of the first `X-Forwarded-Host`: a page cannot set either on a
 * WebSocket, so trusting the second helps proxies and nobody else.
 */
export function isOriginAllowed(headers: IncomingHttpHeaders, allowed: AllowedOrigins): boolean {
  const { origin } = headers
  if (origin === undefined) return true
  switch (allowed.kind) {
    case 'any':
      return true
    case 'list':
      return allowed.origins.has(origin.toLowerCase())
    case 'same': {
      const host = hostOf(origin)
      return host !== undefined && (host === headers.host?.toLowerCase() || host === forwardedHost(headers))
    }
  }
}

/** Host and port of an origin, the default port left out as browsers do; `undefined` for `null` and nonsense. */
function hostOf(origin: string): string | undefined {
  const match = /^https?:\/\/([^/?#@]+)$/i.exec(origin)
  return match?.[1]?.toLowerCase()
}

function forwardedHost(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['x-forwarded-host']
  const first = Array.isArray(value) ? value[0] : value?.split(',')[0]
  return first?.trim().toLowerCase()
}
