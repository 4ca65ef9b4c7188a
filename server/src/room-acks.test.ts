import { encodeSyncStatus } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { Writer } from '../../tests/support/room-harness/writer.ts'
import { AckQueue, MAX_HELD_ACKS } from './room-acks.ts'

const status = (...counter: number[]): Uint8Array => encodeSyncStatus(Uint8Array.from(counter))

function heldLog(): HeldLog {
  const log = new HeldLog()
  log.isAuto = false
  return log
}

describe('sync statuses', () => {
  test('with nothing waiting a status comes back with the turn, byte for byte', async () => {
    const room = await RoomHarness.open({ log: heldLog() })
    const member = room.join()
    // a length that is not written the shortest way is still the client's own bytes
    const frame = Uint8Array.of(102, 0x82, 0, 9, 8)
    room.receive(member, frame)
    room.turn()
    expect(member.frames).toEqual([frame])
  })

  test('[I1] a status waits until everything before it on its connection is durable, in order', async () => {
    const log = heldLog()
    const room = await RoomHarness.open({ log })
    const member = room.join()
    const writer = new Writer(1)
    room.receive(
      member,
      writer.step2(),
      writer.frame('a'),
      status(1),
      writer.frame('b'),
      status(2),
      status(3),
    )
    await room.settle()
    expect(member.takeOf('sync-status')).toEqual([])
    log.settle(1)
    await room.settle()
    expect(member.takeOf('sync-status').map(({ counter }) => [...counter])).toEqual([[1]])
    log.settle(1)
    await room.settle()
    expect(member.takeOf('sync-status').map(({ counter }) => [...counter])).toEqual([[2], [3]])
  })

  test('[W26] a busy room that is to settle does not wait for its tick: everything durable is acknowledged', async () => {
    const room = await RoomHarness.open()
    const writer = new Writer(1)
    const member = room.join()
    for (let reader = 0; reader < 100; reader += 1) room.join()
    for (let i = 0; i < 1_000; i += 1) {
      room.receive(member, writer.frame('a'))
      room.advance(1)
    }
    member.take()
    room.receive(member, writer.frame('b'), status(1))
    await room.settle()
    // the tick holds it
    expect(member.takeOf('sync-status')).toEqual([])
    await room.room.settled()
    expect(member.takeOf('sync-status')).toHaveLength(1)
  })

  test('[I1] a known update is acknowledged once what made it known is durable', async () => {
    const log = heldLog()
    const room = await RoomHarness.open({ log })
    const writer = new Writer(1)
    const [first, second] = [room.join(), room.join()]
    const frame = writer.frame('a')
    room.receive(first, frame)
    room.receive(second, frame.slice(), status(1))
    await room.settle()
    expect(room.count('known')).toBe(1)
    expect(second.takeOf('sync-status')).toEqual([])
    log.settle()
    await room.settle()
    expect(second.takeOf('sync-status')).toHaveLength(1)
  })

  test('[I9] with storage gone acknowledgements stop and the room goes on', async () => {
    const log = heldLog()
    const room = await RoomHarness.open({ log })
    const [writer, reader] = [new Writer(1), room.join()]
    const member = room.join()
    room.receive(member, writer.frame('a'), status(1))
    log.refuse(new Error('closed'))
    await room.settle()
    room.receive(member, writer.frame('b'), status(2))
    log.settle()
    await room.settle()
    expect(member.takeOf('sync-status')).toEqual([])
    expect(reader.takeOf('update')).toHaveLength(2)
    expect(room.count('appendFailed')).toBe(1)
  })

  test('a status is held back while the member is asked for what an update of it builds on', async () => {
    const log = heldLog()
    const room = await RoomHarness.open({ log })
    const member = room.join()
    const writer = new Writer(1)
    room.receive(member, writer.step2())
    writer.type('never sent ')
    room.receive(member, writer.frame('builds on it'), status(1))
    await room.settle()
    const [ask] = member.takeOf('sync-step1')
    expect(ask).toBeDefined()
    room.receive(member, writer.step2(ask?.stateVector))
    await room.settle()
    // what was asked for has come, but is not durable yet
    expect(member.takeOf('sync-status')).toEqual([])
    log.settle()
    await room.settle()
    expect(member.takeOf('sync-status')).toHaveLength(1)
  })

  test('a status that follows a live update dropped before the first SyncStep2 waits for it', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    const writer = new Writer(1)
    writer.type('offline ')
    room.receive(member, writer.frame('live'), status(1))
    await room.settle()
    expect(member.takeOf('sync-status')).toEqual([])
    expect(room.count('asked')).toBe(0)
    room.receive(member, writer.step2())
    await room.settle()
    expect(member.takeOf('sync-status')).toHaveLength(1)
  })

  test('waiting statuses are bounded: the oldest goes, for a later one speaks for it', () => {
    const queue = new AckQueue()
    for (let i = 0; i <= MAX_HELD_ACKS; i += 1) queue.push(Uint8Array.of(i & 255, i >> 8), 1)
    const sent = queue.release(1)
    expect(sent).toHaveLength(MAX_HELD_ACKS)
    expect(sent[0]).toEqual(Uint8Array.of(1, 0))
    expect(queue.size).toBe(0)
  })
})
