import type { Server } from 'node:http'

/** Listens; rejects with the system's error where the address cannot be had. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * The address a person can open: a server on all interfaces is named by loopback.
 *
 * @example urlOf(server) // 'http://127.0.0.1:3000'
 */
export function urlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') return 'http://localhost'
  const isEverywhere = address.address === '0.0.0.0' || address.address === '::'
  const host = isEverywhere ? '127.0.0.1' : address.address
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
