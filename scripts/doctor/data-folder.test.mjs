import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT } from '../run.mjs'
import { lookAtDataFolder } from './data-folder.mjs'
import { lookAtNode } from './node.mjs'

const root = mkdtempSync(join(tmpdir(), 'roomful-folder-'))
afterAll(() => rmSync(root, { recursive: true }))

test('a folder that is not there yet will be made', async () => {
  expect(await lookAtDataFolder({ root, env: { DATA_DIR: 'a/b/data' } })).toMatchObject([
    { kind: 'ok', text: expect.stringContaining(join(root, 'a/b/data')) },
  ])
})

test('[folder-closed] a folder that cannot be made', async () => {
  writeFileSync(join(root, 'file'), '')
  expect(await lookAtDataFolder({ root, env: { DATA_DIR: 'file/data' } })).toMatchObject([
    {
      case: 'folder-closed',
      text: expect.stringContaining('file is no folder'),
      fix: expect.stringContaining('DATA_DIR'),
    },
  ])
})

/** Every file of a folder, with its bytes and when it was written. */
const stateOf = (/** @type {string} */ folder) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => [name, readFileSync(join(folder, name), 'hex'), statSync(join(folder, name)).mtimeMs])

test('a folder that is looked at stays as it is, file by file, and who has it is the kernel’s word', async () => {
  const folder = join(root, 'looked-at')
  cpSync(join(ROOT, 'server/src/log/fixtures/format-2'), folder, { recursive: true })
  const before = stateOf(folder)
  const locks = join(root, 'locks')
  const look = async (/** @type {string} */ line) => {
    writeFileSync(locks, `1: FLOCK  ADVISORY  WRITE 1 fe:00:1 0 EOF\n${line}\n`)
    const [finding] = await lookAtDataFolder({ root, env: { DATA_DIR: 'looked-at', PORT: '1' } }, locks)
    return finding
  }
  const { ino } = statSync(join(folder, 'LOCK'))
  expect(await look('')).toMatchObject({ kind: 'ok', text: `${folder} is free` })
  expect(await look(`2: POSIX  ADVISORY  WRITE 0 fe:00:${ino} 0 EOF`)).toMatchObject({
    case: 'folder-in-use',
    text: expect.stringContaining('another process'),
  })
  const [unknown] = await lookAtDataFolder({ root, env: { DATA_DIR: 'looked-at' } }, join(root, 'no-locks'))
  expect(unknown).toMatchObject({ kind: 'skipped', text: expect.stringContaining('does not tell') })
  expect(stateOf(folder)).toEqual(before)
})

test('a LevelDB that is none is not claimed to be in use', async () => {
  writeFileSync(join(root, 'LOCK'), '')
  expect(await lookAtDataFolder({ root, env: { DATA_DIR: '.' } })).toMatchObject([{ kind: 'skipped' }])
})

test('where no folder is used, none is looked at', async () => {
  expect(await lookAtDataFolder({ root, env: { REDIS_URL: 'redis://127.0.0.1' } })).toMatchObject([
    { kind: 'ok' },
  ])
  expect(await lookAtDataFolder({ root, env: { DATA_DIR: ':memory:' } })).toMatchObject([{ kind: 'note' }])
})

test('[old-node] a Node below the floor', () => {
  expect(lookAtNode({ root: ROOT, env: {} }, '18.20.0')).toMatchObject([
    { case: 'old-node', fix: expect.stringContaining('nodejs.org') },
  ])
  expect(lookAtNode({ root: ROOT, env: {} })).toMatchObject([{ kind: 'ok' }])
})
