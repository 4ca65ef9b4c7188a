import { encodeSyncStatus } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { inlineCompactor, RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'
import type { Compactor } from './room-compactor.ts'
import { readUpdate } from './room/read-update.ts'
import { UpdateLayout } from './room/update-layout.ts'
import { createInlineReader, type UpdateReader } from './update-reader.ts'

const WRITERS = 40
/** Of the harness: structs in a slice. */
const STRUCTS_PER_TURN = 3
const options = { largeUpdateBytes: 100 }

/** Words of many hands as one update; the last one is `w139`. */
function largeUpdate(): Uint8Array {
  const doc = new Y.Doc()
  for (let client = 100; client < 100 + WRITERS; client += 1)
    Y.applyUpdate(doc, new Writer(client).type(`w${client} `))
  return Y.encodeStateAsUpdate(doc)
}

const note = (room: RoomHarness): string => noteOf(room.room.encodeDocument())
const knows = (room: RoomHarness, client: number): boolean =>
  Y.decodeStateVector(room.room.encodeStateVector()).has(client)
const isIn = (room: RoomHarness): boolean => knows(room, 99 + WRITERS)

/** Ends turns until `isDone`. @returns how many that were. */
async function turnUntil(room: RoomHarness, isDone: () => boolean): Promise<number> {
  const from = room.clock.turns
  while (!isDone()) {
    await new Promise((resolve) => setImmediate(resolve))
    if (room.clock.turnPending) room.clock.endTurn()
  }
  return room.clock.turns - from
}

/** What a newcomer would read. */
async function storedNote({ head, entries }: HeldLog): Promise<string> {
  const log = new HeldLog()
  log.head = head
  log.entries = entries
  return note(await RoomHarness.open({ log }))
}

describe('a large entry of the log', () => {
  test('[I3] is taken in slices when the room is opened, and nobody is answered before', async () => {
    const log = new HeldLog()
    log.foreign(largeUpdate())
    log.foreign(new Writer(1).type('behind'))
    const room = await RoomHarness.open({ ...options, log })
    expect(room.clock.turns).toBeGreaterThan(WRITERS / STRUCTS_PER_TURN)
    expect(note(room)).toContain('w139')
    expect(note(room)).toContain('behind')
  })

  test('[I3] of another instance is taken in slices: members are answered in between, and told once', async () => {
    const room = await RoomHarness.open(options)
    const member = room.join()
    room.log.foreign(largeUpdate())
    room.receive(member, new Writer(1).frame('between'), encodeSyncStatus(Uint8Array.of(1)))
    expect(note(room)).toBe('between')
    await turnUntil(room, () => member.frames.length > 0)
    expect(isIn(room)).toBe(false)
    expect(member.takeOf('sync-status')).toHaveLength(1)
    expect(await turnUntil(room, () => isIn(room))).toBeGreaterThan(WRITERS / STRUCTS_PER_TURN)
    await room.settle()
    expect(member.takeOf('update').map(({ update }) => noteOf(update).includes('w139'))).toEqual([true])
    expect(room.log.entries).toHaveLength(2)
  })

  test('[I2] is in force before anything behind it is', async () => {
    const room = await RoomHarness.open(options)
    const member = room.join()
    const [first, other] = [new Writer(1), new Writer(2)]
    room.log.foreign(largeUpdate())
    room.log.foreign(first.type('first '))
    room.log.foreign(largeUpdate())
    room.log.foreign(other.type('second '))
    await turnUntil(room, () => knows(room, 2))
    await room.settle()
    const told = member.takeOf('update').map(({ update }) => noteOf(update))
    expect(told.map((text) => (text.includes('w139') ? 'large' : text))).toEqual([
      'large',
      'first ',
      'second ',
    ])
  })

  test('a hole that is told of meanwhile is read behind it', async () => {
    const room = await RoomHarness.open(options)
    room.log.foreign(largeUpdate())
    room.log.foreign(new Writer(1).type('unheard'), false)
    room.log.sink?.onGap(new Error('a hole'))
    room.log.foreign(new Writer(2).type('heard'))
    await turnUntil(room, () => knows(room, 1) && knows(room, 2))
    expect(isIn(room)).toBe(true)
  })

  test('that builds on what is not there is held, and taken in slices when that comes', async () => {
    const room = await RoomHarness.open(options)
    const writer = new Writer(1)
    const base = writer.frame('base ')
    const large = Y.mergeUpdates([writer.type('next '), largeUpdate()])
    room.log.foreign(large)
    await turnUntil(room, () => isIn(room))
    expect(note(room)).not.toContain('next')
    room.receive(room.join(), base)
    expect(await turnUntil(room, () => note(room).includes('base next'))).toBeGreaterThan(3)
  })

  test('that is malformed is quarantined, stays in the log, and the room goes on', async () => {
    const room = await RoomHarness.open(options)
    room.log.foreign(new Uint8Array(200).fill(255))
    room.log.foreign(new Writer(1).type('fine'))
    await turnUntil(room, () => knows(room, 1))
    expect(room.count('quarantined:entry')).toBe(1)
    await Promise.all([room.room.compact(), room.settle()])
    expect(room.log.compactions).toEqual([])
  })

  test('of a room that is closed meanwhile is taken by nobody', async () => {
    const room = await RoomHarness.open(options)
    room.log.foreign(largeUpdate())
    await room.room.close()
    await room.settle()
    expect(room.count('failed')).toBe(0)
  })
})

test('[I3] a stored snapshot with a value too long for one turn is read elsewhere, before anybody is answered', async () => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, new Writer(1).type('before'))
  doc.getMap('map').set(
    'long',
    Array.from({ length: 600_000 }, () => 1),
  )
  const log = new HeldLog()
  log.head = { ...log.head, snapshot: { bytes: Y.encodeStateAsUpdate(doc) } }
  const lengths: number[] = []
  const reader: UpdateReader = {
    ...createInlineReader({ now: () => 0, after: () => () => undefined, endOfTurn: setImmediate }),
    async read(request) {
      lengths.push(request.update.length)
      const result = readUpdate(request.update, request.maxStructs)
      // as it comes from a thread
      return result.kind === 'read'
        ? { kind: 'read', layout: UpdateLayout.of(request.update, result.layout.facts()) }
        : result
    },
  }
  const room = await RoomHarness.open({ log, reader })
  expect(lengths).toEqual([log.head.snapshot?.bytes.length])
  expect(note(room)).toBe('before')
  room.receive(room.join(), new Writer(2).frame('behind '))
  await Promise.all([room.room.compact(), room.settle()])
  // the snapshot that replaces it is looked at in the same way
  expect(lengths).toHaveLength(2)
  expect(await storedNote(log)).toContain('behind')
})

describe('[I8] a compaction', () => {
  test('claims no large entry that was being taken when the room was frozen', async () => {
    const room = await RoomHarness.open(options)
    const member = room.join()
    room.receive(member, new Writer(1).frame('before '))
    room.log.foreign(largeUpdate())
    room.receive(member, new Writer(2).frame('behind '))
    const compacted = room.room.compact()
    await turnUntil(room, () => isIn(room))
    await Promise.all([compacted, room.settle()])
    expect(room.log.compactions.map(({ fence }) => fence.upTo)).toEqual(['00000001'])
    expect(await storedNote(room.log)).toBe(note(room))
  })

  test('claims no entry that was held when the room was frozen, and taken before it was stored', async () => {
    const room = await RoomHarness.open()
    const [writer, member] = [new Writer(1), room.join()]
    const base = writer.frame('base ')
    room.receive(member, new Writer(2).frame('before '))
    room.log.foreign(writer.type('next '))
    room.receive(member, new Writer(3).frame('behind '))
    const compacted = room.room.compact()
    room.receive(member, base)
    room.turn()
    expect(note(room)).toContain('base next')
    await Promise.all([compacted, room.settle()])
    expect(room.log.compactions.map(({ fence }) => fence.upTo)).toEqual(['00000001'])
    expect(await storedNote(room.log)).toBe(note(room))
  })
})

describe('[I2] a log that is another one by the time a large entry is in force', () => {
  test('gets it back', async () => {
    const room = await RoomHarness.open(options)
    room.log.foreign(largeUpdate())
    await turnUntil(room, () => room.clock.turnPending)
    room.log.entries = []
    room.log.head = { generation: 0, epoch: 'another', upTo: '' }
    room.log.sink?.onRewound(room.log.head)
    await turnUntil(room, () => isIn(room) && room.log.entries.length > 0)
    expect(await storedNote(room.log)).toBe(note(room))
  })

  test('gets a large snapshot of before back, too', async () => {
    const room = await RoomHarness.open(options)
    room.log.entries = []
    room.log.head = { generation: 0, epoch: 'second', upTo: '00000007', snapshot: { bytes: largeUpdate() } }
    room.log.sink?.onRewound(room.log.head)
    await turnUntil(room, () => room.clock.turnPending)
    room.log.head = { generation: 0, epoch: 'third', upTo: '' }
    room.log.sink?.onRewound(room.log.head)
    await turnUntil(room, () => isIn(room) && room.log.entries.length > 0)
    expect(await storedNote(room.log)).toBe(note(room))
  })

  test('[I8] and is claimed by no snapshot that was frozen before', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const compactor: Compactor = {
      ...inlineCompactor,
      compact: (update) => held.then(() => inlineCompactor.compact(update)),
    }
    const room = await RoomHarness.open({ ...options, compactor })
    const member = room.join()
    for (let client = 1; client <= 9; client += 1) room.log.foreign(new Writer(client).type(`${client} `))
    room.log.entries = []
    room.log.head = { generation: 0, epoch: 'another', upTo: '00000007', snapshot: { bytes: largeUpdate() } }
    room.log.sink?.onRewound(room.log.head)
    const compacted = room.room.compact()
    await turnUntil(room, () => isIn(room) && room.log.entries.length > 0)
    release()
    room.receive(member, new Writer(10).frame('behind '))
    await Promise.all([compacted, room.settle()])
    expect(await storedNote(room.log)).toBe(note(room))
  })
})
