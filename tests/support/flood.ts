import type { Socket } from 'node:net'
import type { RawSocket } from './raw-socket.ts'

/** A masked client frame (RFC 6455 section 5.2) with a mask of zeros: built once, written a million times. */
export function clientFrame(payload: Uint8Array, opcode = 2): Buffer {
  const { length } = payload
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 0xfe, length >> 8, length & 255])
        : Buffer.from([0x80 | opcode, 0xff, 0, 0, 0, 0, ...uint32(length)])
  return Buffer.concat([head, Buffer.alloc(4), payload])
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

/**
 * Writes frames past the socket's own queue, as fast as the other side takes them.
 *
 * @param frames so many times over, until stopped
 * @returns how to stop; it resolves to how many frames were handed over
 */
export function flood(socket: RawSocket, frames: Buffer): () => number {
  const tcp = tcpOf(socket)
  let isOver = false
  let written = 0
  const write = (): void => {
    while (!isOver && !tcp.destroyed) {
      written += 1
      if (!tcp.write(frames)) return
    }
  }
  tcp.on('drain', write)
  write()
  return () => {
    isOver = true
    tcp.off('drain', write)
    return written
  }
}

/** ws keeps its socket to itself; a flood needs it. */
export function tcpOf(socket: RawSocket): Socket {
  const { _socket: tcp } = socket.ws as unknown as { readonly _socket: Socket }
  return tcp
}
