import * as Y from 'yjs'
import { contentOf, rootsOf } from './random-document.ts'

/** The empty state vector: asks for everything. */
export const NOTHING: Uint8Array = new Uint8Array([0])

/** Loads one update into a fresh document, as a cold joiner does. Fails where anything stays pending. */
export function load(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  if (doc.store.pendingStructs !== null) throw new Error('structs stay pending')
  if (doc.store.pendingDs !== null) throw new Error('deletes stay pending')
  return doc
}

/** Content, state vector and delete set of a replica, comparable with `toEqual`. */
export function stateOf(doc: Y.Doc): unknown {
  return { content: contentOf(doc), vector: vectorOf(doc), deleted: deletedOf(doc) }
}

export function vectorOf(doc: Y.Doc): [number, number][] {
  return [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort((a, b) => a[0] - b[0])
}

/** The delete set of a replica as `[client, from, to]`. */
export function deletedOf(doc: Y.Doc): [number, number, number][] {
  return rangesOf(Y.createDeleteSetFromStructStore(doc.store))
}

/** The delete set of an update as `[client, from, to]`. */
export function deletedBy(update: Uint8Array): [number, number, number][] {
  return rangesOf(Y.decodeUpdate(update).ds)
}

function rangesOf(ds: ReturnType<typeof Y.createDeleteSetFromStructStore>): [number, number, number][] {
  const ranges: [number, number, number][] = []
  for (const [client, items] of ds.clients) {
    for (const { clock, len } of items) ranges.push([client, clock, clock + len])
  }
  return ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])
}

/** Ranges of `inner` that no range of `outer` covers. */
export function uncovered(
  inner: readonly [number, number, number][],
  outer: readonly [number, number, number][],
): [number, number, number][] {
  return inner.filter(
    ([client, from, to]) =>
      !outer.some(([other, start, end]) => other === client && start <= from && to <= end),
  )
}

/**
 * Deletes everything that can be reached, innermost first, then collects: on a poisoned document Yjs throws inside
 * the transaction.
 */
export function deleteEverything(doc: Y.Doc): void {
  const { note, chat, cards, xml } = rootsOf(doc)
  doc.transact(() => {
    for (const card of cards.values())
      if (card instanceof Y.Map && card.size > 1) card.delete([...card.keys()][0] ?? '')
  })
  doc.transact(() => {
    for (const key of cards.keys()) cards.delete(key)
    note.delete(0, note.length)
    chat.delete(0, chat.length)
    xml.delete(0, xml.length)
  })
}
