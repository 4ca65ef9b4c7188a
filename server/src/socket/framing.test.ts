import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { MessageBatch } from '../member.ts'
import { frameAll, frameBatch, frameHeader, headerBytes } from './framing.ts'

const hash = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

describe('framing', () => {
  test('[W1] golden: the keepalive as one unmasked binary frame', () => {
    expect(Buffer.from(frameAll([Uint8Array.of(1, 1, 0)])).toString('hex')).toBe('8203010100')
  })

  test('[W1] at every boundary of the length field one frame a message, final, binary, unmasked', () => {
    const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]
    const messages = lengths.map((length) => new Uint8Array(length).fill(length % 251))
    // hashes: comparing 200,000 numbers one by one takes a loaded machine a minute
    expect(readFrames(Buffer.from(frameAll(messages))).map(hash)).toEqual(messages.map(hash))
  })

  test('[W9] messages in pieces are framed as whole ones are, behind the others', () => {
    const whole = [Uint8Array.of(1, 2, 3), new Uint8Array(200)] as const
    const last = Uint8Array.from({ length: 70_000 }, (_none, i) => i % 251)
    for (const cut of [0, 1, 126, 69_999, 70_000]) {
      const batch = new MessageBatch(whole, [
        [last.subarray(0, cut), last.subarray(cut)],
        [whole[0], whole[0]],
      ])
      const short = Uint8Array.of(1, 2, 3, 1, 2, 3)
      expect(hash(frameBatch(batch))).toBe(hash(frameAll([...whole, last, short])))
      expect(batch.bytes).toBe(70_209)
      expect([batch.count, batch.messages.length, batch.isEmpty]).toEqual([4, 4, false])
      expect(batch.messages.map(hash)).toEqual([...whole, last, short].map(hash))
    }
    expect(new MessageBatch([]).isEmpty).toBe(true)
  })

  test('[W1] a header alone is the beginning of the whole frame', () => {
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      const framed = frameAll([new Uint8Array(length)])
      expect(Buffer.from(framed.subarray(0, headerBytes(length)))).toEqual(frameHeader(length))
      expect(framed.length).toBe(headerBytes(length) + length)
    }
  })
})

/** RFC 6455 section 5.2, read as it stands there. */
function readFrames(bytes: Buffer): Uint8Array[] {
  const payloads: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at], 'FIN and opcode 2').toBe(0x82)
    const short = bytes.readUInt8(at + 1)
    expect(short & 0x80, 'mask').toBe(0)
    const [length, header] =
      short === 127
        ? [Number(bytes.readBigUInt64BE(at + 2)), 10]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), 4]
          : [short, 2]
    payloads.push(new Uint8Array(bytes.subarray(at + header, at + header + length)))
    at += header + length
  }
  return payloads
}
