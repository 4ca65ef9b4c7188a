// @ts-check
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'

// The limit for several instances on one Redis: stores opaque updates in a stream, tells the other instances over a channel in
// the same call, forwards to its own sockets at once, and knows nothing else: no document, no check, no receipt, nobody who
// joins is told anything. What a server that does costs more is what its work costs.
//
//   REDIS_URL=redis://127.0.0.1:6379 node limit-redis.mjs --port 1234

const APPEND = `redis.call('XADD', KEYS[1], '*', 'u', ARGV[1])
return redis.call('PUBLISH', KEYS[2], ARGV[2] .. ' ' .. ARGV[1])`
const SPACE = 32

const port = Number(process.argv[process.argv.indexOf('--port') + 1])
const url = process.env['REDIS_URL'] ?? ''
const instance = String(port)
const commands = new Redis(url)
const subscriber = new Redis(url)
const sha = String(await commands.script('LOAD', APPEND))

/** @type {Map<string, Set<import('ws').WebSocket>>} */
const rooms = new Map()

const server = createServer((_request, response) => response.end('limit\n'))
const wss = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })

server.on('upgrade', (request, socket, head) => {
  wss.handleUpgrade(request, socket, head, (ws) => {
    const room = request.url ?? '/'
    const members = membersOf(room)
    members.add(ws)
    ws.on('close', () => members.delete(ws))
    ws.on('error', () => undefined)
    ws.on('message', (data) => {
      const message = /** @type {Buffer} */ (data)
      for (const member of members) if (member !== ws) member.send(message)
      void commands.callBuffer('EVALSHA', sha, 2, `${room}:log`, room, message, instance)
    })
  })
})

subscriber.on('messageBuffer', (/** @type {Buffer} */ channel, /** @type {Buffer} */ told) => {
  const end = told.indexOf(SPACE)
  if (told.toString('latin1', 0, end) === instance) return
  const message = told.subarray(end + 1)
  for (const member of rooms.get(channel.toString()) ?? []) member.send(message)
})

/** @param {string} room */
function membersOf(room) {
  const known = rooms.get(room)
  if (known !== undefined) return known
  /** @type {Set<import('ws').WebSocket>} */
  const members = new Set()
  rooms.set(room, members)
  void subscriber.subscribe(room)
  return members
}

server.listen(port, '127.0.0.1')
