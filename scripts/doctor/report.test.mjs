import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../run.mjs'
import { CASES, ok, skipped, trouble } from './finding.mjs'
import { format } from './report.mjs'

const LINES = [
  { check: 'node', finding: ok('20.20.2') },
  { check: 'redis', finding: skipped('REDIS_URL is not set') },
  { check: 'rooms', finding: trouble('no-upgrade', 'a header is missing', 'pass it on') },
]

test('each finding is a line, trouble with its cause, what to do and its name', () => {
  const text = format(LINES, { color: false })
  expect(text.split('\n')).toHaveLength(5)
  expect(text).toContain('trouble  rooms        a header is missing → pass it on [no-upgrade]')
  expect(text).toContain(
    '1 trouble, 1 not looked at. At more length: docs/troubleshooting.md, under no-upgrade.',
  )
  expect(format(LINES.slice(0, 1), { color: false })).toContain('All is well.')
})

test('only a terminal gets colours', () => {
  expect(format(LINES, { color: false })).not.toContain('\u001b')
  expect(format(LINES, { color: true })).toContain('\u001b[31mtrouble')
})

test('docs/troubleshooting.md has a part on every case, and on no other', () => {
  const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8')
  const parts = [...page.matchAll(/^### `([a-z-]+)`/gm)].map(([, name]) => name)
  expect(parts.toSorted()).toEqual(CASES.toSorted())
})

test('every case is broken on purpose in a test that carries its name', () => {
  const here = join(ROOT, 'scripts/doctor')
  const files = readdirSync(here).filter((name) => name.endsWith('.test.mjs'))
  const tests = [...files.map((name) => join(here, name)), join(ROOT, 'tests/integration/doctor.test.ts')]
  const text = tests.map((file) => readFileSync(file, 'utf8')).join('\n')
  expect(CASES.filter((name) => !new RegExp(`\\('[^\\n]*\\[${name}\\]`).test(text))).toEqual([])
})
