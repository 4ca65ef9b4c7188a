import { CLOSE, encodeSyncStep1, KEEPALIVE_FRAME } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import type { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { awarenessFrame, takePresence } from '../../tests/support/room-harness/presence-bytes.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { Writer } from '../../tests/support/room-harness/writer.ts'

const limits = { sendBufferBytes: 1_000, sendBufferMaxBytes: 8_000, sendStallMs: 30_000 }

function drain(member: FakeMember): void {
  member.isStuck = false
  member.bufferedBytes = 0
}

/** Takes everything a member got into a document. */
function applyAll(reader: Writer, member: FakeMember): void {
  for (const message of member.take())
    if (message.type === 'update' || message.type === 'sync-step2') reader.apply(message.update)
}

describe('a slow reader', () => {
  test('[limit:sendBufferBytes] gets no updates above its limit, and all of them in one message once it drained', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, slow] = [room.join(), room.join()]
    const [writer, reader] = [new Writer(1), new Writer(2)]
    slow.isStuck = true
    for (let i = 0; i < 50; i += 1) {
      room.receive(fast, writer.frame('x'.repeat(100)))
      room.turn()
    }
    expect(slow.bufferedBytes).toBeLessThan(2_000)
    expect(room.count('lagging')).toBe(1)
    applyAll(reader, slow)
    expect(reader.text.length).toBeLessThan(writer.text.length)
    drain(slow)
    room.advance(100)
    expect(slow.frames).toHaveLength(1)
    applyAll(reader, slow)
    expect(reader.text).toBe(writer.text)
    expect(room.count('resumed')).toBe(1)
    room.receive(fast, writer.frame('live again'))
    room.turn()
    applyAll(reader, slow)
    expect(reader.text).toBe(writer.text)
  })

  test('loses no update of the turn in which it became slow, nor a deletion of later ones', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, slow] = [room.join(), room.join()]
    const [writer, reader] = [new Writer(1), new Writer(2)]
    slow.isStuck = true
    room.receive(fast, writer.frame('a'.repeat(900)), writer.frame('b'.repeat(300)))
    room.turn()
    expect(room.count('lagging')).toBe(1)
    writer.delete(0, 600)
    room.receive(fast, writer.step2())
    room.turn()
    drain(slow)
    room.advance(100)
    applyAll(reader, slow)
    expect(reader.text).toBe(writer.text)
  })

  test('gets only the latest presence of each, and who has left meanwhile', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, slow, leaver] = [room.join(), room.join(), room.join()]
    for (const [id, member] of [fast, slow, leaver].entries())
      room.receive(member, awarenessFrame([id, 1, {}]))
    room.turn()
    slow.take()
    slow.isStuck = true
    room.receive(fast, new Writer(1).frame('x'.repeat(1_500)))
    room.turn()
    slow.take()
    for (let clock = 2; clock < 40; clock += 1) {
      room.receive(fast, awarenessFrame([0, clock, { clock }]))
      room.turn()
    }
    room.room.leave(leaver)
    room.advance(1_000)
    expect(slow.take()).toEqual([])
    drain(slow)
    room.advance(100)
    expect(takePresence(slow)).toEqual([
      { clientId: 0, clock: 39, state: { clock: 39 } },
      { clientId: 2, clock: 1, state: null },
    ])
  })

  test('hears of everybody when it drained, also if it was slow before it was told of anybody', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, slow] = [room.join(), room.join()]
    room.receive(fast, awarenessFrame([0, 1, {}]))
    slow.isStuck = true
    room.receive(fast, new Writer(1).frame('x'.repeat(1_500)))
    room.turn()
    room.receive(slow, awarenessFrame([1, 1, {}]))
    slow.take()
    drain(slow)
    room.advance(2_000)
    expect(takePresence(slow)).toEqual([{ clientId: 0, clock: 1, state: {} }])
  })

  test('[I6] [limit:sendBufferMaxBytes] over the hard limit of live traffic it alone is closed with 1013', async () => {
    const room = await RoomHarness.open({ limits: { ...limits, sendBufferBytes: 10_000 } })
    const [fast, slow] = [room.join(), room.join()]
    const writer = new Writer(1)
    slow.isStuck = true
    for (let i = 0; i < 9; i += 1) {
      room.receive(fast, writer.frame('x'.repeat(1_000)))
      room.turn()
    }
    room.advance(2_000)
    expect(slow.closed?.code).toBe(CLOSE.overload.code)
    expect(fast.closed).toBeUndefined()
    expect(room.count('overloaded:buffer')).toBe(1)
  })

  test('[limit:sendStallMs] one that takes nothing for the stall time is closed; one that takes a little is not', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, dead, slow] = [room.join(), room.join(), room.join()]
    dead.isStuck = true
    slow.isStuck = true
    room.receive(fast, new Writer(1).frame('x'.repeat(900)))
    room.turn()
    for (let second = 0; second < 40; second += 1) {
      if (second % 5 === 0 && slow.bufferedBytes > 10) slow.bufferedBytes -= 10
      room.advance(1_000)
    }
    expect(dead.closed?.code).toBe(CLOSE.overload.code)
    expect(room.count('overloaded:stall')).toBe(1)
    expect(slow.closed).toBeUndefined()
  })
})

describe('large messages that were asked for', () => {
  test('a join answer beyond every limit does not close its member, which goes on getting updates', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, joiner] = [room.join(), room.join()]
    const writer = new Writer(1)
    room.receive(fast, writer.frame('x'.repeat(20_000)))
    room.turn()
    joiner.take()
    drain(joiner)
    joiner.isStuck = true
    room.receive(joiner, encodeSyncStep1(Uint8Array.of(0)))
    expect(joiner.bufferedBytes).toBeGreaterThan(limits.sendBufferMaxBytes)
    room.receive(fast, writer.frame('live'))
    room.turn()
    room.advance(4_000)
    expect(joiner.closed).toBeUndefined()
    expect(joiner.takeOf('update')).toHaveLength(1)
  })

  test('one large update of somebody else does not close a reader', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, reader] = [room.join(), room.join()]
    reader.isStuck = true
    room.receive(fast, new Writer(1).frame('x'.repeat(20_000)))
    room.turn()
    room.advance(4_000)
    expect(reader.closed).toBeUndefined()
  })

  test('who asks again and again without reading gets one answer, and the next once it drained', async () => {
    const room = await RoomHarness.open({ limits })
    const [fast, greedy] = [room.join(), room.join()]
    room.receive(fast, new Writer(1).frame('x'.repeat(5_000)))
    room.turn()
    greedy.take()
    greedy.isStuck = true
    for (let i = 0; i < 20; i += 1) room.receive(greedy, encodeSyncStep1(Uint8Array.of(0)))
    expect(greedy.takeOf('sync-step2')).toHaveLength(1)
    drain(greedy)
    room.advance(200)
    expect(greedy.takeOf('sync-step2')).toHaveLength(1)
    expect(greedy.closed).toBeUndefined()
  })
})

test('a member that lags still gets its keepalive', async () => {
  const room = await RoomHarness.open({ limits })
  const [fast, slow] = [room.join(), room.join()]
  slow.isStuck = true
  room.receive(fast, new Writer(1).frame('x'.repeat(1_500)))
  room.turn()
  slow.take()
  room.advance(11_000)
  expect(slow.frames).toContain(KEEPALIVE_FRAME)
})
