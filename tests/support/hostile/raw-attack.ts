import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { clientFrame } from '../flood.ts'

/** How an attack ended: with a close code, with the socket's end (1006), or not at all. */
export type AttackEnd = number | 'open'

const ABNORMAL = 1006
const QUERY = clientFrame(Uint8Array.of(3))
const CLOSE_OPCODE = 8
const AWARENESS = 1

interface ServerFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** Frames of the server, one after the other. */
class ServerFrames {
  #bytes: Buffer = Buffer.alloc(0)

  /** The frames that a chunk completes. */
  push(chunk: Buffer): ServerFrame[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    const complete: ServerFrame[] = []
    for (;;) {
      const bytes = this.#bytes
      if (bytes.length < 2) return complete
      const short = bytes.readUInt8(1)
      const head = short < 126 ? 2 : short === 126 ? 4 : 10
      if (bytes.length < head) return complete
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
      if (bytes.length < head + length) return complete
      this.#bytes = bytes.subarray(head + length)
      complete.push({ opcode: bytes.readUInt8(0) & 15, payload: bytes.subarray(head, head + length) })
    }
  }
}

/**
 * Opens a socket of its own on a room, writes the bytes behind the handshake, then asks who is there; the answer comes once
 * all before it was taken. Somebody must be present in the room.
 */
export function attack(port: number, room: string, bytes: Buffer): Promise<AttackEnd> {
  return new Promise((resolve, reject) => {
    const tcp = connect(port, '127.0.0.1')
    const frames = new ServerFrames()
    let handshake = ''
    let end: AttackEnd = ABNORMAL
    tcp.once('connect', () => {
      const key = randomBytes(16).toString('base64')
      tcp.write(
        `GET /ws/${room} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      )
      tcp.write(Buffer.concat([bytes, QUERY]))
    })
    tcp.on('data', (chunk: Buffer) => {
      let rest = chunk
      if (!handshake.includes('\r\n\r\n')) {
        handshake += chunk.toString('latin1')
        const at = handshake.indexOf('\r\n\r\n')
        if (at < 0) return
        if (!handshake.startsWith('HTTP/1.1 101')) {
          tcp.destroy()
          reject(new Error(`no upgrade: ${handshake.slice(0, 100)}`))
          return
        }
        rest = Buffer.from(handshake.slice(at + 4), 'latin1')
      }
      for (const { opcode, payload } of frames.push(rest)) {
        if (opcode === CLOSE_OPCODE) end = payload.length < 2 ? 1005 : payload.readUInt16BE(0)
        // a keepalive names nobody
        else if (end === ABNORMAL && payload[0] === AWARENESS && payload.length > 3) end = 'open'
        else continue
        finish(tcp)
      }
    })
    // a reset by the other side is an end as well
    tcp.on('error', () => undefined)
    tcp.once('close', () => resolve(end))
  })
}

function finish(tcp: Socket): void {
  tcp.destroy()
}
