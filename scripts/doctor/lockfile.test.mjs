import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ROOT } from '../run.mjs'
import { lookAtLockfile } from './lockfile.mjs'

/** @type {string[]} */
const folders = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/**
 * This repository's own manifests, one of them changed.
 *
 * @param {string} [file]
 * @param {(text: string) => string} [change]
 */
function manifests(file, change = (text) => text) {
  const root = mkdtempSync(join(tmpdir(), 'roomful-lockfile-'))
  folders.push(root)
  const packages = ['shared', 'server', 'client/provider', 'client/react', 'client/app']
  const names = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...packages.map((name) => `${name}/package.json`),
  ]
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    cpSync(join(ROOT, name), join(root, name))
  }
  if (file !== undefined) writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8')))
  return { root, env: {} }
}

test('the lockfile of this repository is that of its manifests', () => {
  expect(lookAtLockfile(manifests())[0]).toMatchObject({ kind: 'ok' })
})

test.each([
  [
    'a dependency was added by hand',
    'server/package.json',
    '"dependencies": {',
    '"dependencies": { "left-pad": "^1.3.0",',
    'server/package.json wants left-pad ^1.3.0, locked is nothing',
  ],
  [
    'a range was changed by hand',
    'server/package.json',
    '"pino": "^',
    '"pino": "^1',
    'server/package.json wants pino ^1',
  ],
  [
    'a shared version was changed',
    'pnpm-workspace.yaml',
    '  ws: ^8',
    '  ws: ^9',
    'pnpm-workspace.yaml wants ws ^9',
  ],
  [
    'a dependency was taken out',
    'server/package.json',
    /\s+"pino": "[^"]+",/,
    '',
    'server/package.json no longer wants pino',
  ],
  [
    'one of the root, with a scope',
    'package.json',
    '"@types/node": "',
    '"@types/node": "x',
    'package.json wants @types/node x^',
  ],
])('[stale-lockfile] %s', (_what, file, from, to, text) => {
  const [finding] = lookAtLockfile(manifests(file, (before) => before.replace(from, to)))
  expect(finding).toMatchObject({
    kind: 'trouble',
    case: 'stale-lockfile',
    text: expect.stringContaining(text),
  })
  expect(finding).toMatchObject({ fix: expect.stringMatching(/npx pnpm@\S+ install --lockfile-only/) })
})

test('[stale-lockfile] there is none', () => {
  const checkout = manifests()
  rmSync(join(checkout.root, 'pnpm-lock.yaml'))
  expect(lookAtLockfile(checkout)).toMatchObject([{ case: 'stale-lockfile' }])
})

test('what has to be installed is no trouble: npm start does it', () => {
  expect(lookAtLockfile(manifests())[1]).toMatchObject({
    kind: 'note',
    text: expect.stringContaining('npm start'),
  })
})
