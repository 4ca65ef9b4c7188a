import { ROOTS } from '@roomful/shared'
import * as Y from 'yjs'
import { RoomContent } from '../server/src/room/room-content.ts'
import { applyPatch, loadSequentialTrace } from '../tests/support/trace.ts'

// What admitting a keystroke costs beside Y.applyUpdate, in one process on the same updates. CPU time, medians of rounds:
// node --conditions=@roomful/source --import tsx bench/admission.ts
const EDITS = 60_000
const ROUNDS = 5

const trace = loadSequentialTrace()
const author = new Y.Doc()
const updates: Uint8Array[] = []
author.on('update', (update: Uint8Array) => updates.push(update))
const note = author.getText(ROOTS.note)
for (const patch of trace.patches.slice(0, EDITS)) author.transact(() => applyPatch(note, patch))

async function room(): Promise<() => void> {
  const content = await RoomContent.open(undefined)
  return () => {
    for (const update of updates)
      if (content.admit(update).kind !== 'append') throw new Error('an update of the trace was not admitted')
  }
}

async function yjs(): Promise<() => void> {
  const doc = new Y.Doc()
  return () => {
    for (const update of updates) Y.applyUpdate(doc, update)
  }
}

async function microsPerUpdate(prepare: () => Promise<() => void>): Promise<number> {
  const costs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const run = await prepare()
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / updates.length)
  }
  costs.sort((a, b) => a - b)
  return costs[Math.floor(ROUNDS / 2)] ?? Number.NaN
}

const admitted = await microsPerUpdate(room)
const applied = await microsPerUpdate(yjs)
console.log(`${trace.source}, ${updates.length} updates, median of ${ROUNDS} rounds`)
console.log(`RoomContent.admit  ${admitted.toFixed(2)} µs`)
console.log(`Y.applyUpdate      ${applied.toFixed(2)} µs  (${(applied / admitted).toFixed(1)} x)`)
