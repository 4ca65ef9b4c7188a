// @ts-check
import * as Y from 'yjs'
import { collectGarbage } from './collect.js'
import { digestOf } from './digest.js'

/** @typedef {{ snapshot: Uint8Array<ArrayBuffer>, stateVector: Uint8Array<ArrayBuffer>, digest: [number, number], title?: string }} Compacted */

/** The document of so many bytes takes ten to twenty times as many: worth a collection. */
const LARGE_BYTES = 2 * 1024 * 1024

/** Longest title kept with a snapshot, in UTF-16 units. */
const MAX_TITLE_LENGTH = 200

/**
 * Rebuilds a document from one update and proves that the result holds the same (room-log.md section 8).
 *
 * One transaction into a fresh document, and no `getText` or `getMap` before everything is applied: with typed roots Yjs'
 * formatting clean-up would run and delete format marks for everybody.
 *
 * @param {Uint8Array} update
 * @returns {Compacted}
 * @throws {Error} where the update does not load completely, or where the result does not load to the same document
 */
export function compact(update) {
  const { snapshot, stateVector, digest } = rebuild(update)
  if (snapshot.length > LARGE_BYTES) collectGarbage()
  const again = load(snapshot, 'the snapshot')
  try {
    if (!isSameBytes(Y.encodeStateVector(again), stateVector))
      throw new Error('the snapshot has another state vector')
    const [a, b] = digestOf(again)
    if (a !== digest[0] || b !== digest[1]) throw new Error('the snapshot shows other content')
    const title = titleOf(again)
    return { snapshot, stateVector, digest, ...(title !== undefined && { title }) }
  } finally {
    again.destroy()
  }
}

/**
 * Its document is out of reach once it returns: of 25 MB it takes 400, and both at once would be the peak of the process.
 *
 * @param {Uint8Array} update
 * @returns {Omit<Compacted, 'title'>}
 */
function rebuild(update) {
  const doc = load(update, 'the frozen document')
  try {
    const snapshot = /** @type {Uint8Array<ArrayBuffer>} */ (Y.encodeStateAsUpdate(doc))
    const stateVector = /** @type {Uint8Array<ArrayBuffer>} */ (Y.encodeStateVector(doc))
    return { snapshot, stateVector, digest: digestOf(doc) }
  } finally {
    doc.destroy()
  }
}

/**
 * @param {Uint8Array} update
 * @param {string} what
 */
function load(update, what) {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    throw new Error(`${what} does not load completely: it refers to what it does not hold`)
  return doc
}

/**
 * `meta.title`, read without defining the root's type.
 *
 * @param {Y.Doc} doc
 */
function titleOf(doc) {
  const item = doc.share.get('meta')?._map.get('title')
  if (item === undefined || item.deleted) return undefined
  const value = item.content.getContent()[0]
  return typeof value === 'string' ? value.slice(0, MAX_TITLE_LENGTH) : undefined
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function isSameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
