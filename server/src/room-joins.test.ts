import { encodeSyncStep1, FRAGMENT_THRESHOLD_BYTES } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'

const EMPTY_VECTOR = Uint8Array.of(0)

describe('large joins', () => {
  test('[W32] a large answer goes to extended members as fragments of the one message others get, shared', async () => {
    const room = await RoomHarness.open()
    const writer = room.join()
    const long = 'x'.repeat(FRAGMENT_THRESHOLD_BYTES)
    room.receive(writer, new Writer(1).frame(long))
    room.turn()
    const [stock, one, two] = [room.join(), room.join({ extended: true }), room.join({ extended: true })]
    for (const member of [stock, one, two]) {
      member.take()
      room.receive(member, encodeSyncStep1(EMPTY_VECTOR))
    }
    const [whole] = stock.frames
    const { frames } = one
    expect(stock.frames).toHaveLength(1)
    expect(frames).toHaveLength(3)
    for (const [index, frame] of frames.entries()) expect(two.frames[index]).toBe(frame)
    const slices = one.takeOf('fragment').map(({ slice }) => slice)
    expect(Buffer.concat(slices).equals(whole ?? new Uint8Array(0))).toBe(true)
    expect(noteOf(stock.takeOf('sync-step2')[0]?.update ?? EMPTY_VECTOR)).toBe(long)
  })

  test('[W32] an update of the same turn follows the last fragment, and a small answer is one message for all', async () => {
    const room = await RoomHarness.open()
    const [writer, small] = [room.join(), room.join({ extended: true })]
    const typist = new Writer(1)
    room.receive(writer, typist.frame('a'))
    small.take()
    room.receive(small, encodeSyncStep1(EMPTY_VECTOR))
    expect(small.take().map(({ type }) => type)).toEqual(['sync-step2'])
    room.receive(writer, typist.frame('x'.repeat(FRAGMENT_THRESHOLD_BYTES)))
    room.turn()
    const large = room.join({ extended: true })
    large.take()
    room.receive(writer, typist.frame('before '))
    room.receive(large, encodeSyncStep1(EMPTY_VECTOR))
    room.receive(writer, typist.frame('behind '))
    room.turn()
    expect(large.take().map(({ type }) => type)).toEqual([
      'fragment',
      'fragment',
      'fragment',
      'update',
      'update',
    ])
  })

  test('a crowd gets the cold answer that was made once, and its memory is given back when nobody comes any more', async () => {
    const room = await RoomHarness.open()
    const writer = room.join()
    room.receive(writer, new Writer(1).frame('x'))
    room.turn()
    const shared = (): Uint8Array | undefined => {
      const member = room.join()
      room.receive(member, encodeSyncStep1(EMPTY_VECTOR))
      return member.frames[0]
    }
    const first = shared()
    for (let i = 0; i < 4; i += 1) {
      room.advance(90)
      expect(shared()).toBe(first)
    }
    room.advance(10_000)
    expect(shared()).not.toBe(first)
  })

  test('[W5] a message 105 of a client is ignored, whatever is in it', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    for (const frame of [[105], [105, 0, 2, 5, 1, 9], [105, 255]])
      room.receive(member, Uint8Array.from(frame))
    expect(member.closed).toBeUndefined()
    expect(room.count('ignored')).toBe(3)
  })
})
