import { describe, expect, test } from 'vitest'
import { Receiver } from 'ws'
import { frameAll, frameHeader, headerBytes } from './framing.ts'

describe('framing', () => {
  test('[W1] golden: the keepalive as one unmasked binary frame', () => {
    expect(Buffer.from(frameAll([Uint8Array.of(1, 1, 0)])).toString('hex')).toBe('8203010100')
  })

  test('[W1] ws reads back what was framed, at every boundary of the length field, one message a frame', () => {
    const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]
    const messages = lengths.map((length) => new Uint8Array(length).fill(length % 251))
    const received: Uint8Array[] = []
    const receiver = new Receiver({ isServer: false, maxPayload: 0, binaryType: 'nodebuffer' })
    receiver.on('message', (data: Buffer, isBinary: boolean) => {
      expect(isBinary).toBe(true)
      received.push(new Uint8Array(data))
    })
    receiver.write(Buffer.from(frameAll(messages)))
    expect(received.map((message) => message.length)).toEqual(lengths)
    expect(received).toEqual(messages)
  })

  test('[W1] a header alone is the beginning of the whole frame', () => {
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      const framed = frameAll([new Uint8Array(length)])
      expect(Buffer.from(framed).subarray(0, headerBytes(length))).toEqual(frameHeader(length))
      expect(framed.length).toBe(headerBytes(length) + length)
    }
  })
})
