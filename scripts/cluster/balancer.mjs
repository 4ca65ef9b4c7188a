import { connect, createServer } from 'node:net'

/** `GET /ws/…`, as it stands or behind `/server`: a room's socket. The query may hold a token: never shown. */
const SOCKET = /^GET (?:\/server)?\/ws\/([^ ?]*)(?:\?([^ ]*))? /
/** A request line longer than that is no room's socket; names have 128 characters, tokens a few thousand. */
const HEAD_BYTES = 16_384
/** So long an instance may take to accept, ms. */
const ACCEPT_MS = 2_000
const AWAY = 'No instance is up yet.\n'

/**
 * @typedef {{ readonly name: string, readonly port: number }} Instance listens on 127.0.0.1
 * @typedef {{ readonly room: string, readonly key: string | undefined }} Visit `key`: the secret of a tab of ours
 */

/**
 * Spreads connections over instances in turn, room sockets and everything else each by a turn of their own, so that two
 * windows meet two instances. Bytes pass unchanged; who does not accept is passed over. For trying things out on one
 * machine: no TLS, no health checks.
 *
 * @param {() => readonly Instance[]} instances asked at each connection
 * @param {(instance: Instance, visit: Visit) => void} [onVisit] a room's socket was led to an instance
 * @returns {import('node:net').Server}
 */
export function createBalancer(instances, onVisit = () => {}) {
  const turns = { sockets: 0, rest: 0 }
  return createServer({ noDelay: true }, (client) => {
    client.on('error', () => client.destroy())
    client.once('data', (head) => {
      client.pause()
      const visit = visitIn(head)
      const all = instances()
      const first = visit === undefined ? turns.rest++ : turns.sockets++
      const inTurn = all
        .map((_, offset) => all[(first + offset) % all.length])
        .filter((one) => one !== undefined)
      lead(client, head, inTurn, (instance) => {
        if (visit !== undefined) onVisit(instance, visit)
      })
    })
  })
}

/**
 * @param {Buffer} head
 * @returns {Visit | undefined} `undefined`: no room's socket
 */
function visitIn(head) {
  const match = SOCKET.exec(head.toString('latin1', 0, HEAD_BYTES))
  if (match === null) return undefined
  return { room: match[1] ?? '', key: new URLSearchParams(match[2]).get('key') ?? undefined }
}

/**
 * @param {import('node:net').Socket} client
 * @param {Buffer} head
 * @param {readonly Instance[]} inTurn in the order in which they are tried
 * @param {(instance: Instance) => void} onLed
 */
function lead(client, head, [next, ...others], onLed) {
  if (client.destroyed) return
  if (next === undefined) {
    client.end(
      `HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: ${AWAY.length}\r\nConnection: close\r\n\r\n${AWAY}`,
    )
    return
  }
  const instance = connect({ port: next.port, host: '127.0.0.1', noDelay: true, timeout: ACCEPT_MS })
  const passOver = () => {
    client.off('close', leave)
    instance.destroy()
    lead(client, head, others, onLed)
  }
  const leave = () => instance.destroy()
  client.once('close', leave)
  instance.once('error', passOver)
  instance.once('timeout', passOver)
  instance.once('connect', () => {
    instance.off('error', passOver)
    instance.off('timeout', passOver)
    instance.setTimeout(0)
    instance.on('error', () => client.destroy())
    instance.on('close', () => client.destroy())
    instance.write(head)
    client.pipe(instance)
    instance.pipe(client)
    onLed(next)
  })
}
