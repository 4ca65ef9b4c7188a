import { totalOf, type MessageBatch } from '../member.ts'

/** FIN and opcode 2, binary (RFC 6455 section 5.2). Server frames carry no mask. */
const BINARY = 0x82
/** FIN and opcode 9, ping. */
const PING = 0x89
const MAX_SHORT = 125
const MAX_16_BIT = 0xffff

/** Bytes of the header in front of a payload of this length. */
export function headerBytes(payloadBytes: number): number {
  if (payloadBytes <= MAX_SHORT) return 2
  return payloadBytes <= MAX_16_BIT ? 4 : 10
}

/** The header of one unmasked binary frame. */
export function frameHeader(payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(headerBytes(payloadBytes))
  writeHeader(header, 0, payloadBytes)
  return header
}

/**
 * Frames messages one behind the other, each as its own WebSocket frame, into one buffer that any number of sockets
 * can write.
 *
 * @example frameAll([Uint8Array.of(1, 1, 0)]) // 82 03 01 01 00
 */
export function frameAll(messages: readonly Uint8Array[]): Uint8Array {
  let total = 0
  for (const message of messages) total += headerBytes(message.length) + message.length
  const framed = Buffer.allocUnsafe(total)
  writeAll(framed, 0, messages)
  return framed
}

/** A ping, and a message behind it, in one write. A ping holds at most 125 bytes. */
export function framePing(payload: Uint8Array, message: Uint8Array): Uint8Array {
  const start = 2 + payload.length
  const framed = Buffer.allocUnsafe(start + headerBytes(message.length) + message.length)
  framed[0] = PING
  framed[1] = payload.length
  framed.set(payload, 2)
  writeAll(framed, start, [message])
  return framed
}

/** All messages of a batch, framed; those that come in pieces are copied once. */
export function frameBatch({ whole, pieced, bytes }: MessageBatch): Uint8Array {
  if (pieced.length === 0) return frameAll(whole)
  let total = bytes
  for (const message of whole) total += headerBytes(message.length)
  for (const pieces of pieced) total += headerBytes(totalOf(pieces))
  const framed = Buffer.allocUnsafe(total)
  let at = writeAll(framed, 0, whole)
  for (const pieces of pieced) {
    at = writeHeader(framed, at, totalOf(pieces))
    for (const piece of pieces) {
      framed.set(piece, at)
      at += piece.length
    }
  }
  return framed
}

function writeAll(framed: Buffer, from: number, messages: readonly Uint8Array[]): number {
  let at = from
  for (const message of messages) {
    at = writeHeader(framed, at, message.length)
    framed.set(message, at)
    at += message.length
  }
  return at
}

function writeHeader(into: Buffer, at: number, payloadBytes: number): number {
  into[at] = BINARY
  if (payloadBytes <= MAX_SHORT) {
    into[at + 1] = payloadBytes
    return at + 2
  }
  if (payloadBytes <= MAX_16_BIT) {
    into[at + 1] = 126
    return into.writeUInt16BE(payloadBytes, at + 2)
  }
  into[at + 1] = 127
  return into.writeBigUInt64BE(BigInt(payloadBytes), at + 2)
}
