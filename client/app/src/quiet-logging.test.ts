import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import * as quiet from './quiet-logging.ts'

test('all that Yjs takes of lib0/logging is there: what is missing would throw where Yjs only warns', () => {
  const yjs = readFileSync(fileURLToPath(import.meta.resolve('yjs')), 'utf8')
  const used = new Set([...yjs.matchAll(/\blogging\.(\w+)/g)].map(([, name]) => name))
  expect(used.size).toBeGreaterThan(3)
  expect([...used].filter((name) => !(name !== undefined && name in quiet))).toEqual([])
})
