import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LIMIT_SPECS } from '@roomful/shared'
import { expect, test } from 'vitest'
import { limitsDocument, testsOf } from './limits/table.mjs'
import { ROOT } from './run.mjs'

const tests = testsOf(ROOT)

test('docs/limits.md is what npm run limits-doc writes now', () => {
  expect(readFileSync(join(ROOT, 'docs/limits.md'), 'utf8')).toBe(limitsDocument(LIMIT_SPECS, tests))
})

test.each(Object.keys(LIMIT_SPECS))('a test quotes [limit:%s]', (limit) => {
  expect(tests(limit).length).toBeGreaterThan(0)
})

test('amounts are written for people', () => {
  const spec = { env: 'LIMIT_X', reason: 'because', effect: 'stops' }
  const rowOf = (/** @type {number} */ value, /** @type {string} */ unit) =>
    limitsDocument({ x: { ...spec, default: value, unit } }, () => ['tests/x.test.ts'])
      .split('\n')
      .find((line) => line.startsWith('| `x`'))
  expect(rowOf(1_048_576, 'bytes')).toBe(
    '| `x` | `LIMIT_X` | 1 MiB | because | stops | `{limit="x"}` | [x.test.ts](../tests/x.test.ts) |',
  )
  expect(rowOf(1_024, 'bytes')).toContain('| 1 KiB |')
  expect(rowOf(1_000, 'bytes')).toContain('| 1,000 bytes |')
  expect(rowOf(1_048_576, 'bytes per second')).toContain('| 1 MiB per second |')
  expect(rowOf(30_000, 'ms')).toContain('| 30 s |')
  expect(rowOf(20_000, 'count')).toContain('| 20,000 |')
  expect(rowOf(2_000, 'per second')).toContain('| 2,000 per second |')
})
