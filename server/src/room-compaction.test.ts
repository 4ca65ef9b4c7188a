import { encodeUpdate } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { HeldLog } from '../../tests/support/room-harness/held-log.ts'
import { inlineCompactor, RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { noteOf, Writer } from '../../tests/support/room-harness/writer.ts'
import { LogError } from './log/log-error.ts'
import { COMPACT_ENTRIES, COMPACT_MIN_BYTES, COMPACT_STRUCTS_PER_ENTRY } from './room-compaction.ts'
import type { CompactionResult, Compactor } from './room-compactor.ts'

/** A compactor that waits for the test's word. */
class HeldCompactor implements Compactor {
  calls: {
    update: Uint8Array
    resolve: (result: CompactionResult) => void
    reject: (error: Error) => void
  }[] = []

  compact(update: Uint8Array): Promise<CompactionResult> {
    return new Promise((resolve, reject) => this.calls.push({ update, resolve, reject }))
  }

  async finish(): Promise<void> {
    for (const { update, resolve } of this.calls.splice(0)) resolve(await inlineCompactor.compact(update))
  }

  async close(): Promise<void> {
    // nothing runs
  }
}

/** What a restart would read. */
async function restarted(log: HeldLog): Promise<Uint8Array> {
  await log.leave()
  const room = await RoomHarness.open({ log })
  return room.room.encodeDocument()
}

describe('when', () => {
  test('by entries', async () => {
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ compactor })
    const [member, writer] = [room.join(), new Writer(1)]
    for (let i = 0; i < COMPACT_ENTRIES - 1; i += 1) room.receive(member, writer.frame('x'))
    room.turn()
    expect(compactor.calls).toHaveLength(0)
    room.receive(member, writer.frame('x'))
    room.turn()
    expect(compactor.calls).toHaveLength(1)
  })

  test('a base of many structs by so many more entries that rebuilding it is worth it', async () => {
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ compactor })
    const [member, writer] = [room.join(), new Writer(1)]
    const [structs, needed] = [100_000, 100_000 / COMPACT_STRUCTS_PER_ENTRY]
    expect(needed).toBeGreaterThan(COMPACT_ENTRIES)
    // letters put in front of each other do not merge
    writer.doc.transact(() => {
      for (let i = 0; i < structs; i += 1) writer.doc.getText('note').insert(0, 'x')
    })
    room.receive(member, encodeUpdate(writer.last()))
    room.turn()
    await compactor.finish()
    // the base is read in slices
    await expect.poll(() => room.settle().then(() => room.counts.get('compacted'))).toBe(1)
    for (let i = 0; i < needed - 1; i += 1) room.receive(member, writer.frame('x'))
    room.turn()
    expect(compactor.calls).toHaveLength(0)
    room.receive(member, writer.frame('x'))
    room.turn()
    expect(compactor.calls).toHaveLength(1)
  })

  test('by a tail that is large beside its base, never by time', async () => {
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ compactor })
    const [member, writer] = [room.join(), new Writer(1)]
    room.receive(member, writer.frame('x'.repeat(COMPACT_MIN_BYTES - 100)))
    room.advance(3_600_000)
    expect(compactor.calls).toHaveLength(0)
    room.receive(member, writer.frame('x'.repeat(200)))
    room.turn()
    expect(compactor.calls).toHaveLength(1)
    await compactor.finish()
    await room.settle()
    // the base is large now: a quarter of it is not there yet, but the floor is
    room.receive(member, writer.frame('x'.repeat(COMPACT_MIN_BYTES / 2)))
    room.turn()
    expect(compactor.calls).toHaveLength(0)
  })

  test('one at a time', async () => {
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ compactor })
    const [member, writer] = [room.join(), new Writer(1)]
    for (let i = 0; i < 3; i += 1) {
      room.receive(member, writer.frame('x'.repeat(COMPACT_MIN_BYTES + 1)))
      room.turn()
    }
    expect(compactor.calls).toHaveLength(1)
  })

  test('again at once where enough came meanwhile, though nothing more comes', async () => {
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ compactor })
    const [member, writer] = [room.join(), new Writer(1)]
    const large = 'x'.repeat(COMPACT_MIN_BYTES + 1)
    for (let i = 0; i < 2; i += 1) {
      room.receive(member, writer.frame(large))
      room.turn()
    }
    for (let i = 1; i <= 2; i += 1) {
      expect(compactor.calls).toHaveLength(1)
      await compactor.finish()
      await expect.poll(() => room.settle().then(() => room.counts.get('compacted'))).toBe(i)
    }
    expect(compactor.calls).toHaveLength(0)
  })
})

describe('how', () => {
  test('[I8] the snapshot covers exactly what was frozen; what came meanwhile stays as entries', async () => {
    const compactor = new HeldCompactor()
    const log = new HeldLog()
    const room = await RoomHarness.open({ compactor, log })
    const [member, writer] = [room.join(), new Writer(1)]
    for (const letter of 'before') room.receive(member, writer.frame(letter))
    const done = room.room.compact()
    for (const letter of ' after') room.receive(member, writer.frame(letter))
    await compactor.finish()
    await room.settle()
    await done
    expect(log.compactions.map(({ fence }) => fence)).toEqual([
      { epoch: 'e', generation: 0, basedOn: '', upTo: '00000006' },
    ])
    expect(noteOf(log.compactions[0]?.snapshot.bytes ?? new Uint8Array())).toBe('before')
    expect(log.entries).toHaveLength(6)
    expect(noteOf(room.room.encodeDocument())).toBe('before after')
    expect(noteOf(await restarted(log))).toBe('before after')
  })

  test('[I8] nothing stored is replaced before everything frozen is durable', async () => {
    const log = new HeldLog()
    log.isAuto = false
    const room = await RoomHarness.open({ log })
    const [member, writer] = [room.join(), new Writer(1)]
    for (const letter of 'ab') room.receive(member, writer.frame(letter))
    const done = room.room.compact()
    await room.settle()
    log.settle(1)
    await room.settle()
    expect(log.compactions).toHaveLength(0)
    room.receive(member, writer.frame('c'))
    log.settle()
    await room.settle()
    await done
    expect(log.compactions[0]?.fence.upTo).toBe('00000002')
  })

  test("[I8] somebody else's entry between ours and the freeze is never claimed", async () => {
    const log = new HeldLog()
    log.isAuto = false
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ log, compactor })
    const [member, writer, other] = [room.join(), new Writer(1), new Writer(2)]
    room.receive(member, writer.frame('a'))
    log.settle()
    await room.settle()
    // admitted and frozen, but its place in the log comes after the other's
    room.receive(member, writer.frame('b'))
    const done = room.room.compact()
    log.foreign(other.type('foreign'))
    log.settle()
    await compactor.finish()
    await room.settle()
    await done
    expect(log.compactions[0]?.fence.upTo).toBe('00000001')
    const text = noteOf(await restarted(log))
    expect(text).toContain('foreign')
    expect(text).toContain('ab')
  })

  test('the next one is fenced by the last', async () => {
    const log = new HeldLog()
    const room = await RoomHarness.open({ log })
    const [member, writer] = [room.join(), new Writer(1)]
    for (const letter of 'ab') {
      room.receive(member, writer.frame(letter))
      await room.settle()
      await Promise.all([room.room.compact(), room.settle()])
    }
    expect(log.compactions.map(({ fence }) => [fence.basedOn, fence.upTo])).toEqual([
      ['', '00000001'],
      ['00000001', '00000002'],
    ])
    expect(room.count('compacted')).toBe(2)
    expect(log.entries).toEqual([])
    expect(noteOf(await restarted(log))).toBe('ab')
  })

  test('deletes that only a Y.Doc derives go to the members as one update and not to the log', async () => {
    const log = new HeldLog()
    const room = await RoomHarness.open({ log })
    const member = room.join()
    const [a, b] = [new Y.Doc(), new Y.Doc()]
    a.clientID = 1
    b.clientID = 2
    a.getMap('cards').set('x', 'one')
    b.getMap('cards').set('x', 'two')
    room.receive(room.join(), encodeUpdate(Y.encodeStateAsUpdate(a)), encodeUpdate(Y.encodeStateAsUpdate(b)))
    await room.settle()
    member.take()
    await Promise.all([room.room.compact(), room.settle()])
    room.turn()
    const [update] = member.takeOf('update')
    const { structs, ds } = Y.decodeUpdate(update?.update ?? Uint8Array.of(0, 0))
    expect(structs).toEqual([])
    expect([...ds.clients.keys()]).toEqual([1])
    expect(log.pending).toEqual([])
  })
})

describe('when it fails', () => {
  test('the room goes on, says so, and tries again only when its tail has doubled', async () => {
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ compactor })
    const [member, writer] = [room.join(), new Writer(1)]
    const write = async (bytes: number): Promise<void> => {
      room.receive(member, writer.frame('x'.repeat(bytes)))
      await room.settle()
    }
    await write(COMPACT_MIN_BYTES + 100)
    for (const { reject } of compactor.calls.splice(0)) reject(new Error('poisoned'))
    await room.settle()
    expect(room.count('quarantined:compaction')).toBe(1)
    await write(1_000)
    expect(compactor.calls).toHaveLength(0)
    await write(COMPACT_MIN_BYTES)
    expect(compactor.calls).toHaveLength(1)
    expect(noteOf(room.room.encodeDocument()).length).toBe(writer.text.length)
  })

  test('[I8] a snapshot with another state vector replaces nothing', async () => {
    const log = new HeldLog()
    const wrong = await inlineCompactor.compact(new Writer(9).type('other'))
    const room = await RoomHarness.open({
      log,
      compactor: { ...inlineCompactor, compact: async () => wrong },
    })
    room.receive(room.join(), new Writer(1).frame('kept'))
    await Promise.all([room.room.compact(), room.settle()])
    expect(log.compactions).toEqual([])
    expect(room.count('quarantined:compaction')).toBe(1)
    expect(noteOf(room.room.encodeDocument())).toBe('kept')
  })

  test('fenced by another instance, it starts the next one from what the log says now', async () => {
    const log = new HeldLog()
    const room = await RoomHarness.open({ log })
    const [member, writer] = [room.join(), new Writer(1)]
    room.receive(member, writer.frame('a'))
    await room.settle()
    log.failsCompacting = new LogError('fenced', 'another compaction came first')
    log.head = { ...log.head, upTo: '00000001' }
    await Promise.all([room.room.compact(), room.settle()])
    expect([room.count('quarantined:compaction'), room.count('outrun')]).toEqual([0, 1])
    log.failsCompacting = undefined
    room.receive(member, writer.frame('b'))
    await room.settle()
    await Promise.all([room.room.compact(), room.settle()])
    expect(log.compactions.map(({ fence }) => fence.basedOn)).toEqual(['00000001'])
  })

  test('a room that closes while it is compacted replaces nothing any more', async () => {
    const log = new HeldLog()
    const compactor = new HeldCompactor()
    const room = await RoomHarness.open({ log, compactor })
    room.receive(room.join(), new Writer(1).frame('a'))
    const done = room.room.compact()
    await room.room.close()
    await compactor.finish()
    await done
    expect(log.compactions).toEqual([])
    expect(room.count('quarantined:compaction')).toBe(0)
  })
})
