import * as Y from 'yjs'

/** Two accounts of the same units of one client. */
export interface UnitsToCompare {
  readonly client: number
  /** Clocks `[from, to)` are compared. */
  readonly from: number
  readonly to: number
  /** Updates that hold those units. */
  readonly stored: Uint8Array
  readonly claimed: Uint8Array
}

interface Unit {
  readonly origin: string
  readonly right: string
  readonly kind: string
  readonly value: unknown
}

const REPLACEMENT = 0xfffd

/**
 * Whether two updates tell the same of one client's units (room-log.md section 4): origin, right origin, kind and content of
 * each. Collected and deleted units say nothing of what they were, nor does U+FFFD, which Yjs puts for a half of a pair.
 *
 * @throws where an update cannot be read
 */
export function isSameUnits({ client, from, to, stored, claimed }: UnitsToCompare): boolean {
  const known = unitsOf(stored, client, from, to)
  for (const [clock, unit] of unitsOf(claimed, client, from, to)) {
    const other = known.get(clock)
    if (other !== undefined && !isSame(unit, other)) return false
  }
  return true
}

function unitsOf(update: Uint8Array, client: number, from: number, to: number): Map<number, Unit> {
  const units = new Map<number, Unit>()
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item) || struct.id.client !== client || struct.deleted) continue
    const { clock } = struct.id
    const right = nameOf(struct.rightOrigin)
    const kind = struct.content.constructor.name
    const values = struct.content.getContent()
    const end = Math.min(to, clock + struct.length)
    for (let at = Math.max(from, clock); at < end; at++) {
      const origin = at > clock ? `${client}:${at - 1}` : nameOf(struct.origin)
      const value: unknown =
        struct.content instanceof Y.ContentString ? struct.content.str[at - clock] : values[at - clock]
      units.set(at, { origin, right, kind, value })
    }
  }
  return units
}

function isSame(a: Unit, b: Unit): boolean {
  // what a side knows to be deleted, it no longer knows
  if (a.kind === 'ContentDeleted' || b.kind === 'ContentDeleted') return true
  return a.origin === b.origin && a.right === b.right && a.kind === b.kind && isSameValue(a.value, b.value)
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b || isHalf(a) || isHalf(b)
  // a type's content is units of its own; asked for its JSON, one outside a document complains
  if (a instanceof Y.AbstractType || b instanceof Y.AbstractType) return typeName(a) === typeName(b)
  return JSON.stringify(a, writable) === JSON.stringify(b, writable)
}

function typeName(value: unknown): string | undefined {
  if (value instanceof Y.XmlElement) return `element ${value.nodeName}`
  return value instanceof Y.AbstractType ? value.constructor.name : undefined
}

function isHalf(text: string): boolean {
  return text.charCodeAt(0) === REPLACEMENT
}

/** JSON has no word for it. */
function writable(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `bigint:${value}` : value
}

function nameOf(id: Y.ID | null): string {
  return id === null ? '' : `${id.client}:${id.clock}`
}
