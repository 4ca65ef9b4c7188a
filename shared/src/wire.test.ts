import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as awareness from 'y-protocols/awareness'
import * as auth from 'y-protocols/auth'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  decodeMessage,
  encodeAwareness,
  encodeCheck,
  encodeFragment,
  encodeFragments,
  encodeHello,
  encodeMoved,
  encodeNotice,
  encodePermissionDenied,
  encodeQueryAwareness,
  encodeReport,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  FRAGMENT_BYTES,
  KEEPALIVE_FRAME,
  MAX_SYNC_STATUS_BYTES,
  MOVED_VERSION,
  PROTOCOL_VERSION,
} from './wire.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

/** Changing one of these breaks clients in the field: raise PROTOCOL_VERSION in the same commit. */
const GOLDEN: readonly (readonly [frame: Uint8Array, golden: string])[] = [
  [encodeSyncStep1(Uint8Array.of(0)), '00000100'],
  [encodeSyncStep1(bytes('01e80705')), '00000401e80705'],
  [encodeSyncStep2(Uint8Array.of(0, 0)), '0001020000'],
  [encodeUpdate(Uint8Array.of(0, 0)), '0002020000'],
  [encodeAwareness(Uint8Array.of(0)), '010100'],
  [encodePermissionDenied('no'), '0200026e6f'],
  [encodeQueryAwareness(), '03'],
  [encodeSyncStatus(Uint8Array.of(7)), '660107'],
  [encodeHello('{}'), '67027b7d'],
  [encodeNotice('{}'), '68027b7d'],
  [encodeFragment({ index: 0, count: 2, totalBytes: 5, slice: Uint8Array.of(0, 1, 2) }), '6900020503000102'],
  [
    encodeFragment({ index: 200, count: 300, totalBytes: 70_000, slice: Uint8Array.of(9) }),
    '69c801ac02f0a2040109',
  ],
  [
    encodeCheck({ sent: 300, state: bytes('0102030405060708'), digest: bytes('1112131415161718') }),
    '6aac02080102030405060708081112131415161718',
  ],
  [encodeCheck({ sent: 1, state: bytes('0102030405060708'), digest: bytes('') }), '6a0108010203040506070800'],
  [encodeReport('messages'), '6b00'],
  [encodeReport('diverged'), '6b03'],
  [KEEPALIVE_FRAME, '010100'],
  [encodeMoved([]), '6c00'],
  [encodeMoved([{ clientId: 5, clock: 300, numbers: bytes('0a5e12') }]), '6c0105ac02030a5e12'],
]

describe('golden bytes', () => {
  test('the protocol version they stand for is 2, which tells of moves', () => {
    expect([PROTOCOL_VERSION, MOVED_VERSION]).toEqual([2, 2])
  })

  test.each(GOLDEN)('[W1] frame %# is frozen', (frame, golden) => {
    expect(hex(frame)).toBe(golden)
  })

  test('[W1] a frame of 200 bytes carries its length as a two-byte variable integer', () => {
    expect(hex(encodeUpdate(new Uint8Array(200))).slice(0, 8)).toBe('0002c801')
  })
})

describe('the same bytes as y-protocols', () => {
  const doc = new Y.Doc()
  doc.clientID = 1000
  doc.getText('note').insert(0, 'héllo')
  const written = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
    const encoder = encoding.createEncoder()
    write(encoder)
    return encoding.toUint8Array(encoder)
  }

  test('[W1] sync step 1, sync step 2 and update', () => {
    const step1 = written((e) => {
      encoding.writeVarUint(e, 0)
      sync.writeSyncStep1(e, doc)
    })
    const step2 = written((e) => {
      encoding.writeVarUint(e, 0)
      sync.writeSyncStep2(e, doc)
    })
    const update = Y.encodeStateAsUpdate(doc)
    const live = written((e) => {
      encoding.writeVarUint(e, 0)
      sync.writeUpdate(e, update)
    })
    expect(encodeSyncStep1(Y.encodeStateVector(doc))).toEqual(step1)
    expect(encodeSyncStep2(update)).toEqual(step2)
    expect(encodeUpdate(update)).toEqual(live)
    expect(decodeMessage(live)).toEqual({ type: 'update', update })
  })

  test('[W1] awareness and permission denied', () => {
    const states = new awareness.Awareness(doc)
    states.setLocalState({ user: { name: 'Swift Otter' } })
    const update = awareness.encodeAwarenessUpdate(states, [doc.clientID])
    const presence = written((e) => {
      encoding.writeVarUint(e, 1)
      encoding.writeVarUint8Array(e, update)
    })
    const denied = written((e) => {
      encoding.writeVarUint(e, 2)
      auth.writePermissionDenied(e, 'read only')
    })
    states.destroy()
    expect(encodeAwareness(update)).toEqual(presence)
    expect(encodePermissionDenied('read only')).toEqual(denied)
  })

  test('[W6] the keepalive is an awareness update that changes nothing and fires no event', () => {
    const states = new awareness.Awareness(new Y.Doc())
    let events = 0
    states.on('update', () => events++)
    const message = decodeMessage(KEEPALIVE_FRAME)
    expect(message?.type).toBe('awareness')
    if (message?.type === 'awareness') awareness.applyAwarenessUpdate(states, message.update, 'test')
    expect(events).toBe(0)
    states.destroy()
  })
})

describe('decodeMessage', () => {
  const body = fc.uint8Array({ maxLength: 300 })

  test('[W4] any bytes give a message or undefined, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (frame) => {
        const message = decodeMessage(frame)
        expect(message === undefined || typeof message.type === 'string').toBe(true)
      }),
      { numRuns: 4_000 },
    )
  })

  test('[W4] bytes behind a known message number give a message or undefined, never a throw', () => {
    const number = fc.constantFrom(0, 1, 2, 3, 102, 103, 104, 105, 106, 107, 108)
    fc.assert(
      fc.property(number, fc.uint8Array({ maxLength: 40 }), (type, rest) => {
        expect(() => decodeMessage(Uint8Array.of(type, ...rest))).not.toThrow()
      }),
      { numRuns: 4_000 },
    )
  })

  test('[W1] what is encoded decodes to the same', () => {
    fc.assert(
      fc.property(body, fc.string({ unit: 'grapheme' }), (payload, text) => {
        expect(decodeMessage(encodeSyncStep1(payload))).toEqual({ type: 'sync-step1', stateVector: payload })
        expect(decodeMessage(encodeSyncStep2(payload))).toEqual({ type: 'sync-step2', update: payload })
        expect(decodeMessage(encodeUpdate(payload))).toEqual({ type: 'update', update: payload })
        expect(decodeMessage(encodeAwareness(payload))).toEqual({ type: 'awareness', update: payload })
        expect(decodeMessage(encodeHello(text))).toEqual({ type: 'hello', json: text })
        expect(decodeMessage(encodeNotice(text))).toEqual({ type: 'notice', json: text })
        expect(decodeMessage(encodePermissionDenied(text))).toEqual({ type: 'auth', reason: text })
      }),
    )
  })

  test('[W32] fragments of any message decode to its slices, in order', () => {
    const length = fc.oneof(
      fc.integer({ min: 1, max: 5 * FRAGMENT_BYTES }),
      fc.constantFrom(1, FRAGMENT_BYTES - 1, FRAGMENT_BYTES, FRAGMENT_BYTES + 1, 3 * FRAGMENT_BYTES),
    )
    fc.assert(
      fc.property(length, fc.nat(250), (totalBytes, seed) => {
        const message = Uint8Array.from({ length: totalBytes }, (_none, at) => (at * 31 + seed) % 251)
        const parts = encodeFragments(message).map(decodeMessage)
        const slices = parts.map((part, index) => {
          if (part?.type !== 'fragment') throw new Error(`part ${index} is no fragment`)
          expect([part.index, part.count, part.totalBytes]).toEqual([index, parts.length, totalBytes])
          expect(part.slice.length).toBeLessThanOrEqual(FRAGMENT_BYTES)
          return part.slice
        })
        expect(Buffer.concat(slices).equals(message)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('[W40] moved entries decode to the same, and cut short or with a byte more are refused', () => {
    const entry = fc.record({
      clientId: fc.nat(2 ** 31),
      clock: fc.nat(2 ** 31),
      numbers: fc.uint8Array({ maxLength: 200 }),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), fc.nat(), (entries, cut) => {
        const frame = encodeMoved(entries)
        expect(decodeMessage(frame)).toEqual({ type: 'moved', entries })
        expect(decodeMessage(frame.subarray(0, cut % frame.length))).toBeUndefined()
        expect(decodeMessage(Uint8Array.of(...frame, 0))).toBeUndefined()
      }),
    )
  })

  test('[W4] every truncation and every byte left over is refused', () => {
    const frame = encodeUpdate(Uint8Array.of(1, 2, 3, 4))
    for (let length = 0; length < frame.length; length++) {
      expect(decodeMessage(frame.subarray(0, length)), `first ${length} bytes`).toBeUndefined()
    }
    expect(decodeMessage(Uint8Array.of(...frame, 0))).toBeUndefined()
    expect(decodeMessage(Uint8Array.of(3, 0))).toBeUndefined()
    expect(decodeMessage(encodeHello('hello').subarray(0, 5))).toBeUndefined()
  })

  test('[W4] a length beyond the frame is refused, not shortened', () => {
    expect(decodeMessage(Uint8Array.of(0, 2, 100, 1, 2))).toBeUndefined()
    expect(decodeMessage(Uint8Array.of(103, 100, 65, 66))).toBeUndefined()
    expect(
      decodeMessage(Uint8Array.of(0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1)),
    ).toBeUndefined()
  })

  test('[W5] unknown message numbers and unknown sync steps are no message', () => {
    for (const type of [4, 5, 99, 101, 105, 108, 109, 127])
      expect(decodeMessage(Uint8Array.of(type)), `${type}`).toBeUndefined()
    expect(decodeMessage(Uint8Array.of(0, 3, 0))).toBeUndefined()
    expect(decodeMessage(Uint8Array.of(2, 1, 0))).toBeUndefined()
  })

  test('[W4] text that is not UTF-8 is refused', () => {
    expect(decodeMessage(Uint8Array.of(103, 2, 0xc3, 0x28))).toBeUndefined()
  })

  test('[W10] a sync status holds at most 16 bytes, none included', () => {
    const counter = new Uint8Array(MAX_SYNC_STATUS_BYTES).fill(9)
    expect(decodeMessage(encodeSyncStatus(counter))).toEqual({ type: 'sync-status', counter })
    expect(decodeMessage(encodeSyncStatus(new Uint8Array(0)))).toEqual({
      type: 'sync-status',
      counter: new Uint8Array(0),
    })
    expect(decodeMessage(encodeSyncStatus(new Uint8Array(MAX_SYNC_STATUS_BYTES + 1)))).toBeUndefined()
  })
})
