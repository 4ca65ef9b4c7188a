import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { brokenExports, unloadableExports } from './exports.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roomful-exports-'))
  for (const name of ['src', 'dist']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'src', 'index.ts'), '')
  writeFileSync(join(folder, 'dist', 'index.js'), 'export const one = 1\n')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** @param {Record<string, string>} conditions */
function manifest(conditions) {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'p', type: 'module', exports: { '.': conditions } }),
  )
}

const SOUND = { '@roomful/source': './src/index.ts', default: './dist/index.js' }

test('exports that exist and load are fine', async () => {
  manifest(SOUND)
  expect([...brokenExports(folder), ...(await unloadableExports(folder))]).toEqual([])
})

test('a promised file that was not built is named with its condition', () => {
  manifest({ ...SOUND, types: './dist/index.d.ts' })
  expect(brokenExports(folder)).toEqual(['p . (types): ./dist/index.d.ts does not exist'])
})

test('a condition before the source is refused: tests would run the build', () => {
  manifest({ default: './dist/index.js', '@roomful/source': './src/index.ts' })
  expect(brokenExports(folder)).toEqual(['p .: "@roomful/source" has to come first'])
})

test('an entry that throws while loading, and one without exports, are named', async () => {
  manifest(SOUND)
  writeFileSync(join(folder, 'dist', 'index.js'), "import './gone.js'\n")
  expect(await unloadableExports(folder)).toEqual([expect.stringContaining('gone.js')])
  manifest({ ...SOUND, default: './dist/empty.js' })
  writeFileSync(join(folder, 'dist', 'empty.js'), 'export {}\n')
  expect(await unloadableExports(folder)).toEqual(['p .: exports nothing'])
})
