import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  appendAll,
  bytesOf,
  collect,
  fenceOf,
  LogProbe,
  META,
  numbered,
  readTexts,
  roomNamed,
  textOf,
} from './contract-probe.ts'
import { FORMAT_VERSION } from './data-folder.ts'
import { entryKey, entryRange, FORMAT_KEY } from './embedded-keys.ts'
import { createEmbeddedLog } from './embedded-log.ts'
import { openLevelStore } from './level-store.ts'

const fixture = (version: number): string =>
  fileURLToPath(new URL(`./fixtures/format-${version}`, import.meta.url))

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomful-folder-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

async function writeRecord(key: string, value: Uint8Array): Promise<void> {
  const store = await openLevelStore(dir, true)
  await store.write([{ type: 'put', key, value }])
  await store.close()
}

describe('data folder', () => {
  test('missing folders are made on the way', async () => {
    const log = await createEmbeddedLog({ dir: join(dir, 'a', 'b', 'c') })
    expect(log.durability).toBe('disk')
    await log.close()
  })

  test('a second owner is refused in one line that names the way out, and harms nothing', async () => {
    const log = await createEmbeddedLog({ dir })
    const room = await log.open(roomNamed('lobby'), new LogProbe())
    await expect(createEmbeddedLog({ dir })).rejects.toMatchObject({
      code: 'folder-in-use',
      message: `data folder ${dir}: folder in use: set REDIS_URL to run several instances, stop the other server, or set DATA_DIR to another folder`,
    })
    await appendAll(room, ['still mine'])
    await log.close()
    const next = await createEmbeddedLog({ dir })
    expect(await readTexts(await next.open(roomNamed('lobby'), new LogProbe()), '')).toEqual(['still mine'])
    await next.close()
  })

  test('a path below a file cannot be a folder: one helpful line', async () => {
    await writeFile(join(dir, 'file'), '')
    for (const path of [join(dir, 'file'), join(dir, 'file', 'below')]) {
      await expect(createEmbeddedLog({ dir: path })).rejects.toMatchObject({
        code: 'not-writable',
        message: expect.stringMatching(/^data folder .* is not writable \(.*\): set DATA_DIR .*$/),
      })
    }
  })

  test('a folder in which nothing can be made is not writable', async (ctx) => {
    const closed = join(dir, 'closed')
    await mkdir(closed, { mode: 0o555 })
    const isRoot = process.getuid?.() === 0
    // nobody makes files in /proc, not even root, whom modes do not stop
    if (isRoot && process.platform !== 'linux') ctx.skip('root may write everywhere here')
    const path = isRoot ? '/proc/roomful' : closed
    await expect(createEmbeddedLog({ dir: path })).rejects.toMatchObject({ code: 'not-writable' })
    await chmod(closed, 0o755)
  })

  test('a disk that does not take the first write is not writable, and the folder is free again', async () => {
    const attempt = createEmbeddedLog({
      dir,
      openStore: async (path, isNew) => {
        const store = await openLevelStore(path, isNew)
        return {
          get: (key) => store.get(key),
          iterate: (range) => store.iterate(range),
          close: () => store.close(),
          write: () => Promise.reject(new Error('no space left on device')),
        }
      },
    })
    await expect(attempt).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('no space left on device'),
    })
    await (await createEmbeddedLog({ dir })).close()
  })

  test('a newer format is refused in one line and not touched', async () => {
    await writeRecord(FORMAT_KEY, bytesOf(JSON.stringify({ version: FORMAT_VERSION + 1, owner: 'future' })))
    await expect(createEmbeddedLog({ dir })).rejects.toMatchObject({
      code: 'format-newer',
      message: `data folder ${dir} has format ${FORMAT_VERSION + 1}, this version reads up to ${FORMAT_VERSION}: run a newer Roomful`,
    })
    const store = await openLevelStore(dir, false)
    expect(textOf((await store.get(FORMAT_KEY)) ?? new Uint8Array(0))).toContain('future')
    await store.close()
  })

  test.each([
    ['of another program', 'some key', 'some value'],
    ['with a format record that is no JSON', FORMAT_KEY, 'rubbish'],
    ['with a format record without a version', FORMAT_KEY, '{"owner":"x"}'],
    ['with a format version that is none', FORMAT_KEY, '{"version":0,"owner":"x"}'],
  ])('a LevelDB %s is refused', async (_, key, value) => {
    await writeRecord(key, bytesOf(value))
    await expect(createEmbeddedLog({ dir })).rejects.toMatchObject({ code: 'corrupt' })
  })

  test.each([1, 2])('a folder of format %i opens as it was left', async (version) => {
    await cp(fixture(version), dir, { recursive: true })
    const log = await createEmbeddedLog({ dir })
    expect(await collect(log.rooms())).toEqual([
      { room: 'compacted', generation: 0, entries: 2, bytes: 14, title: 'A board' },
      { room: 'lobby', generation: 0, entries: 5, bytes: 5, title: undefined },
      { room: 'reborn', generation: 1, entries: 1, bytes: 3, title: undefined },
    ])
    const lobby = await log.open(roomNamed('lobby'), new LogProbe())
    expect(await readTexts(lobby, '')).toEqual(numbered(5))
    expect((await collect(lobby.read('')))[0]).toEqual({
      position: '0000000000000001',
      update: bytesOf('0'),
      meta: META,
    })
    const { head } = await log.open(roomNamed('compacted'), new LogProbe())
    expect(textOf(head.snapshot?.bytes ?? new Uint8Array(0))).toBe('snapshot')
    expect(head.upTo).toBe('0000000000000003')
    const reborn = await log.open(roomNamed('reborn'), new LogProbe())
    expect(reborn.head.tombstone).toEqual({
      generation: 0,
      stateVector: new Uint8Array([1, 7, 42]),
      deletedAt: META.at,
    })
    expect(await readTexts(reborn, '')).toEqual(['new'])
    await log.close()
  })

  test('a folder of format 1 is one of format 2 from then on, with its entries as they were', async () => {
    await cp(fixture(1), dir, { recursive: true })
    const log = await createEmbeddedLog({ dir })
    const lobby = await log.open(roomNamed('lobby'), new LogProbe())
    const positions = await appendAll(lobby, numbered(5, 'new '))
    expect(positions[0]).toBe('0000000000000006')
    expect(await readTexts(lobby, '0000000000000004')).toEqual(['4', ...numbered(5, 'new ')])
    // up to the middle of a record of the new format, over those of the old one
    await lobby.compact({ bytes: bytesOf('both') }, fenceOf(lobby, positions[1] ?? ''))
    await log.close()

    const store = await openLevelStore(dir, false)
    expect(textOf((await store.get(FORMAT_KEY)) ?? new Uint8Array(0))).toContain('"version":2')
    const keys = (await collect(store.iterate(entryRange(roomNamed('lobby'), 0)))).flat().map(([key]) => key)
    expect(keys).toEqual([entryKey(roomNamed('lobby'), 10)])
    await store.close()

    const again = await createEmbeddedLog({ dir })
    const { bytes } = (await collect(again.rooms())).find(({ room }) => room === 'lobby') ?? {}
    expect(bytes).toBe('both'.length + 3 * 'new 0'.length)
    const reopened = await again.open(roomNamed('lobby'), new LogProbe())
    expect(await readTexts(reopened, reopened.head.upTo)).toEqual(numbered(5, 'new ').slice(2))
    await again.close()
  })
})
