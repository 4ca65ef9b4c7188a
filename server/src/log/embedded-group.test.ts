import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  appendAll,
  bytesOf,
  collect,
  fenceOf,
  LogProbe,
  numbered,
  readTexts,
  roomNamed,
} from './contract-probe.ts'
import { decodeGroup, OpenGroup, type EntryRecord } from './embedded-group.ts'
import { entryKey, entryPrefix, entryRange } from './embedded-keys.ts'
import { createEmbeddedLog } from './embedded-log.ts'
import { openLevelStore } from './level-store.ts'
import type { Position } from './room-log.ts'

const ROOM = roomNamed('room')
const SEED = 4_000_000_000

const anyEntry: fc.Arbitrary<EntryRecord> = fc
  .record({
    instanceId: fc.constantFrom('a', 'b'),
    userId: fc.constantFrom(undefined, 'ada', 'grace'),
    at: fc.constantFrom(0, 1_790_000_000_000, 0.5),
    update: fc.uint8Array({ maxLength: 40 }),
  })
  .map(({ instanceId, userId, at, update }) => ({
    meta: userId === undefined ? { instanceId, at } : { instanceId, userId, at },
    update,
  }))

describe('the record of several entries', () => {
  test('reads back as it was written, whoever appended what and when', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 30 }), fc.nat(), (entries, after) => {
        const group = new OpenGroup(ROOM, SEED, after, 77)
        for (const entry of entries) group.add(entry)
        const last = after + entries.length
        expect(group.key).toBe(entryKey(ROOM, last))
        expect(decodeGroup(SEED, last, group.encode())).toEqual({
          first: after + 1,
          totalBefore: 77,
          entries,
        })
        expect(decodeGroup(SEED, last + 1, group.encode())).toBeUndefined()
      }),
    )
  })

  test('cut or flipped anywhere it is no record', () => {
    const group = new OpenGroup(ROOM, SEED, 0, 0)
    for (const text of numbered(5)) group.add({ meta: { instanceId: 'i', at: 1 }, update: bytesOf(text) })
    const record = group.encode()
    for (let byte = 0; byte < record.length; byte += 1) {
      expect(decodeGroup(SEED, 5, record.subarray(0, byte))).toBeUndefined()
      const flipped = record.slice()
      flipped[byte] = (flipped[byte] ?? 0) ^ 0x10
      expect(decodeGroup(SEED, 5, flipped)).toBeUndefined()
    }
  })
})

describe('a log of such records', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomful-group-'))
  })
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true })
  })

  async function storedPositions(): Promise<Position[]> {
    const store = await openLevelStore(dir, false)
    const records = (await collect(store.iterate(entryRange(ROOM, 0)))).flat()
    await store.close()
    return records.map(([key]) => key.slice(entryPrefix(ROOM).length))
  }

  test('what is appended in one turn is one record, until that is large', async () => {
    const log = await createEmbeddedLog({ dir })
    const room = await log.open(ROOM, new LogProbe())
    await appendAll(room, numbered(100))
    await appendAll(room, ['alone'])
    const large = numbered(6).map((text) => text.padEnd(30_000, '.'))
    const positions = await appendAll(room, large)
    expect(await readTexts(room, '')).toEqual([...numbered(100), 'alone', ...large])
    await log.close()
    const expected = ['0000000000000100', '0000000000000101', positions[2], positions[5]]
    expect(await storedPositions()).toEqual(expected)
  })

  test('from any position on, and with any part compacted, the rest is read, and what is gone leaves the disk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(25), { maxLength: 3 }),
        async (commits, cuts) => {
          await rm(dir, { recursive: true, force: true })
          const log = await createEmbeddedLog({ dir })
          let room = await log.open(ROOM, new LogProbe())
          const texts: string[] = []
          const positions: Position[] = []
          const ends: number[] = []
          for (const [index, count] of commits.entries()) {
            const added = numbered(count, `${index}.`)
            positions.push(...(await appendAll(room, added)))
            texts.push(...added)
            ends.push(texts.length)
          }
          let compacted = 0
          for (const cut of [...new Set(cuts)].toSorted((a, b) => a - b)) {
            if (cut === 0 || cut > texts.length) continue
            const basedOn = positions[compacted - 1] ?? ''
            const fence = { ...fenceOf(room, positions[cut - 1] ?? ''), basedOn }
            await room.compact({ bytes: bytesOf('merged') }, fence)
            compacted = cut
          }
          const bytes = (compacted > 0 ? 'merged'.length : 0) + texts.slice(compacted).join('').length
          for (let after = 0; after <= texts.length; after += 1) {
            expect(await readTexts(room, positions[after - 1] ?? '')).toEqual(
              texts.slice(Math.max(after, compacted)),
            )
          }
          await room.leave()
          room = await log.open(ROOM, new LogProbe())
          expect(await readTexts(room, room.head.upTo)).toEqual(texts.slice(compacted))
          expect((await collect(log.rooms()))[0]?.bytes).toBe(bytes)
          await log.close()
          expect(await storedPositions()).toEqual(
            ends.filter((end) => end > compacted).map((end) => positions[end - 1]),
          )
        },
      ),
      { numRuns: 25 },
    )
  })

  test('a room that is deleted in the turn in which it was written leaves nothing', async () => {
    const log = await createEmbeddedLog({ dir })
    const room = await log.open(ROOM, new LogProbe())
    await appendAll(room, numbered(3))
    const appended = appendAll(room, numbered(3))
    const deleted = log.delete(ROOM, new Uint8Array([0]))
    await Promise.all([appended, deleted])
    const again = await log.open(ROOM, new LogProbe())
    await appendAll(again, ['new'])
    expect(await readTexts(again, '')).toEqual(['new'])
    await log.close()
    expect(await storedPositions()).toEqual(['0000000000000001'])
  })
})
