import { CLOSE, encodeQueryAwareness, encodeSyncStatus, encodeSyncStep1, parseNotice } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import type { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { awarenessFrame } from '../../tests/support/room-harness/presence-bytes.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'

const EVERYTHING = encodeSyncStep1(Uint8Array.of(0))

function drain(member: FakeMember): void {
  member.isStuck = false
  member.bufferedBytes = 0
}

/** A room with a document of so many bytes. */
async function roomOf(bytes: number, limits: Record<string, number> = {}): Promise<RoomHarness> {
  const room = await RoomHarness.open({ limits })
  room.receive(room.join(), new Writer(1).frame('x'.repeat(bytes)))
  room.turn()
  return room
}

describe('whoever floods a room with questions', () => {
  test('[W8] gets a few answers to thousands of sync steps 1 at once, then one to the latest, and pays for each', async () => {
    const room = await roomOf(1_000)
    const flood = room.join()
    for (let i = 0; i < 6_000; i += 1) room.receive(flood, EVERYTHING)
    expect(flood.takeOf('sync-step2').length).toBeLessThan(10)
    expect(flood.charged).toBeGreaterThan(50)
    room.advance(200)
    const [last, ...more] = flood.takeOf('sync-step2')
    expect(noteOf(last?.update ?? Uint8Array.of(0, 0))).toHaveLength(1_000)
    expect(more).toEqual([])
    expect(flood.closed).toBeUndefined()
  })

  test('pays for a large answer as for many frames', async () => {
    const room = await roomOf(2_000_000)
    const member = room.join()
    room.receive(member, EVERYTHING)
    expect(member.charged).toBeGreaterThan(35)
  })

  test('is told who is here once a while, however often it asks, and whether it reads or not', async () => {
    const room = await RoomHarness.open()
    for (let id = 0; id < 50; id += 1)
      room.receive(room.join(), awarenessFrame([id, 1, { name: 'x'.repeat(1_000) }]))
    room.turn()
    const flood = room.join()
    for (let i = 0; i < 9_000; i += 1) room.receive(flood, encodeQueryAwareness())
    expect(flood.takeOf('awareness')).toHaveLength(1)
    room.advance(100)
    expect(flood.takeOf('awareness')).toHaveLength(1)
    flood.isStuck = true
    flood.bufferedBytes = 2_000_000
    for (let i = 0; i < 20; i += 1) {
      room.receive(flood, encodeQueryAwareness())
      room.advance(100)
    }
    expect(flood.takeOf('awareness')).toEqual([])
    drain(flood)
    room.advance(100)
    expect(flood.takeOf('awareness')).toHaveLength(1)
  })

  test('gets its sync statuses back in one write a turn', async () => {
    const room = await RoomHarness.open()
    const flood = room.join()
    for (let i = 0; i < 1_000; i += 1) room.receive(flood, encodeSyncStatus(Uint8Array.of(i & 255, i >> 8)))
    room.turn()
    expect(flood.batches).toHaveLength(1)
    expect(flood.takeOf('sync-status').map(({ counter }) => counter[0])).toEqual(
      Array.from({ length: 1_000 }, (_none, i) => i & 255),
    )
  })

  test('[limit:stateVectorBytes] is closed for a state vector no room has', async () => {
    const room = await roomOf(10, { stateVectorBytes: 100 })
    const member = room.join()
    room.receive(member, encodeSyncStep1(new Uint8Array(101)))
    expect(member.closed?.code).toBe(CLOSE.malformed.code)
    expect(room.count('limited:stateVectorBytes')).toBe(1)
  })
})

describe('answers that are not read', () => {
  const limits = { answerBytes: 300_000, sendBufferBytes: 10_000, sendStallMs: 30_000 }

  test('[limit:answerBytes] [I6] hold so many bytes in a process; who asks then waits, and is answered when one was taken', async () => {
    const room = await roomOf(200_000, limits)
    const members = Array.from({ length: 4 }, () => room.join())
    // cut for each: the vectors differ, so no two share one
    for (const [index, member] of members.entries()) {
      member.isStuck = true
      room.receive(member, encodeSyncStep1(Uint8Array.of(1, 100 + index, 1)))
    }
    const answers = (): number[] => members.map((member) => member.takeOf('sync-step2').length)
    expect(answers()).toEqual([1, 1, 0, 0])
    expect(room.count('limited:answerBytes')).toBeGreaterThan(0)
    room.advance(1_000)
    expect(answers()).toEqual([0, 0, 0, 0])
    for (const member of members.slice(0, 2)) drain(member)
    room.advance(1_000)
    expect(answers()).toEqual([0, 0, 1, 1])
    for (const member of members.slice(2)) room.room.leave(member)
    const [first] = members
    if (first !== undefined) room.receive(first, encodeSyncStep1(Uint8Array.of(1, 90, 1)))
    expect(answers()).toEqual([1, 0, 0, 0])
  })

  test('[limit:answerBytes] a member that takes a byte from time to time cannot keep the others out', async () => {
    const room = await roomOf(400_000, limits)
    const [trickle, waiting] = [room.join(), room.join()]
    trickle.isStuck = true
    room.receive(trickle, encodeSyncStep1(Uint8Array.of(1, 100, 1)))
    room.receive(waiting, encodeSyncStep1(Uint8Array.of(1, 101, 1)))
    for (let second = 0; second < 31; second += 1) {
      trickle.bufferedBytes -= 1
      room.advance(1_000)
    }
    expect(trickle.closed?.code).toBe(CLOSE.overload.code)
    expect(waiting.takeOf('sync-step2')).toHaveLength(1)
  })
})

test('[W25] slow readers that stopped at the same place share what they missed', async () => {
  const room = await RoomHarness.open({ limits: { sendBufferBytes: 1_000 } })
  const fast = room.join()
  const slow = [room.join(), room.join(), room.join()]
  const writer = new Writer(1)
  for (const member of slow) member.isStuck = true
  for (let i = 0; i < 20; i += 1) {
    room.receive(fast, writer.frame('x'.repeat(1_500)))
    room.turn()
  }
  for (const member of slow) {
    member.take()
    drain(member)
  }
  room.advance(100)
  const frames = slow.map((member) => member.frames[0])
  expect(new Set(frames).size).toBe(1)
  expect(frames[0]?.length).toBeGreaterThan(19 * 1_500)
  // what is left of it in the memory of the room
  expect(slow[0]?.frames).toHaveLength(1)
})

describe('[limit:unsavedBytes] [I9] a disk that fails', () => {
  async function failing(): Promise<{ room: RoomHarness; log: HeldLog }> {
    const log = new HeldLog()
    const room = await RoomHarness.open({ log, limits: { unsavedBytes: 10_000 } })
    log.isAuto = false
    return { room, log }
  }
  const codes = (member: FakeMember): (string | undefined)[] =>
    member.takeOf('notice').map(({ json }) => parseNotice(json)?.code)

  test('holds so many bytes in memory: beyond it an update gets a notice, and is asked for once there is room again', async () => {
    const { room, log } = await failing()
    const [member, reader] = [room.join({ extended: true }), room.join()]
    const writer = new Writer(1)
    room.receive(member, writer.step2(), writer.frame('a'.repeat(9_000)))
    room.receive(member, writer.frame('b'.repeat(2_000)), encodeSyncStatus(Uint8Array.of(7)))
    room.turn()
    expect(codes(member)).toEqual(['refused'])
    expect(room.count('limited:unsavedBytes')).toBe(1)
    room.advance(10_000)
    expect(member.takeOf('sync-status')).toEqual([])
    log.isAuto = true
    log.settle()
    await room.settle()
    room.advance(3_000)
    const [ask] = member.takeOf('sync-step1')
    if (ask === undefined) throw new Error('the member was not asked')
    room.receive(member, writer.step2(ask.stateVector))
    await room.settle()
    expect(member.takeOf('sync-status')).toHaveLength(1)
    const copy = new Writer(2)
    for (const message of reader.take())
      if (message.type === 'update' || message.type === 'sync-step2') copy.apply(message.update)
    expect(copy.text).toBe(writer.text)
  })

  test('closes stock clients with 1013 then, and those who only join are let in', async () => {
    const { room } = await failing()
    const [member, joiner] = [room.join(), room.join()]
    const writer = new Writer(1)
    room.receive(member, writer.frame('a'.repeat(9_000)), writer.frame('b'.repeat(2_000)))
    room.receive(joiner, new Writer(2).step2())
    expect(member.closed?.code).toBe(CLOSE.overload.code)
    expect(joiner.closed).toBeUndefined()
  })

  test('takes an update that is larger than the bound all the same, when nothing else waits', async () => {
    const { room } = await failing()
    const member = room.join()
    room.receive(member, new Writer(1).frame('a'.repeat(20_000)))
    expect(member.closed).toBeUndefined()
  })
})
