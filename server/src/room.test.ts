import {
  CLOSE,
  DEFAULT_LIMITS,
  encodeHello,
  encodePermissionDenied,
  encodeQueryAwareness,
  encodeSyncStatus,
  encodeSyncStep1,
  encodeUpdate,
  KEEPALIVE_FRAME,
  KEEPALIVE_MS,
  parseHello,
  parseNotice,
  type RoomName,
} from '@roomful/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { awarenessFrame, takePresence } from '../../tests/support/room-harness/presence-bytes.ts'
import { inlineCompactor, RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'
import { SimClock } from '../../tests/support/simulator/sim-clock.ts'
import { ProcessBounds } from './process-bounds.ts'
import { SILENT_EVENTS } from './room-events.ts'
import { Room } from './room.ts'

const EMPTY_VECTOR = Uint8Array.of(0)
const NEVER_SEEN = Uint8Array.of(0, 2, 7, 1, 1, 5, 0, 0, 0, 0)

function notices(member: FakeMember): (string | undefined)[] {
  return member.takeOf('notice').map(({ json }) => parseNotice(json)?.code)
}

describe('joining', () => {
  test('a stock client gets our SyncStep1 first, and nothing it did not ask for', async () => {
    const room = await RoomHarness.open()
    const member = room.join({}, true)
    expect(member.take()).toEqual([{ type: 'sync-step1', stateVector: EMPTY_VECTOR }])
  })

  test('a client that asked for extensions gets hello before it', async () => {
    const log = new HeldLog()
    const room = await RoomHarness.open({ log })
    const member = room.join({ extended: true, permission: 'read' }, true)
    const [hello, step1] = member.take()
    expect(step1?.type).toBe('sync-step1')
    expect(hello?.type === 'hello' ? parseHello(hello.json) : undefined).toEqual({
      protocol: 2,
      generation: 0,
      durability: 'disk',
      now: room.clock.now(),
      permission: 'read',
      limits: {
        frameBytes: DEFAULT_LIMITS.frameBytes,
        awarenessBytes: DEFAULT_LIMITS.awarenessBytes,
        updatesPerSecond: DEFAULT_LIMITS.updatesPerSecond,
      },
      instanceId: 'here',
    })
  })

  test('[I9] the room opens only after the log was read, and the first answer is complete', async () => {
    const log = new HeldLog()
    const writer = new Writer(1)
    for (const letter of 'replayed') log.foreign(writer.type(letter))
    const room = await RoomHarness.open({ log })
    const member = room.join()
    room.receive(member, encodeSyncStep1(EMPTY_VECTOR))
    expect(member.takeOf('sync-step2').map(({ update }) => noteOf(update))).toEqual(['replayed'])
  })

  test('[I9] a room that cannot be read rejects and leaves its log', async () => {
    const log = new HeldLog()
    log.failsReading = new Error('disk')
    await expect(RoomHarness.open({ log })).rejects.toThrow('disk')
    expect(log.isOpen).toBe(false)
  })

  test('each SyncStep1 is answered by exactly one SyncStep2; cold ones share their bytes', async () => {
    const room = await RoomHarness.open()
    const [a, b, c] = [room.join(), room.join(), room.join()]
    room.receive(a, new Writer(1).frame('hello'))
    room.turn()
    for (const member of [a, b, c]) {
      member.take()
      room.receive(member, encodeSyncStep1(EMPTY_VECTOR))
    }
    expect(a.frames).toHaveLength(1)
    expect(b.frames[0]).toBe(c.frames[0])
    expect(noteOf(b.takeOf('sync-step2')[0]?.update ?? EMPTY_VECTOR)).toBe('hello')
    expect([room.count('answered')]).toEqual([3])
  })

  test('the cold answer is cut anew after the document changed', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    const writer = new Writer(1)
    room.receive(a, writer.frame('one'))
    room.receive(b, encodeSyncStep1(EMPTY_VECTOR))
    room.receive(a, writer.frame(' two'))
    room.receive(b, encodeSyncStep1(EMPTY_VECTOR))
    expect(b.takeOf('sync-step2').map(({ update }) => noteOf(update))).toEqual(['one', 'one two'])
  })

  test('a full room turns the next one away with 1013', async () => {
    const room = await RoomHarness.open({ limits: { roomMembers: 1 } })
    room.join()
    const late = room.join({}, true)
    expect(late.closed?.code).toBe(CLOSE.overload.code)
    expect(late.frames).toEqual([])
    expect(room.room.memberCount).toBe(1)
  })
})

describe('updates', () => {
  test('what one turn brings is written once per member, in order, and framed once for all who sent nothing', async () => {
    const room = await RoomHarness.open()
    const [a, b, c, d] = [room.join(), room.join(), room.join(), room.join()]
    const [first, second] = [new Writer(1), new Writer(2)]
    const frames = [first.frame('1'), second.frame('2'), first.frame('3')] as const
    room.receive(a, frames[0])
    room.receive(b, frames[1])
    room.receive(a, frames[2])
    expect([...c.frames, ...d.frames]).toEqual([])
    room.turn()
    expect(c.batches).toHaveLength(1)
    expect(c.batches[0]).toBe(d.batches[0])
    expect(c.frames).toEqual([...frames])
    expect(a.frames).toEqual([frames[1]])
    expect(b.frames).toEqual([frames[0], frames[2]])
  })

  test("the sender's own frame goes on untouched; a rewritten update is framed anew", async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    const writer = new Writer(1)
    const frame = writer.frame('abc')
    room.receive(a, frame)
    room.turn()
    expect(b.frames[0]).toBe(frame)
    b.take()
    writer.type('def')
    room.receive(a, encodeUpdate(Y.encodeStateAsUpdate(writer.doc)))
    room.turn()
    const [rest] = b.takeOf('update')
    expect(Y.decodeUpdate(rest?.update ?? EMPTY_VECTOR).structs.map(({ id }) => id.clock)).toEqual([3])
  })

  test('what is known already goes to nobody and not to the log', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    const frame = new Writer(1).frame('x')
    room.receive(a, frame)
    room.turn()
    b.take()
    room.receive(b, frame.slice())
    room.turn()
    expect([...a.frames, ...b.frames]).toEqual([])
    expect(room.log.entries).toHaveLength(1)
  })

  test('a SyncStep2 goes to the others as one update', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    const writer = new Writer(1)
    for (const letter of 'offline') writer.type(letter)
    room.receive(a, writer.step2())
    room.turn()
    expect(b.takeOf('update').map(({ update }) => noteOf(update))).toEqual(['offline'])
  })

  test('a frame of a member that has left is ignored', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    room.room.leave(member)
    room.room.leave(member)
    room.receive(member, new Writer(1).frame('late'))
    expect(room.log.entries).toEqual([])
    expect(room.room.memberCount).toBe(0)
  })
})

describe('what is missing', () => {
  test('an update that builds on what the room lacks is asked for, and arrives with the answer', async () => {
    const room = await RoomHarness.open()
    const [member, other] = [room.join(), room.join()]
    const writer = new Writer(1)
    room.receive(member, writer.step2())
    writer.type('lost ')
    room.receive(member, writer.frame('found'))
    room.turn()
    expect(other.take()).toEqual([])
    const [ask] = member.takeOf('sync-step1')
    room.receive(member, writer.step2(ask?.stateVector))
    room.turn()
    expect(other.takeOf('update').map(({ update }) => noteOf(update))).toEqual(['lost found'])
    expect(room.count('asked')).toBe(1)
  })

  test('a SyncStep2 with pending parts is asked for again when another member brings their base', async () => {
    const room = await RoomHarness.open()
    const [relay, owner] = [room.join(), room.join()]
    const author = new Writer(1)
    const base = author.type('base ')
    const next = author.type('next')
    // the relaying tab has the second edit only: it is pending there
    const pending = new Writer(2)
    pending.apply(next)
    room.receive(relay, pending.step2())
    room.turn()
    expect(relay.take()).toEqual([])
    room.receive(owner, encodeUpdate(base))
    room.turn()
    expect(relay.takeOf('sync-step1')).toHaveLength(1)
    room.receive(relay, pending.step2(room.room.encodeStateVector()))
    room.turn()
    expect(noteOf(room.room.encodeDocument())).toBe('base next')
  })

  test('a client that goes on building on what it never sends is asked at most once a second', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    const writer = new Writer(1)
    room.receive(member, writer.step2())
    writer.type('never sent')
    for (let i = 0; i < 50; i += 1) {
      room.receive(member, writer.frame('x'))
      room.turn()
      // an empty answer: this client does not say what it has
      for (const _ask of member.takeOf('sync-step1')) room.receive(member, Uint8Array.of(0, 1, 2, 0, 0))
      room.advance(100)
    }
    expect(room.count('asked')).toBeGreaterThanOrEqual(6)
    expect(room.count('asked')).toBeLessThanOrEqual(8)
  })
})

describe('bad input', () => {
  test.each([
    ['an empty frame', new Uint8Array()],
    ['a truncated number', Uint8Array.of(0xff)],
    ['a sync message of no kind', Uint8Array.of(0, 9)],
    ['a length beyond the frame', Uint8Array.of(0, 2, 100, 1)],
    ['bytes left over', Uint8Array.of(3, 3)],
    ['a sync status that is too long', encodeSyncStatus(new Uint8Array(17))],
    ['a malformed update', NEVER_SEEN],
    ['a malformed state vector', Uint8Array.of(0, 0, 2, 5, 1)],
    ['a malformed awareness update', Uint8Array.of(1, 2, 9, 9)],
    ['a presence state that is no JSON', Uint8Array.of(1, 5, 1, 7, 1, 1, 0x7b)],
  ])('[I3] %s closes only its own connection, with 4400', async (_what, frame) => {
    const room = await RoomHarness.open()
    const [bad, good] = [room.join(), room.join()]
    room.receive(bad, frame)
    room.turn()
    expect(bad.closed?.code).toBe(CLOSE.malformed.code)
    expect(
      room.count('malformed') + [...room.counts.keys()].filter((key) => key.startsWith('refused')).length,
    ).toBe(1)
    expect(good.closed).toBeUndefined()
    expect(room.room.memberCount).toBe(1)
    room.receive(room.join(), new Writer(1).frame('goes on'))
    room.turn()
    expect(good.takeOf('update')).toHaveLength(1)
  })

  test.each([
    ['a number of a custom handler', Uint8Array.of(42, 1, 2, 3), 42],
    ['auth', encodePermissionDenied('no'), 2],
    ['hello', encodeHello('{}'), 103],
  ])('%s is ignored and counted', async (_what, frame) => {
    const room = await RoomHarness.open()
    const member = room.join()
    room.receive(member, frame)
    expect(member.closed).toBeUndefined()
    expect(room.count('ignored')).toBe(1)
  })
})

test('[I3] whatever bytes one connection sends, nobody else is closed and the document still loads', async () => {
  const room = await RoomHarness.open()
  const good = room.join()
  const writer = new Writer(1)
  room.receive(good, writer.step2(), writer.frame('intact'), awarenessFrame([1, 1, { user: { id: 'good' } }]))
  const valid = [
    new Writer(2).frame('mutated'),
    awarenessFrame([2, 1, { user: { id: 'bad' } }]),
    encodeSyncStep1(Uint8Array.of(1, 1, 3)),
    encodeSyncStatus(Uint8Array.of(1)),
  ]
  const mutated = fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }),
      fc.nat(80),
    )
    .map(([frame, changes, length]) => {
      const bytes = frame.slice(0, Math.max(1, length))
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      return bytes
    })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated), (frame) => {
      const bad = room.join()
      room.receive(bad, frame)
      room.room.leave(bad)
      room.turn()
      expect(good.closed).toBeUndefined()
    }),
    { numRuns: 400 },
  )
  room.advance(1_000)
  good.take()
  expect(noteOf(room.room.encodeDocument())).toContain('intact')
  expect(room.room.people).toBe(1)
})

describe('read-only members', () => {
  test("a reader's updates are dropped; a stock client is told once by y-protocols' auth message", async () => {
    const room = await RoomHarness.open()
    const [reader, other] = [room.join({ permission: 'read' }), room.join()]
    const writer = new Writer(1)
    room.receive(reader, writer.frame('a'), writer.frame('b'), encodeSyncStatus(Uint8Array.of(1)))
    await room.settle()
    expect(other.take()).toEqual([])
    expect(reader.take().map(({ type }) => type)).toEqual(['auth'])
    expect(room.log.entries).toEqual([])
  })

  test('a client with extensions gets a notice instead', async () => {
    const room = await RoomHarness.open()
    const reader = room.join({ permission: 'read', extended: true })
    room.receive(reader, new Writer(1).frame('a'))
    expect(notices(reader)).toEqual(['read-only'])
  })

  test('a reader that wrote nothing reads, is seen and acknowledged', async () => {
    const room = await RoomHarness.open()
    const [reader, other] = [room.join({ permission: 'read' }), room.join()]
    room.receive(reader, Uint8Array.of(0, 1, 2, 0, 0), encodeSyncStatus(Uint8Array.of(1)))
    room.receive(reader, awarenessFrame([5, 1, { user: { id: 'reader' } }]))
    room.receive(other, awarenessFrame([6, 1, {}]))
    room.turn()
    expect(reader.takeOf('sync-status')).toHaveLength(1)
    expect(takePresence(other)).toEqual([{ clientId: 5, clock: 1, state: { user: { id: 'reader' } } }])
  })
})

describe('a document at its limit', () => {
  const limits = { documentBytes: 200 }

  test('an update over the limit is refused with a notice and stays unacknowledged; deletions are taken', async () => {
    const room = await RoomHarness.open({ limits })
    const member = room.join({ extended: true })
    const writer = new Writer(1)
    room.receive(member, writer.step2(), writer.frame('x'.repeat(100)))
    room.receive(member, writer.frame('y'.repeat(150)), encodeSyncStatus(Uint8Array.of(1)))
    await room.settle()
    expect(notices(member)).toEqual(['too-large'])
    const deletion = writer.delete(0, 100)
    room.receive(member, encodeUpdate(deletion))
    expect(noteOf(room.room.encodeDocument())).toBe('')
    expect(member.closed).toBeUndefined()
  })

  test('once there is room again the refused update is asked for and acknowledged', async () => {
    const room = await RoomHarness.open({ limits })
    const member = room.join({ extended: true })
    const writer = new Writer(1)
    room.receive(member, writer.step2(), writer.frame('x'.repeat(100)))
    room.receive(member, writer.frame('y'.repeat(120)), encodeSyncStatus(Uint8Array.of(1)))
    room.receive(member, encodeUpdate(writer.delete(0, 100)))
    await room.settle()
    member.take()
    await room.room.compact()
    room.advance(2_500)
    const [ask] = member.takeOf('sync-step1')
    room.receive(member, writer.step2(ask?.stateVector))
    await room.settle()
    expect(member.takeOf('sync-status')).toHaveLength(1)
    expect(noteOf(room.room.encodeDocument())).toBe('y'.repeat(120))
  })

  test('a stock client, which hears no notice, is closed with 4413', async () => {
    const room = await RoomHarness.open({ limits })
    const member = room.join()
    room.receive(member, new Writer(1).frame('x'.repeat(300)))
    expect(member.closed?.code).toBe(CLOSE.tooLarge.code)
  })
})

describe('keepalive', () => {
  test('a member that heard nothing for ten seconds gets the empty awareness frame, from one timer', async () => {
    const room = await RoomHarness.open()
    const [quiet, other] = [room.join(), room.join()]
    room.advance(60_000)
    expect(quiet.frames.length).toBeGreaterThanOrEqual(6)
    expect(quiet.frames.length).toBeLessThanOrEqual(8)
    for (const frame of quiet.frames) expect(frame).toBe(KEEPALIVE_FRAME)
    expect(quiet.batches[0]).toBe(other.batches[0])
  })

  test('never is a member left without a frame for longer', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    let silence = 0
    for (let second = 0; second < 70; second += 1) {
      room.advance(1_000)
      silence = member.take().length > 0 ? 0 : silence + 1
      expect(silence * 1_000).toBeLessThanOrEqual(KEEPALIVE_MS)
    }
  })

  test('an empty room has no timer', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    room.room.leave(member)
    expect(room.clock.nextIn).toBeUndefined()
  })
})

describe('ending', () => {
  test('closing leaves the log, closes who is still here, and may be asked twice', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    await room.room.close()
    await room.room.close()
    expect(room.log.isOpen).toBe(false)
    expect(member.closed?.code).toBe(CLOSE.restart.code)
    expect(room.join({}, true).closed?.code).toBe(CLOSE.restart.code)
    expect(room.clock.nextIn).toBeUndefined()
  })

  test('a fault of ours ends the connection it came from and nothing else', async () => {
    const clock = new SimClock()
    const failures: unknown[] = []
    const room = await Room.open({
      name: 'faulty' as RoomName,
      backend: new HeldLog(),
      clock,
      compactor: inlineCompactor,
      limits: DEFAULT_LIMITS,
      bounds: new ProcessBounds(DEFAULT_LIMITS),
      instanceId: 'here',
      events: {
        ...SILENT_EVENTS,
        known: () => {
          throw new Error('a counter broke')
        },
        failed: (error) => failures.push(error),
      },
    })
    const [bad, good] = [new FakeMember(), new FakeMember()]
    room.join(bad)
    room.join(good)
    room.receive(bad, Uint8Array.of(0, 2, 2, 0, 0))
    expect(bad.closed?.code).toBe(CLOSE.internal.code)
    expect(good.closed).toBeUndefined()
    expect(failures).toHaveLength(1)
  })
})

test('a deleted past does not come back with a stock client that still has it', async () => {
  const log = new HeldLog()
  const writer = new Writer(1)
  writer.type('deleted room')
  await log.delete('test-room' as RoomName, Y.encodeStateVector(writer.doc))
  const room = await RoomHarness.open({ log })
  const stock = room.join()
  room.receive(stock, writer.step2())
  const other = new Writer(2)
  room.receive(stock, other.frame('new'))
  room.turn()
  expect(noteOf(room.room.encodeDocument())).toBe('new')
  expect(stock.closed).toBeUndefined()
  expect(room.room.generation).toBe(1)
  room.receive(stock, encodeQueryAwareness())
})
