const FIN = 0x80
const MASKED = 0x80
const BINARY = 2
const PONG = 10
const MAX_SHORT = 125

let seed = 0x9e3779b9

/** A mask of four bytes none of which is 0: a mask of zeros lets a server skip the unmasking it does for everybody else. */
function nextMask(): number {
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  return seed | 0x01010101
}

/** One masked client frame (RFC 6455 section 5.2): `prefix`, then `message`, as one binary message. */
export function clientFrame(prefix: Uint8Array, message: Uint8Array): Buffer {
  return frame(BINARY, prefix, message)
}

const NOTHING = new Uint8Array(0)

/** The answer to a ping. */
export function pongFrame(payload: Uint8Array): Buffer {
  return frame(PONG, NOTHING, payload)
}

function frame(opcode: number, prefix: Uint8Array, message: Uint8Array): Buffer {
  const length = prefix.length + message.length
  const lengthBytes = length <= MAX_SHORT ? 0 : length <= 0xffff ? 2 : 8
  const framed = Buffer.allocUnsafe(6 + lengthBytes + length)
  framed[0] = FIN | opcode
  framed[1] = MASKED | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) framed.writeUInt16BE(length, 2)
  if (lengthBytes === 8) framed.writeBigUInt64BE(BigInt(length), 2)
  const mask = nextMask()
  framed.writeInt32BE(mask, 2 + lengthBytes)
  const start = 6 + lengthBytes
  framed.set(prefix, start)
  framed.set(message, start + prefix.length)
  for (let i = 0; i < length; i += 1)
    framed[start + i] = (framed[start + i] ?? 0) ^ (mask >>> (24 - 8 * (i & 3)))
  return framed
}
