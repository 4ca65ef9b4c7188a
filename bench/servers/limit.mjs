// @ts-check
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

// The limit: forwards opaque frames to everybody else of a room and knows nothing else. What a server that also reads,
// checks and stores them costs more is what its work costs.
//
//   node limit.mjs --port 1234 --mode ws|tick0|tick20
//
// ws: one send per receiver and message, as ws offers it. tick0 and tick20: all of one turn of the event loop, or of 20 ms,
// joined in one write per receiver.

/** @typedef {{ message: Buffer, sender: object }} Said */
/** @typedef {{ members: Map<import('ws').WebSocket, import('node:stream').Duplex>, said: Said[], isDue: boolean }} Room */

const argument = (/** @type {string} */ name) => process.argv[process.argv.indexOf(name) + 1] ?? ''
const mode = argument('--mode')
const TICK_MS = 20

/** @type {Map<string, Room>} */
const rooms = new Map()
const server = createServer((_request, response) => response.end('limit\n'))
const wss = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })

server.on('upgrade', (request, socket, head) => {
  wss.handleUpgrade(request, socket, head, (ws) => {
    const name = request.url ?? '/'
    const room = rooms.get(name) ?? { members: new Map(), said: [], isDue: false }
    rooms.set(name, room)
    room.members.set(ws, socket)
    ws.on('close', () => {
      room.members.delete(ws)
      if (room.members.size === 0) rooms.delete(name)
    })
    ws.on('error', () => undefined)
    ws.on('message', (data) => {
      const message = /** @type {Buffer} */ (data)
      if (mode === 'ws') sendEach(room, message, ws)
      else collect(room, message, ws)
    })
  })
})

/**
 * @param {Room} room
 * @param {Buffer} message
 * @param {import('ws').WebSocket} sender
 */
function sendEach(room, message, sender) {
  for (const member of room.members.keys()) if (member !== sender) member.send(message)
}

/**
 * @param {Room} room
 * @param {Buffer} message
 * @param {object} sender
 */
function collect(room, message, sender) {
  room.said.push({ message: frame(message), sender })
  if (room.isDue) return
  room.isDue = true
  const run = () => flush(room)
  if (mode === 'tick20') setTimeout(run, TICK_MS)
  else setImmediate(run)
}

/** @param {Room} room */
function flush(room) {
  room.isDue = false
  const { said } = room
  room.said = []
  const senders = new Set(said.map(({ sender }) => sender))
  const everything = Buffer.concat(said.map(({ message }) => message))
  for (const [member, socket] of room.members) {
    if (!senders.has(member)) socket.write(everything)
    else {
      const others = said.filter(({ sender }) => sender !== member).map(({ message }) => message)
      if (others.length > 0) socket.write(Buffer.concat(others))
    }
  }
}

/** @param {Buffer} message */
function frame(message) {
  const length = message.length
  const header =
    length <= 125 ? Buffer.from([0x82, length]) : Buffer.from([0x82, 126, length >> 8, length & 255])
  if (length > 0xffff) throw new Error('the limit forwards small frames only')
  return Buffer.concat([header, message])
}

server.listen(Number(argument('--port')), '127.0.0.1')
