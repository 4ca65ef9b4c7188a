// @ts-check
import * as Y from 'yjs'

/**
 * A digest of what is visible in a document (room-log.md section 6): per root in name order, per live unit in list order
 * client, clock, kind and content; map entries summed by key; nested types in place. It does not depend on how structs are
 * split or merged, nor on what was collected. Roots need no type.
 *
 * @param {Y.Doc} doc
 * @returns {[number, number]} two 32-bit lanes
 */
export function digestOf(doc) {
  const lanes = new Lanes()
  for (const name of [...doc.share.keys()].sort()) {
    const root = doc.share.get(name)
    // a root that is only named, or whose content is all gone, shows nothing
    if (root === undefined || !isShowing(root)) continue
    lanes.text(name)
    digestType(root, lanes)
  }
  return lanes.value()
}

/** @typedef {Y.AbstractType<any>} SharedType */

/** @param {SharedType} type */
function isShowing(type) {
  for (let item = type._start; item !== null; item = item.right) if (!item.deleted) return true
  for (const item of type._map.values()) if (!item.deleted) return true
  return false
}

/**
 * @param {SharedType} type
 * @param {Lanes} lanes
 */
function digestType(type, lanes) {
  for (let item = type._start; item !== null; item = item.right) if (!item.deleted) digestItem(item, lanes)
  let a = 0
  let b = 0
  for (const [key, item] of type._map) {
    if (item.deleted) continue
    const entry = new Lanes()
    entry.text(key)
    digestItem(item, entry)
    const [left, right] = entry.value()
    a = (a + left) >>> 0
    b = (b + right) >>> 0
  }
  lanes.number(a)
  lanes.number(b)
}

/**
 * @param {Y.Item} item
 * @param {Lanes} lanes
 */
function digestItem(item, lanes) {
  const { client, clock } = item.id
  const { content } = item
  if (content instanceof Y.ContentString) {
    for (let i = 0; i < content.str.length; i += 1) {
      lanes.unit(client, clock + i, KIND.string)
      lanes.number(content.str.charCodeAt(i))
    }
  } else if (content instanceof Y.ContentType) {
    lanes.unit(client, clock, KIND.type)
    digestType(content.type, lanes)
  } else {
    const values = content.getContent()
    for (let i = 0; i < item.length; i += 1) {
      lanes.unit(client, clock + i, KIND.value)
      lanes.json(i < values.length ? values[i] : content)
    }
  }
}

const KIND = { string: 1, type: 2, value: 3 }

/** Two multiplicative 32-bit hashes, side by side. */
class Lanes {
  #a = 0x811c9dc5
  #b = 0x1b873593

  /** @param {number} value */
  number(value) {
    this.#a = Math.imul(this.#a ^ (value | 0), 0x01000193)
    this.#a ^= this.#a >>> 15
    this.#b = Math.imul((this.#b + (value | 0)) | 0, 0x5bd1e995)
    this.#b ^= this.#b >>> 13
  }

  /** @param {string} text */
  text(text) {
    this.number(text.length)
    for (let i = 0; i < text.length; i += 1) this.number(text.charCodeAt(i))
  }

  /**
   * @param {number} client up to 2^53: both halves count
   * @param {number} clock
   * @param {number} kind
   */
  unit(client, clock, kind) {
    this.number(client % 0x100000000)
    this.number(Math.floor(client / 0x100000000))
    this.number(clock)
    this.number(kind)
  }

  /** @param {unknown} value what an item holds: JSON, bytes, a format mark */
  json(value) {
    this.text(textOf(value))
  }

  /** @returns {[number, number]} */
  value() {
    return [this.#a >>> 0, this.#b >>> 0]
  }
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function textOf(value) {
  if (value instanceof Y.ContentFormat) return `format:${value.key}:${textOf(value.value)}`
  if (value instanceof Uint8Array) return `bytes:${value.join(',')}`
  if (typeof value === 'bigint') return `bigint:${value}`
  if (typeof value === 'number') return `number:${Object.is(value, -0) ? '-0' : String(value)}`
  if (typeof value !== 'object' || value === null) return `${typeof value}:${String(value)}`
  if (Array.isArray(value)) return `[${value.map((inner) => textOf(inner)).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${textOf(inner)}`).join(',')}}`
}
