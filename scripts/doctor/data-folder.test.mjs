import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
