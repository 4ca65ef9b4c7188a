import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { appendAll, bytesOf, collect, fenceOf, LogProbe, numbered, roomNamed } from './contract-probe.ts'
import {
  entryKey,
  FORMAT_KEY,
  metaKey,
  snapshotKey,
  titleKey,
  tombstoneKey,
  WHOLE_FOLDER,
} from './embedded-keys.ts'
import { createEmbeddedLog } from './embedded-log.ts'
import { openLevelStore } from './level-store.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomful-store-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true, force: true })
})

async function storedKeys(): Promise<string[]> {
  const store = await openLevelStore(dir, false)
  const chunks = await collect(store.iterate(WHOLE_FOLDER))
  await store.close()
  return chunks.flat().map(([key]) => key)
}

test('[I1] every write asks for a sync: kill -9 cannot show a missing one, a power cut would', async () => {
  const scratch = new ClassicLevel(join(dir, 'scratch'))
  await scratch.open()
  const batch = scratch.batch()
  const chainedBatch: { write(options?: object): Promise<void> } = Object.getPrototypeOf(batch)
  await batch.close()
  await scratch.close()

  const write = vi.spyOn(chainedBatch, 'write')
  const log = await createEmbeddedLog({ dir: join(dir, 'log') })
  const room = await log.open(roomNamed('room'), new LogProbe())
  const [position] = await appendAll(room, ['entry'])
  await room.compact({ bytes: bytesOf('merged') }, fenceOf(room, position ?? ''))
  await log.delete(roomNamed('room'), new Uint8Array([0]))
  await log.close()
  // signature of the folder, append, compaction, deletion
  expect(write.mock.calls).toEqual(Array.from({ length: 4 }, () => [{ sync: true }]))
})

test('what is compacted or deleted leaves the disk', async () => {
  const room = roomNamed('room')
  const log = await createEmbeddedLog({ dir })
  const first = await log.open(room, new LogProbe())
  const positions = await appendAll(first, numbered(5))
  await first.compact({ bytes: bytesOf('merged'), title: 'Title' }, fenceOf(first, positions[3] ?? ''))
  await log.close()
  expect(await storedKeys()).toEqual([
    FORMAT_KEY,
    metaKey(room),
    titleKey(room),
    snapshotKey(room),
    entryKey(room, 5),
  ])

  const again = await createEmbeddedLog({ dir })
  const untitled = await again.open(room, new LogProbe())
  const fence = { ...fenceOf(untitled, positions[4] ?? ''), basedOn: positions[3] ?? '' }
  await untitled.compact({ bytes: bytesOf('all') }, fence)
  await again.close()
  expect(await storedKeys()).toEqual([FORMAT_KEY, metaKey(room), snapshotKey(room)])

  const last = await createEmbeddedLog({ dir })
  await last.delete(room, new Uint8Array([0]))
  await last.close()
  expect(await storedKeys()).toEqual([FORMAT_KEY, metaKey(room), tombstoneKey(room)])
})

test('[I1] a folder that is moved away under a running server takes no more writes after a second', async () => {
  const folder = join(dir, 'moved')
  const store = await openLevelStore(folder, true)
  await store.write([{ type: 'put', key: 'a', value: bytesOf('kept') }])
  await rename(folder, join(dir, 'elsewhere'))
  const writing = async (): Promise<void> => {
    for (let n = 0; ; n++) {
      await store.write([{ type: 'put', key: `${n}`, value: bytesOf('gone') }])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await expect(writing()).rejects.toThrow('ENOENT')
  await store.close()
})

test('[I1] a folder that is deleted under a running server takes no more writes', async () => {
  const folder = join(dir, 'deleted')
  const store = await openLevelStore(folder, true)
  await store.write([{ type: 'put', key: 'a', value: bytesOf('kept') }])
  await rm(folder, { recursive: true })
  await expect(store.write([{ type: 'put', key: 'b', value: bytesOf('gone') }])).rejects.toThrow('ENOENT')
  await store.close()
})
