import * as Y from 'yjs'
import { contentOf, differingRoots } from './content.ts'
import { type Holding, holdingOf, IdRanges } from './id-ranges.ts'
import type { RoomClaims, RoomUnderTest } from './instance.ts'
import type { StockTab } from './stock-tab.ts'
import { Violation, type World } from './world.ts'

/** A fresh document of one or more updates, all in one transaction: formatting clean-up must not run in it. */
export function loadFresh(updates: readonly Uint8Array[], what: string): Y.Doc {
  // a name of its own would cost more than all the rest: 32 calls of crypto
  const doc = new Y.Doc({ guid: 'fresh' })
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
  } catch (error) {
    throw new Violation(`${what} do not load: ${String(error)}`)
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new Violation(`${what} load with something pending`)
  }
  return doc
}

/** What was looked at already, and held. */
const checked = new WeakMap<RoomUnderTest, RoomClaims>()

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

/** After any step: the room's bytes load with nothing pending, their vector is what it claims, its deletes are theirs. */
export function checkClaims(room: RoomUnderTest): void {
  const claims = room.claims?.()
  if (claims === undefined) return
  const before = checked.get(room)
  if (
    before !== undefined &&
    isSame(before.document, claims.document) &&
    isSame(before.stateVector, claims.stateVector)
  )
    return
  checked.set(room, claims)
  const doc = loadFresh([claims.document], "the room's bytes")
  const vector = Y.decodeStateVector(claims.stateVector)
  const held = Y.decodeStateVector(Y.encodeStateVector(doc))
  if (!sameVector(vector, held)) {
    throw new Violation(`the room claims ${describeVector(vector)}, its bytes hold ${describeVector(held)}`)
  }
  const deletes = IdRanges.fromDeleteSet(Y.decodeUpdate(claims.document).ds)
  const missing = deletes.firstMissingIn(holdingOf(doc).deletes)
  if (missing !== undefined) throw new Violation(`the room's delete index holds ${missing}, its bytes do not`)
  doc.destroy()
}

/** [I1] Whatever was acknowledged is in what storage would give back now. */
export function checkDurable(world: World): void {
  const doc = loadFresh(world.log.storedUpdates(), 'the stored bytes')
  const missing = firstMissing(world.acknowledged, holdingOf(doc))
  if (missing !== undefined) throw new Violation(`acknowledged and lost: ${missing} [I1]`)
  doc.destroy()
}

/** Two documents hold the same: content root by root, state vector, delete set. */
export function checkSame(a: Y.Doc, nameOfA: string, b: Y.Doc, nameOfB: string): void {
  const [holdingA, holdingB] = [Y.snapshot(a), Y.snapshot(b)]
  if (!sameVector(holdingA.sv, holdingB.sv)) {
    throw new Violation(
      `${nameOfA} has ${describeVector(holdingA.sv)}, ${nameOfB} has ${describeVector(holdingB.sv)} [I2]`,
    )
  }
  if (!Y.equalSnapshots(holdingA, holdingB)) {
    const [deletesA, deletesB] = [holdingOf(a).deletes, holdingOf(b).deletes]
    throw new Violation(
      `deletes differ: ${nameOfB} lacks ${deletesA.firstMissingIn(deletesB) ?? 'none'}, ` +
        `${nameOfA} lacks ${deletesB.firstMissingIn(deletesA) ?? 'none'} [I2]`,
    )
  }
  const [contentA, contentB] = [contentOf(a), contentOf(b)]
  const [root] = differingRoots(contentA, contentB)
  if (root !== undefined) {
    throw new Violation(`${root} differs: ${nameOfA} ${contentA[root]}, ${nameOfB} ${contentB[root]} [I2]`)
  }
}

/** [I4] Everybody sees exactly the tabs that are there, each as it is. */
export function checkPresence({ tabs, instances }: World): void {
  const real = new Map(tabs.map((tab) => [tab.clientID, tab.awareness.getLocalState()]))
  // each instance lifts clocks for itself (decision 0065): who comes from another one may remember higher ones
  const mayForget = instances.length > 1 || instances.some(({ opens }) => opens > 1)
  for (const tab of tabs) {
    const seen = tab.awareness.getStates()
    for (const [client, state] of real) {
      const expected = JSON.stringify(state ?? undefined)
      const actual = JSON.stringify(seen.get(client))
      if (expected === actual || (mayForget && wasToldInVain(tab, client, expected))) continue
      throw new Violation(`${tab.label} sees ${client} as ${actual}, it is ${expected} [I4]`)
    }
    for (const client of seen.keys()) {
      if (!real.has(client)) throw new Violation(`${tab.label} still sees ${client}, who is gone [I4]`)
    }
  }
}

/**
 * The room said it, but the tab remembers a higher clock from before the room was opened, and a stock client never forgets
 * one: it listens again once the other's clock has caught up. A room that has lost its memory cannot know of it.
 */
function wasToldInVain(tab: StockTab, client: number, expected: string | undefined): boolean {
  const told = tab.told.get(client)
  const remembered = tab.awareness.meta.get(client)
  return (
    told !== undefined &&
    remembered !== undefined &&
    told.state === expected &&
    told.clock <= remembered.clock
  )
}

function firstMissing(wanted: Holding, held: Holding): string | undefined {
  const unit = wanted.units.firstMissingIn(held.units)
  if (unit !== undefined) return `units ${unit}`
  const deleted = wanted.deletes.firstMissingIn(held.deletes)
  return deleted === undefined ? undefined : `deletes ${deleted}`
}

function sameVector(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a].every(([client, clock]) => b.get(client) === clock)
}

function describeVector(vector: ReadonlyMap<number, number>): string {
  return `{${[...vector]
    .toSorted(([a], [b]) => a - b)
    .map(([client, clock]) => `${client}:${clock}`)
    .join(' ')}}`
}
