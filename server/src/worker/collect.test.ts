import { expect, test } from 'vitest'
import { collectGarbage } from './collect.js'

test('what is out of reach is gone, what is not stays, and nobody else is given the means', async () => {
  const kept = { bytes: new Uint8Array(1_000) }
  const ends = [new WeakRef(kept), new WeakRef({ bytes: new Uint8Array(1_000) })]
  // a WeakRef holds its object until the turn ends
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  expect(ends.map((end) => end.deref())).toEqual([kept, undefined])
  expect('gc' in globalThis).toBe(false)
})
