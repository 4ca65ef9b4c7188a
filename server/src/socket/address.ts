import type { IncomingMessage } from 'node:http'

/**
 * The address a connection is counted under. `X-Forwarded-For` is believed from a proxy on this machine only, and of it
 * only the last entry, which that proxy itself added: anything else a client can write as it likes.
 */
export function clientAddress(request: IncomingMessage): string {
  const direct = request.socket.remoteAddress ?? 'unknown'
  if (!/^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(direct)) return direct
  const header = request.headers['x-forwarded-for']
  const list = Array.isArray(header) ? header.join(',') : (header ?? '')
  return list.split(',').at(-1)?.trim() || direct
}

/** Counts open connections by address, or by user. */
export class OpenCount {
  readonly #counts = new Map<string, number>()

  /** Connections open from this address, or of this user. */
  of(whose: string): number {
    return this.#counts.get(whose) ?? 0
  }

  /** Counts one more; returns how to take it off again, once. */
  add(whose: string): () => void {
    this.#counts.set(whose, this.of(whose) + 1)
    let isCounted = true
    return () => {
      if (!isCounted) return
      isCounted = false
      const left = this.of(whose) - 1
      if (left > 0) this.#counts.set(whose, left)
      else this.#counts.delete(whose)
    }
  }
}
