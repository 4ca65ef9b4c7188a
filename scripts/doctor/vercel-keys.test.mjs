import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ROOT } from '../run.mjs'
import { lookAtVercelKeys } from './vercel-keys.mjs'

const folder = mkdtempSync(join(tmpdir(), 'roomful-vercel-'))
afterEach(() => rmSync(join(folder, 'vercel.json'), { force: true }))

/** @param {string} text */
function look(text) {
  writeFileSync(join(folder, 'vercel.json'), text)
  return lookAtVercelKeys({ root: folder, env: {} })
}

const own = readFileSync(join(ROOT, 'vercel.json'), 'utf8')

test('vercel.json of this repository has only keys that Vercel takes', () => {
  expect(look(own)).toMatchObject([{ kind: 'ok' }])
})

test.each([
  ['the retired name', { experimentalServices: {} }, 'which Vercel refuses beside "services"'],
  ['what services replaced', { builds: [] }, '"builds", which Vercel refuses'],
  ['a build setting at the top', { buildCommand: 'npm run build' }, '"buildCommand" at the top'],
  ['a key nobody reads', { rewrite: [] }, '"rewrite" at the top, which Vercel ignores'],
])('[vercel-keys] %s', (_what, added, text) => {
  expect(look(JSON.stringify({ ...JSON.parse(own), ...added }))).toMatchObject([
    { kind: 'trouble', case: 'vercel-keys', text: expect.stringContaining(text) },
  ])
})

test.each([
  ['routePrefix', 'the rewrites at the top'],
  ['maxDuration', 'under "functions" of that service'],
  ['entryPoint', 'correct its spelling'],
])('[vercel-keys] a service with %s', (key, fix) => {
  const config = JSON.parse(own)
  config.services.sync[key] = '/server'
  expect(look(JSON.stringify(config))).toMatchObject([
    {
      case: 'vercel-keys',
      text: expect.stringContaining(`"sync" has "${key}"`),
      fix: expect.stringContaining(fix),
    },
  ])
})

test('[vercel-keys] a service without its folder, and text that is no JSON', () => {
  expect(look('{"services":{"web":{"framework":"vite"}}}')).toMatchObject([
    { text: expect.stringContaining('no "root"') },
  ])
  expect(look('{"services":{},}')).toMatchObject([{ text: expect.stringContaining('is no JSON') }])
})
