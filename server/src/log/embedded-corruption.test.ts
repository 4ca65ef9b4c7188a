import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import { entryKey, metaKey, snapshotKey, titleKey, tombstoneKey } from './embedded-keys.ts'
import { createEmbeddedLog, type EmbeddedLog } from './embedded-log.ts'
import { openLevelStore, type Store } from './level-store.ts'

const ROOM = roomNamed('damaged')
const SOUND = roomNamed('sound')

let dir = ''
let log: EmbeddedLog | undefined

/** A room with snapshot, title, tombstone and the entries 3 to 6, and a sound room beside it. */
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomful-corrupt-'))
  const original = await createEmbeddedLog({ dir })
  await original.delete(ROOM, new Uint8Array([1, 7, 42]))
  const room = await original.open(ROOM, new LogProbe())
  // one by one: a record for each
  const positions: string[] = []
  for (const text of numbered(6)) positions.push(...(await appendAll(room, [text])))
  await room.compact({ bytes: bytesOf('merged'), title: 'Title' }, fenceOf(room, positions[1] ?? ''))
  await appendAll(await original.open(SOUND, new LogProbe()), ['sound'])
  await original.close()
})
afterEach(async () => {
  await log?.close()
  log = undefined
  await rm(dir, { recursive: true, force: true })
})

/** Changes the folder behind the log's back, then opens it. */
async function tamper(change: (store: Store) => Promise<void>): Promise<EmbeddedLog> {
  const store = await openLevelStore(dir, false)
  await change(store)
  await store.close()
  log = await createEmbeddedLog({ dir })
  return log
}

async function flip(store: Store, key: string, offset: number): Promise<void> {
  const value = (await store.get(key))?.slice()
  if (value === undefined) throw new Error(`no record ${key}`)
  const place = offset < 0 ? value.length + offset : offset
  value[place] = (value[place] ?? 0) ^ 0x01
  await store.write([{ type: 'put', key, value }])
}

async function readDamaged(damaged: EmbeddedLog): Promise<void> {
  const room = await damaged.open(ROOM, new LogProbe())
  await collect(room.read(''))
}

const CORRUPT = { name: 'LogError', code: 'corrupt', message: expect.stringContaining('room damaged:') }

describe('embedded log with damaged records', () => {
  // version, checksum, header, body
  test.each([0, 1, 4, 5, 9, -1])(
    'a flipped bit in an entry (byte %i) is an error that names the room',
    async (offset) => {
      const damaged = await tamper((store) => flip(store, entryKey(ROOM, 4), offset))
      await expect(readDamaged(damaged)).rejects.toMatchObject(CORRUPT)
      const sound = await damaged.open(SOUND, new LogProbe())
      expect(await readTexts(sound, '')).toEqual(['sound'])
    },
  )

  test.each([
    ['meta record', metaKey(ROOM)],
    ['snapshot', snapshotKey(ROOM)],
    ['title', titleKey(ROOM)],
    ['tombstone', tombstoneKey(ROOM)],
  ])('a flipped bit in the %s is an error that names the room', async (_, key) => {
    const damaged = await tamper((store) => flip(store, key, -1))
    await expect(damaged.open(ROOM, new LogProbe())).rejects.toMatchObject(CORRUPT)
    const sound = await damaged.open(SOUND, new LogProbe())
    expect(await readTexts(sound, '')).toEqual(['sound'])
  })

  test.each([
    ['first', 3],
    ['middle', 4],
    ['last', 6],
  ])('a missing entry (%s) is an error, not a shorter log', async (_, sequence) => {
    const damaged = await tamper((store) => store.write([{ type: 'del', key: entryKey(ROOM, sequence) }]))
    await expect(readDamaged(damaged)).rejects.toMatchObject(CORRUPT)
  })

  test('two entries that changed places are an error: the key is part of the checksum', async () => {
    const damaged = await tamper(async (store) => {
      const [third, fourth] = [await store.get(entryKey(ROOM, 3)), await store.get(entryKey(ROOM, 4))]
      if (third === undefined || fourth === undefined) throw new Error('entries missing')
      await store.write([
        { type: 'put', key: entryKey(ROOM, 3), value: fourth },
        { type: 'put', key: entryKey(ROOM, 4), value: third },
      ])
    })
    await expect(readDamaged(damaged)).rejects.toMatchObject(CORRUPT)
  })

  test('a missing snapshot is an error, not an empty room', async () => {
    const damaged = await tamper((store) => store.write([{ type: 'del', key: snapshotKey(ROOM) }]))
    await expect(damaged.open(ROOM, new LogProbe())).rejects.toMatchObject(CORRUPT)
  })

  test('an empty or cut record is an error', async () => {
    for (const value of [new Uint8Array(0), new Uint8Array([1, 0, 0, 0, 0])]) {
      const damaged = await tamper((store) => store.write([{ type: 'put', key: entryKey(ROOM, 5), value }]))
      await expect(readDamaged(damaged)).rejects.toMatchObject(CORRUPT)
      await damaged.close()
    }
  })

  test('a damaged room can be deleted and starts anew', async () => {
    const damaged = await tamper((store) => flip(store, entryKey(ROOM, 4), -1))
    await damaged.delete(ROOM, new Uint8Array([0]))
    const room = await damaged.open(ROOM, new LogProbe())
    expect(room.head.generation).toBe(2)
    expect(await readTexts(room, '')).toEqual([])
  })

  describe('where entries share a record', () => {
    const LAST = 26

    beforeEach(async () => {
      const sound = await createEmbeddedLog({ dir })
      await appendAll(await sound.open(ROOM, new LogProbe()), numbered(20, 'together '))
      await sound.close()
    })

    test.each([0, 1, 4, 5, 6, 7, 30, 60, -1])(
      'a flipped bit (byte %i) is an error that names the room',
      async (offset) => {
        await expect(
          readDamaged(await tamper((store) => flip(store, entryKey(ROOM, LAST), offset))),
        ).rejects.toMatchObject(CORRUPT)
      },
    )

    test.each(['first', 'only', 'last'])('a record that is gone (%s) is an error', async (which) => {
      const sound = await createEmbeddedLog({ dir })
      await appendAll(await sound.open(ROOM, new LogProbe()), numbered(20, 'later '))
      await sound.close()
      const gone = { first: [3, 4, 5, 6], only: [LAST], last: [LAST + 20] }[which] ?? []
      const damaged = await tamper((store) =>
        store.write(gone.map((sequence) => ({ type: 'del', key: entryKey(ROOM, sequence) }))),
      )
      await expect(readDamaged(damaged)).rejects.toMatchObject(CORRUPT)
    })

    test('a record under the place of another one is an error', async () => {
      const damaged = await tamper(async (store) => {
        const value = await store.get(entryKey(ROOM, LAST))
        if (value === undefined) throw new Error('the record is missing')
        await store.write([
          { type: 'del', key: entryKey(ROOM, LAST) },
          { type: 'put', key: entryKey(ROOM, LAST - 1), value },
        ])
      })
      await expect(readDamaged(damaged)).rejects.toMatchObject(CORRUPT)
    })
  })
})
