import { connect as connectTcp } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** Where a server is, and how it is spoken to. */
export interface ProbedPlace {
  readonly host: string
  readonly port: number
  /** TLS, where it is there. */
  readonly tls?: ConnectionOptions | undefined
}

/**
 * Asks a server for a sign of life over a connection of its own, once. Without a login: to be refused is an answer.
 *
 * @param answered told once, where it answers; nothing is told where it does not. Must not throw.
 * @returns how to stop it.
 */
export function probe({ host, port, tls }: ProbedPlace, answered: () => void): () => void {
  const socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ ...tls, host, port })
  const stop = (): void => {
    socket.destroy()
  }
  // whoever asks has a deadline: what cannot be reached says nothing
  socket.on('error', () => undefined)
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => socket.write('PING\r\n'))
  socket.once('data', () => {
    stop()
    answered()
  })
  socket.unref()
  return stop
}
