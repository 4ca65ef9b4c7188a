import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, rootManifest } from './run.mjs'

const contributing = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
const scripts = readdirSync(join(ROOT, 'scripts')).filter(
  (name) => name.endsWith('.mjs') && !name.endsWith('.test.mjs'),
)

test.each(scripts)('CONTRIBUTING names scripts/%s', (name) => {
  expect(contributing).toContain(`\`${name}\``)
})

test('CONTRIBUTING names no script that is gone', () => {
  const named = [...contributing.matchAll(/^\| `([a-z-]+\.mjs)` \|/gm)].map(([, name]) => name)
  expect(named.toSorted()).toEqual(scripts.toSorted())
})

test('CONTRIBUTING names every npm command', () => {
  const commands = Object.keys(rootManifest().scripts)
  const spelled = commands.map((name) =>
    ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
  )
  expect(spelled.filter((command) => !contributing.includes(`\`${command}\``))).toEqual([])
})

test('a command that takes arguments gets them: npm puts them behind the last word', () => {
  const chained = Object.values(rootManifest().scripts).filter((command) => command.includes('||'))
  for (const command of chained) {
    const [, file = ''] = /node (scripts\/[a-z-]+\.mjs)/.exec(command) ?? []
    expect(readFileSync(join(ROOT, file), 'utf8'), file).not.toContain('argv')
  }
  expect(chained.length).toBeGreaterThan(0)
})
