import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { load, NOTHING, stateOf } from '../../../tests/support/room/loaded.ts'
import { loadConcurrentTrace } from '../../../tests/support/trace.ts'
import { RoomContent } from './room-content.ts'

vi.setConfig({ testTimeout: 120_000 })

const trace = loadConcurrentTrace()

test(`a room that is told a real history holds its end, from tail, base or both: ${trace.source}`, async () => {
  const content = await RoomContent.open(undefined)
  for (const [i, { update }] of trace.updates.entries()) {
    const admission = content.admit(update)
    // two authors may delete the same: known then, or cut down to what is new
    if (admission.kind === 'refused') expect.fail(`update ${i} is refused: ${admission.reason}`)
    if (admission.missing !== undefined) expect.fail(`update ${i} lacks something`)
  }
  const answer = content.answer(NOTHING) ?? NOTHING
  const cold = load(answer)
  expect(cold.getText('note').toJSON()).toBe(trace.endContent)
  const frozen = content.freeze()
  const snapshot = Y.encodeStateAsUpdate(cold)
  await content.rebase(snapshot, frozen)
  const rebased = load(content.answer(NOTHING) ?? NOTHING)
  expect(stateOf(rebased)).toEqual(stateOf(cold))
  // the very bytes Yjs cuts, at many places of the base
  const ends = [...Y.decodeStateVector(content.encodeStateVector())]
  for (let part = 0; part <= 20; part++) {
    const vector = Y.encodeStateVector(
      new Map(ends.map(([client, clock]) => [client, Math.floor((clock * part) / 20)])),
    )
    expect(
      Buffer.compare(content.answer(vector) ?? NOTHING, Y.diffUpdate(snapshot, vector)),
      `part ${part}`,
    ).toBe(0)
  }
})
