import { Lanes } from '@roomful/shared'
import * as Y from 'yjs'

/** Steps between two moments in which the walk may be put aside: some 50 µs. */
const STEPS_PER_SLICE = 512

type SharedType = NonNullable<ReturnType<Y.Doc['share']['get']>>
type Item = NonNullable<SharedType['_start']>

const KIND = { string: 1, type: 2, value: 3 }

/**
 * A digest of what is visible in a document, the same as the server's (`server/src/worker/digest.js`): per root in name
 * order, per live unit in list order client, clock, kind and content; map entries summed by key; nested types in place. A
 * generator, so that it is made in slices; the document must not change meanwhile.
 *
 * @example
 * const walk = digestOf(doc)
 * let step = walk.next()
 * while (step.done !== true) step = walk.next()
 * step.value // 8 bytes
 */
export function* digestOf(doc: Y.Doc): Generator<void, Uint8Array> {
  const lanes = new Lanes()
  const pace = { left: STEPS_PER_SLICE }
  for (const name of [...doc.share.keys()].sort()) {
    const root = doc.share.get(name)
    // a root that is only named, or whose content is all gone, shows nothing
    if (root === undefined || !isShowing(root)) continue
    lanes.text(name)
    yield* digestType(root, lanes, pace)
  }
  return lanes.bytes()
}

interface Pace {
  left: number
}

function isShowing(type: SharedType): boolean {
  for (let item = type._start; item !== null; item = item.right) if (!item.deleted) return true
  for (const item of type._map.values()) if (!item.deleted) return true
  return false
}

function* digestType(type: SharedType, lanes: Lanes, pace: Pace): Generator<void, void> {
  for (let item = type._start; item !== null; item = item.right) {
    if (isOver(pace)) yield
    if (!item.deleted) yield* digestItem(item, lanes, pace)
  }
  let a = 0
  let b = 0
  for (const [key, item] of type._map) {
    if (isOver(pace)) yield
    if (item.deleted) continue
    const entry = new Lanes()
    entry.text(key)
    yield* digestItem(item, entry, pace)
    const [left, right] = entry.value()
    a = (a + left) >>> 0
    b = (b + right) >>> 0
  }
  lanes.number(a)
  lanes.number(b)
}

function* digestItem(item: Item, lanes: Lanes, pace: Pace): Generator<void, void> {
  const { content, id, length } = item
  if (content instanceof Y.ContentString) {
    for (let i = 0; i < content.str.length; i++) {
      if (isOver(pace)) yield
      unit(lanes, id, i, KIND.string)
      lanes.number(content.str.charCodeAt(i))
    }
  } else if (content instanceof Y.ContentType) {
    unit(lanes, id, 0, KIND.type)
    yield* digestType(content.type, lanes, pace)
  } else {
    const values = content.getContent()
    for (let i = 0; i < length; i++) {
      if (isOver(pace)) yield
      unit(lanes, id, i, KIND.value)
      lanes.text(textOf(i < values.length ? values[i] : content))
    }
  }
}

function isOver(pace: Pace): boolean {
  pace.left -= 1
  if (pace.left > 0) return false
  pace.left = STEPS_PER_SLICE
  return true
}

function unit(lanes: Lanes, { client, clock }: Item['id'], offset: number, kind: number): void {
  // up to 2^53: both halves count
  lanes.number(client % 0x100000000)
  lanes.number(Math.floor(client / 0x100000000))
  lanes.number(clock + offset)
  lanes.number(kind)
}

function textOf(value: unknown): string {
  if (value instanceof Y.ContentFormat) return `format:${value.key}:${textOf(value.value)}`
  if (value instanceof Uint8Array) return `bytes:${value.join(',')}`
  if (typeof value === 'bigint') return `bigint:${value}`
  if (typeof value === 'number') return `number:${Object.is(value, -0) ? '-0' : String(value)}`
  if (typeof value !== 'object' || value === null) return `${typeof value}:${String(value)}`
  if (Array.isArray(value)) return `[${value.map((inner) => textOf(inner)).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${textOf(inner)}`).join(',')}}`
}
