import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashOf, stampAt } from './stamp.mjs'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'roomful-stamp-'))
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src', 'a.ts'), 'one')
  writeFileSync(join(root, 'src', 'b.ts'), 'two')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('the hash of unchanged content stays, whatever the modification times', () => {
  const before = hashOf(root, ['src'])
  utimesSync(join(root, 'src', 'a.ts'), 1, 1)
  expect(hashOf(root, ['src'])).toBe(before)
})

test.each([
  ['edited', () => writeFileSync(join(root, 'src', 'a.ts'), 'three')],
  ['renamed', () => renameSync(join(root, 'src', 'a.ts'), join(root, 'src', 'c.ts'))],
  ['added', () => writeFileSync(join(root, 'src', 'c.ts'), '')],
  ['removed', () => rmSync(join(root, 'src', 'a.ts'))],
])('the hash changes when a source is %s', (_what, change) => {
  const before = hashOf(root, ['src'])
  change()
  expect(hashOf(root, ['src'])).not.toBe(before)
})

test('bytes that move from one file to the next change the hash', () => {
  const before = hashOf(root, ['src'])
  writeFileSync(join(root, 'src', 'a.ts'), 'onet')
  writeFileSync(join(root, 'src', 'b.ts'), 'wo')
  expect(hashOf(root, ['src'])).not.toBe(before)
})

test('skipped files, results of builds and absent paths do not count, extra text does', () => {
  const before = hashOf(root, ['src'])
  mkdirSync(join(root, 'src', 'dist'))
  writeFileSync(join(root, 'src', 'dist', 'a.js'), 'built')
  writeFileSync(join(root, 'src', 'a.test.ts'), 'a test')
  const skip = (/** @type {string} */ path) => path.endsWith('.test.ts')
  expect(hashOf(root, ['src', 'nowhere'], { skip })).toBe(before)
  expect(hashOf(root, ['src'], { skip, extra: 'VITE_WS_URL' })).not.toBe(before)
})

test('a stamp matches only what was written last, and nothing once cleared', () => {
  const stamp = stampAt(join(root, 'cache', 'build'))
  expect(stamp.matches('x')).toBe(false)
  stamp.write('x')
  expect(stamp.matches('x')).toBe(true)
  expect(stamp.matches('y')).toBe(false)
  stamp.clear()
  expect(stamp.matches('x')).toBe(false)
})
