import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const DOC = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')

test('every file that docs/architecture.md names exists', () => {
  const named = [...DOC.matchAll(/`((?:client|server|shared|tests)\/[^`]+\.\w+)`/g)].map(
    (match) => match[1] ?? '',
  )
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('a keystroke is on disk and acknowledged within eight hops', () => {
  const section = /## A keystroke[\s\S]*?(?=\n## )/.exec(DOC)?.[0] ?? ''
  expect([...section.matchAll(/^\d+\. /gm)]).toHaveLength(8)
})
