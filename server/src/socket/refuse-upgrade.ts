import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** A refusal of an upgrade: an HTTP status and one line that says why. */
export interface UpgradeRefusal {
  readonly status: 400 | 403 | 404 | 429 | 503
  readonly line: string
  readonly retryAfterS?: number | undefined
}

/** Answers an upgrade with a plain HTTP response (RFC 9110), then ends the socket. Never throws. */
export function refuseUpgrade(socket: Duplex, refusal: UpgradeRefusal): void {
  const body = `${refusal.line}\n`
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    ...(refusal.retryAfterS === undefined ? [] : [`Retry-After: ${refusal.retryAfterS}`]),
  ]
  // the other side may be gone already: nobody is left to tell
  socket.on('error', () => undefined)
  // a client that never reads its refusal must not keep the socket
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
