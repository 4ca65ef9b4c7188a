import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'
import { SimClock } from '../../tests/support/simulator/sim-clock.ts'
import { readUpdate } from './room/read-update.ts'
import { RoomContent } from './room/room-content.ts'
import { REREAD_MS } from './room-feed.ts'
import { missingFromLog } from './room-reconciliation.ts'
import { createInlineReader, type UpdateReader } from './update-reader.ts'

/** What a newcomer would read. */
async function storedNote(log: HeldLog): Promise<string> {
  const content = await RoomContent.open(log.head.snapshot?.bytes)
  for (const { update } of log.entries) content.admitStored(update)
  return noteOf(content.answer(Uint8Array.of(0)) ?? Uint8Array.of(0, 0))
}

/** The log comes back as another one that holds these updates. */
function comeBack(room: RoomHarness, ...updates: readonly Uint8Array[]): void {
  const { log } = room
  log.entries = []
  log.head = { generation: 0, epoch: 'another', upTo: '' }
  for (const update of updates) log.foreign(update, false)
  log.sink?.onRewound(log.head)
}

describe('a log that is another or an older one', () => {
  test('[I2] gets back what the room holds, with no further write', async () => {
    const room = await RoomHarness.open()
    room.receive(room.join(), new Writer(1).frame('still here'))
    await room.settle()
    comeBack(room)
    await room.settle()
    expect(await storedNote(room.log)).toBe('still here')
  })

  test('[I2] gives what the room lacks to the members, and gets only what it lacks itself', async () => {
    const room = await RoomHarness.open()
    const member = room.join()
    const [first, other] = [new Writer(1), new Writer(2)]
    const kept = first.type('kept ')
    room.log.foreign(kept)
    room.log.foreign(first.type('lost '))
    await room.settle()
    member.take()
    comeBack(room, kept, other.type('foreign '))
    await room.settle()
    expect(member.takeOf('update').map(({ update }) => noteOf(update))).toEqual(['foreign '])
    expect(room.log.entries).toHaveLength(3)
    const note = await storedNote(room.log)
    expect(note).toBe(noteOf(room.room.encodeDocument()))
    for (const word of ['kept', 'lost', 'foreign']) expect(note).toContain(word)
  })

  /** Words of many hands, as one snapshot. */
  function snapshotOf(writers: number): Uint8Array {
    const doc = new Y.Doc()
    for (let client = 100; client < 100 + writers; client += 1)
      Y.applyUpdate(doc, new Writer(client).type(`w${client} `))
    return Y.encodeStateAsUpdate(doc)
  }

  test('[I3] its large snapshot is taken in slices: members are answered in between, and nothing of it is stored again', async () => {
    const limits = { roomStructs: 5, roomClients: 5 }
    const room = await RoomHarness.open({ largeUpdateBytes: 100, limits })
    const member = room.join()
    const bytes = snapshotOf(40)
    room.log.head = { generation: 0, epoch: 'another', upTo: '0000000000000007', snapshot: { bytes } }
    room.log.sink?.onRewound(room.log.head)
    let turns = 0
    while (!noteOf(room.room.encodeDocument()).includes('w139')) {
      await new Promise((resolve) => setImmediate(resolve))
      if (room.clock.turnPending) room.clock.endTurn()
      turns += 1
      if (turns === 3) room.receive(member, new Writer(1).frame('between'))
      // in force at once, and not word by word
      if (turns === 8) expect(noteOf(room.room.encodeDocument())).toBe('between')
    }
    // 40 structs, three in a turn
    expect(turns).toBeGreaterThan(40 / 3)
    await room.settle()
    const told = member.takeOf('update').map(({ update }) => noteOf(update))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('w139')
    expect(room.log.entries.map(({ update }) => noteOf(update))).toEqual(['between'])
    expect(await storedNote(room.log)).toBe(noteOf(room.room.encodeDocument()))
  })

  test('[I3] what a log lost of a large document is worked out in slices', async () => {
    const content = await RoomContent.open(undefined)
    const text = 'x'.repeat(1_000)
    for (let client = 1; client <= 300; client += 1) content.admit(new Writer(client).type(text))
    let turns = 0
    const pause = async (): Promise<void> => void (turns += 1)
    const reader = createInlineReader({
      now: () => 0,
      after: () => () => undefined,
      endOfTurn: (run) => void pause().then(run),
    })
    const lacking = await missingFromLog(new HeldLog(), content, reader, pause)
    expect(noteOf(lacking ?? Uint8Array.of(0, 0))).toHaveLength(300 * text.length)
    // 64 KiB read in each
    expect(turns).toBeGreaterThanOrEqual(4)
  })

  test('[I3] a large entry of the log that came back is read in slices', async () => {
    const log = new HeldLog()
    const writer = new Writer(1)
    log.foreign(writer.type('x'.repeat(1_000_000)))
    const content = await RoomContent.open(undefined)
    content.admit(Y.encodeStateAsUpdate(writer.doc))
    content.admit(new Writer(2).type('lost'))
    const asked: number[] = []
    const inline = createInlineReader(new SimClock())
    const reader: UpdateReader = {
      ...inline,
      read(request) {
        asked.push(request.update.length)
        return Promise.resolve(readUpdate(request.update, request.maxStructs))
      },
    }
    const lacking = await missingFromLog(log, content, reader, () => Promise.resolve())
    expect(noteOf(lacking ?? Uint8Array.of(0, 0))).toBe('lost')
    expect(asked).toEqual([log.entries[0]?.update.length])
  })

  test('that cannot be read is tried again', async () => {
    const room = await RoomHarness.open()
    room.receive(room.join(), new Writer(1).frame('still here'))
    await room.settle()
    room.log.failsReading = new Error('away')
    comeBack(room)
    await room.settle()
    expect(room.log.entries).toEqual([])
    room.log.failsReading = undefined
    room.advance(REREAD_MS)
    await room.settle()
    expect(await storedNote(room.log)).toBe('still here')
  })

  test('[I8] takes no snapshot that was frozen of the one before', async () => {
    const room = await RoomHarness.open()
    room.receive(room.join(), new Writer(1).frame('x'))
    const compacted = room.room.compact()
    comeBack(room, new Writer(2).type('y'))
    await Promise.all([compacted, room.settle()])
    for (const { fence } of room.log.compactions) expect(fence.epoch).toBe('e')
  })

  test('takes snapshots of its own afterwards', async () => {
    const room = await RoomHarness.open()
    room.receive(room.join(), new Writer(1).frame('x'))
    await room.settle()
    comeBack(room, new Writer(2).type('y'))
    await room.settle()
    await Promise.all([room.room.compact(), room.settle()])
    expect(room.log.compactions.map(({ fence }) => fence.epoch)).toEqual(['another'])
    expect(room.log.entries).toEqual([])
    expect(await storedNote(room.log)).toBe(noteOf(room.room.encodeDocument()))
  })
})

test('a room that another instance deleted is closed though nobody writes in it', async () => {
  const room = await RoomHarness.open()
  const member = room.join()
  room.log.sink?.onDeleted()
  expect(member.closed?.reason).toBe('generation=1')
})
