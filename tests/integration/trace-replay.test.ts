import { ROOTS } from '@roomful/shared'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  applyPatch,
  loadConcurrentTrace,
  loadSequentialTrace,
  synthesizeConcurrentTrace,
  synthesizeSequentialTrace,
  type ConcurrentTrace,
} from '../support/trace.ts'

function mergedText(trace: ConcurrentTrace): string {
  const doc = new Y.Doc()
  doc.transact(() => trace.updates.forEach((entry) => Y.applyUpdate(doc, entry.update)))
  return doc.getText(ROOTS.note).toJSON()
}

test('the replayed two-author trace merges to its recorded end content', () => {
  const trace = loadConcurrentTrace()
  process.stderr.write(`trace: ${trace.source}, ${trace.updates.length} updates\n`)
  expect(mergedText(trace)).toBe(trace.endContent)
})

test('every update of the trace lists needs that come before it', () => {
  const trace = loadConcurrentTrace()
  const seen = trace.clientIDs.map(() => 0)
  for (const entry of trace.updates) {
    expect(entry.needs.every((count, author) => count <= (seen[author] ?? 0))).toBe(true)
    seen[entry.author] = (seen[entry.author] ?? 0) + 1
  }
  expect(seen.every((count) => count > 1_000)).toBe(true)
})

test('the synthetic two-author trace is the same for the same seed and merges to its end content', () => {
  const trace = synthesizeConcurrentTrace(7)
  expect(mergedText(trace)).toBe(trace.endContent)
  expect(synthesizeConcurrentTrace(7).endContent).toBe(trace.endContent)
})

test.each([
  ['as loaded', loadSequentialTrace],
  ['synthetic', synthesizeSequentialTrace],
])('the sequential trace, %s, types its end content', (_name, load) => {
  const trace = load(1)
  const doc = new Y.Doc()
  const text = doc.getText(ROOTS.note)
  doc.transact(() => trace.patches.forEach((patch) => applyPatch(text, patch)))
  expect(text.toJSON()).toBe(trace.endContent)
})
