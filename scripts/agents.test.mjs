import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, rootManifest } from './run.mjs'

const page = readFileSync(join(ROOT, 'AGENTS.md'), 'utf8')

test('every npm command that AGENTS.md names exists', () => {
  const named = [...page.matchAll(/\bnpm (?:run ([a-z:-]+)|(start|test))\b/g)].map(
    ([, run, own]) => run ?? own,
  )
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((name) => rootManifest().scripts[name ?? ''] === undefined)).toEqual([])
})

test('so do the tools that it runs, in the versions it names', () => {
  const tools = [...page.matchAll(/npx ([a-z]+)(@[\d.]+)?/g)]
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const [, tool = '', version] of tools) {
    if (version !== undefined) expect(rootManifest().packageManager).toBe(tool + version)
    else expect(manifest.devDependencies).toHaveProperty(tool === 'tsc' ? 'typescript' : tool)
  }
  expect(tools.length).toBeGreaterThan(4)
})

test('every folder and file that it names exists, and CONTRIBUTING leads to it', () => {
  const named = [...page.matchAll(/`((?:shared|server|client|scripts|tests|docs)\/[^`*\s]*)`/g)].map(
    ([, path = '']) => path,
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  expect(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')).toContain('](AGENTS.md)')
})

test('its tests run in projects that there are', () => {
  const config = readFileSync(join(ROOT, 'vitest.config.ts'), 'utf8')
  for (const name of ['unit', 'integration', 'browser', 'browser-long', 'long'])
    expect(config).toContain(`project('${name}'`)
})
