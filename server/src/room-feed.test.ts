import { CLOSE, encodeSyncStatus } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'
import { LogError } from './log/log-error.ts'
import { REREAD_MS } from './room-feed.ts'
import { MAX_HELD_ENTRIES } from './room-foreign.ts'

describe('the feed of the log', () => {
  test('own entries that come back change nothing and are not said twice', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(a, new Writer(1).frame('x'))
    await room.settle()
    expect(b.takeOf('update')).toHaveLength(1)
    expect(a.take()).toEqual([])
  })

  test("somebody else's entries reach every member and are not appended again", async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    room.log.foreign(new Writer(1).type('from afar'))
    room.turn()
    expect(member.takeOf('update').map(({ update }) => noteOf(update))).toEqual(['from afar'])
    expect(room.log.entries).toHaveLength(1)
  })

  test('an entry that comes by the replay and live counts once', async () => {
    const log = new HeldLog()
    const entry = log.foreign(new Writer(1).type('x'))
    const room = await RoomHarness.open({ log })
    const member = room.join()
    log.sink?.onEntry(entry)
    room.turn()
    expect(member.take()).toEqual([])
  })

  test('after a hole it reads on from where it was, and what comes meanwhile waits for its place', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    const writer = new Writer(1)
    room.log.foreign(writer.type('a'))
    room.log.foreign(writer.type('b'), false)
    room.log.sink?.onGap(new Error('a hole'))
    room.log.foreign(writer.type('c'))
    await room.settle()
    expect(noteOf(room.room.encodeDocument())).toBe('abc')
    expect(member.takeOf('update')).toHaveLength(3)
    expect(room.count('gap')).toBe(1)
  })

  test('a log that cannot be read after a hole is tried again', async () => {
    const room = await RoomHarness.open()
    const writer = new Writer(1)
    room.log.foreign(writer.type('a'), false)
    room.log.failsReading = new Error('away')
    room.log.sink?.onGap(new Error('a hole'))
    await room.settle()
    room.log.failsReading = undefined
    room.advance(REREAD_MS)
    await room.settle()
    expect(noteOf(room.room.encodeDocument())).toBe('a')
    expect(room.count('gap')).toBe(2)
  })
})

describe('entries that build on what is not there', () => {
  test('are held and taken when their base comes, from whomever', async () => {
    const room = await RoomHarness.open()
    const [member, other] = [room.join(), room.join()]
    const writer = new Writer(1)
    const base = writer.frame('base ')
    room.log.foreign(writer.type('next'))
    room.turn()
    expect(member.take()).toEqual([])
    room.receive(other, base)
    room.turn()
    expect(noteOf(room.room.encodeDocument())).toBe('base next')
    expect(member.takeOf('update')).toHaveLength(2)
  })

  test('[I8] are never dropped by a compaction', async () => {
    const room = await RoomHarness.open()
    const [writer, other, member] = [new Writer(1), new Writer(2), room.join()]
    const base = writer.type('base ')
    room.receive(member, other.frame('other '))
    room.log.foreign(writer.type('next'))
    room.receive(member, other.frame('more '))
    await Promise.all([room.room.compact(), room.settle()])
    expect(room.log.compactions.map(({ fence }) => fence.upTo)).toEqual(['00000001'])
    room.log.foreign(base)
    await room.settle()
    expect(noteOf(room.room.encodeDocument())).toContain('base next')
    await Promise.all([room.room.compact(), room.settle()])
    expect(room.log.entries).toEqual([])
  })

  test('[I6] are held up to a bound, the oldest is quarantined first', async () => {
    const room = await RoomHarness.open()
    for (let client = 1; client <= MAX_HELD_ENTRIES + 2; client += 1) {
      const writer = new Writer(client)
      writer.type('never sent')
      room.log.foreign(writer.type('x'))
    }
    expect(room.count('quarantined:entry')).toBe(2)
  })

  test('[I3] an entry that is malformed is quarantined, stays in the log, and the room goes on', async () => {
    const log = new HeldLog()
    log.foreign(Uint8Array.of(1, 1, 5, 0, 0, 0, 0))
    const room = await RoomHarness.open({ log })
    room.receive(room.join(), new Writer(1).frame('fine'))
    await Promise.all([room.room.compact(), room.settle()])
    expect(room.count('quarantined:entry')).toBe(1)
    expect(log.compactions).toEqual([])
    expect(noteOf(room.room.encodeDocument())).toBe('fine')
  })
})

test('a room that is deleted elsewhere closes its members with 4404 and the new generation', async () => {
  const log = new HeldLog()
  log.isAuto = false
  const room = await RoomHarness.open({ log })
  const member = room.join()
  room.receive(member, new Writer(1).frame('x'), encodeSyncStatus(Uint8Array.of(1)))
  log.refuse(new LogError('deleted', 'the room was deleted'))
  await room.settle()
  expect(member.closed).toEqual({ code: CLOSE.deleted.code, reason: 'generation=1' })
})
