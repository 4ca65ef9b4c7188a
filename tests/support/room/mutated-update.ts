import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/** What is changed about the structure of a valid update; its bytes stay well written. */
const CHANGES = [
  'drop',
  'repeat',
  'swap',
  'origin',
  'no-origin',
  'right',
  'root',
  'nest',
  'key',
  'clock',
  'client',
  'contents',
  'collect',
  'delete',
  'skip',
  'sections',
  'deletes',
] as const

/** One change: `at` chooses what is changed, `by` what it becomes. */
export interface Mutation {
  readonly change: (typeof CHANGES)[number]
  readonly at: number
  readonly by: number
}

/** One to five changes; shrinks to fewer, nearer the beginning. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({ change: fc.constantFrom(...CHANGES), at: fc.nat(999), by: fc.nat(999) }),
  { minLength: 1, maxLength: 5 },
)

type Struct = Y.Item | Y.GC | Y.Skip

/** Structs of one client, one behind the other from `clock` on. */
interface Section {
  client: number
  clock: number
  structs: Struct[]
}

interface Parts {
  sections: Section[]
  deletes: Map<number, [clock: number, length: number][]>
}

/**
 * A valid update with its structure changed as told, written again.
 *
 * @example mutateUpdate(Y.encodeStateAsUpdate(doc), [{ change: 'clock', at: 0, by: 3 }])
 */
export function mutateUpdate(update: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  const parts = takeApart(update)
  for (const change of changes) apply(parts, change)
  return write(parts)
}

function takeApart(update: Uint8Array): Parts {
  const { structs, ds } = Y.decodeUpdate(update)
  const sections: Section[] = []
  for (const struct of structs) {
    const last = sections.at(-1)
    if (last?.client === struct.id.client) last.structs.push(struct)
    else sections.push({ client: struct.id.client, clock: struct.id.clock, structs: [struct] })
  }
  const deletes = new Map(
    [...ds.clients].map(([client, ranges]) => [
      client,
      ranges.map(({ clock, len }): [number, number] => [clock, len]),
    ]),
  )
  return { sections, deletes }
}

function apply(parts: Parts, { change, at, by }: Mutation): void {
  const section = parts.sections[at % Math.max(1, parts.sections.length)]
  if (section === undefined || section.structs.length === 0) return
  const { structs } = section
  const place = by % structs.length
  const struct = structs[place] as Struct
  const item = struct instanceof Y.Item ? struct : undefined
  switch (change) {
    case 'drop':
      structs.splice(place, 1)
      return
    case 'repeat':
      structs.splice(place, 0, struct)
      return
    case 'swap':
      structs.push(...structs.splice(place, 1))
      return
    case 'origin':
      if (item !== undefined) item.origin = anyUnit(parts, at + by)
      return
    case 'no-origin':
      if (item !== undefined) item.origin = item.rightOrigin = null
      return
    case 'right':
      if (item !== undefined) item.rightOrigin = anyUnit(parts, at * 7 + by)
      return
    case 'root':
      if (item !== undefined) moveTo(item, ['note', 'chat', 'cards', 'xml', 'another'][at % 5] as string)
      return
    case 'nest':
      if (item !== undefined) moveTo(item, anyUnit(parts, at * 3 + by))
      return
    case 'key':
      if (item !== undefined) item.parentSub = item.parentSub === null ? 'pos' : null
      return
    case 'clock':
      section.clock = Math.max(0, section.clock + (by % 9) - 4)
      return
    case 'client':
      section.client = parts.sections[by % parts.sections.length]?.client ?? section.client
      return
    case 'contents': {
      const other = structs[(place + 1) % structs.length]
      if (item === undefined || !(other instanceof Y.Item)) return
      const { content } = item
      item.content = other.content
      other.content = content
      return
    }
    case 'collect':
      structs[place] = new Y.GC(struct.id, 1 + (at % 4))
      return
    case 'delete':
      if (item !== undefined) item.content = new Y.ContentDeleted(1 + (at % 4))
      return
    case 'skip':
      structs[place] = new Y.Skip(struct.id, 1 + (at % 4))
      return
    case 'sections':
      parts.sections.reverse()
      return
    case 'deletes':
      parts.deletes.set(section.client, [
        ...(parts.deletes.get(section.client) ?? []),
        [section.clock + (by % 50), 1 + (at % 6)],
      ])
      return
    default:
      change satisfies never
  }
}

/** Puts an item somewhere by naming its parent, as only items without neighbours do. */
function moveTo(item: Y.Item, parent: string | Y.ID): void {
  item.origin = item.rightOrigin = null
  // as Yjs itself holds a parent it has read and not looked up yet; its types know only the looked-up one
  Object.assign(item, { parent })
}

/** A unit of the update, or one just behind or before it. */
function anyUnit({ sections }: Parts, number: number): Y.ID {
  const { client, clock, structs } = sections[number % sections.length] as Section
  return Y.createID(client, Math.max(0, clock - 1 + (number % (structs.length + 3))))
}

function write({ sections, deletes }: Parts): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  const rest = encoder.restEncoder
  encoding.writeVarUint(rest, sections.length)
  for (const { client, clock, structs } of sections) {
    encoding.writeVarUint(rest, structs.length)
    encoder.writeClient(client)
    encoding.writeVarUint(rest, clock)
    for (const struct of structs) {
      if (struct instanceof Y.Item && struct.origin === null && struct.rightOrigin === null) {
        // it stood beside a neighbour, which said whose child it is
        if (struct.parent === null) moveTo(struct, 'note')
      }
      struct.write(encoder, 0)
    }
  }
  encoding.writeVarUint(rest, deletes.size)
  for (const [client, ranges] of deletes) {
    encoding.writeVarUint(rest, client)
    encoding.writeVarUint(rest, ranges.length)
    for (const [clock, length] of ranges) {
      encoding.writeVarUint(rest, clock)
      encoding.writeVarUint(rest, length)
    }
  }
  return encoder.toUint8Array()
}
