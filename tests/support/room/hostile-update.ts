import * as encoding from 'lib0/encoding'
import type { Random } from '../random.ts'

/** A reference to one unit. */
export type Id = readonly [client: number, clock: number]

/** One struct as a test describes it; `parent` is written only where there is neither origin nor right origin. */
export interface StructSketch {
  readonly kind: 'gc' | 'skip' | 'deleted' | 'string' | 'any' | 'type' | 'format' | 'binary'
  readonly length: number
  readonly origin?: Id | undefined
  readonly right?: Id | undefined
  readonly parent?: string | Id | undefined
  readonly key?: string | undefined
  /** Text of a string; `length` is its length. */
  readonly text?: string | undefined
  /** Which shared type, see yjs `ContentType.js`. */
  readonly type?: number | undefined
}

/** One update as a test describes it. */
export interface UpdateSketch {
  readonly sections: readonly {
    readonly client: number
    readonly clock: number
    readonly structs: readonly StructSketch[]
  }[]
  readonly deletes?: readonly (readonly [
    client: number,
    ranges: readonly (readonly [clock: number, length: number])[],
  ])[]
}

const REF = { gc: 0, skip: 10, deleted: 1, string: 4, any: 8, type: 7, format: 6, binary: 3 } as const

function writeId(encoder: encoding.Encoder, [client, clock]: Id): void {
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, clock)
}

function writeStruct(encoder: encoding.Encoder, struct: StructSketch): void {
  const { kind, length, origin, right, parent = 'note', key } = struct
  if (kind === 'gc' || kind === 'skip') {
    encoding.writeUint8(encoder, REF[kind])
    encoding.writeVarUint(encoder, length)
    return
  }
  encoding.writeUint8(
    encoder,
    REF[kind] | (origin ? 0x80 : 0) | (right ? 0x40 : 0) | (key === undefined ? 0 : 0x20),
  )
  if (origin) writeId(encoder, origin)
  if (right) writeId(encoder, right)
  if (!origin && !right) {
    encoding.writeVarUint(encoder, typeof parent === 'string' ? 1 : 0)
    if (typeof parent === 'string') encoding.writeVarString(encoder, parent)
    else writeId(encoder, parent)
    if (key !== undefined) encoding.writeVarString(encoder, key)
  }
  if (kind === 'string') encoding.writeVarString(encoder, struct.text ?? 'x'.repeat(length))
  else if (kind === 'binary') encoding.writeVarUint8Array(encoder, Uint8Array.of(1, 2))
  else if (kind === 'format') {
    encoding.writeVarString(encoder, 'bold')
    encoding.writeVarString(encoder, 'true')
  } else if (kind === 'type') {
    encoding.writeVarUint(encoder, struct.type ?? 1)
    if (struct.type === 3 || struct.type === 5) encoding.writeVarString(encoder, 'p')
  } else {
    encoding.writeVarUint(encoder, length)
    if (kind === 'any') for (let i = 0; i < length; i++) encoding.writeAny(encoder, i)
  }
}

/** The bytes of a described update, whatever it describes. */
export function encodeSketch({ sections, deletes = [] }: UpdateSketch): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, sections.length)
    for (const { client, clock, structs } of sections) {
      encoding.writeVarUint(encoder, structs.length)
      writeId(encoder, [client, clock])
      for (const struct of structs) writeStruct(encoder, struct)
    }
    encoding.writeVarUint(encoder, deletes.length)
    for (const [client, ranges] of deletes) {
      encoding.writeVarUint(encoder, client)
      encoding.writeVarUint(encoder, ranges.length)
      for (const range of ranges) writeId(encoder, range)
    }
  })
}

/** The same update without the structs that end at or below what `clocks` knows. */
export function withoutKnown(sketch: UpdateSketch, clocks: (client: number) => number): UpdateSketch {
  const sections = []
  for (const { client, clock, structs } of sketch.sections) {
    let first = 0
    let at = clock
    while (first < structs.length && at + (structs[first]?.length ?? 0) <= clocks(client)) {
      at += structs[first]?.length ?? 0
      first++
    }
    if (first < structs.length) sections.push({ client, clock: at, structs: structs.slice(first) })
  }
  return { sections, deletes: sketch.deletes ?? [] }
}

/**
 * A well-formed update by somebody who means harm: clients of a small world that refer to each other across, with gaps,
 * overlaps, cycles and foreign structs around what `clocks` knows. Everything in it passes the scan.
 *
 * @param longEntries - also long content under map keys, which the map rule refuses
 */
export function hostileSketch(
  random: Random,
  world: readonly number[],
  clocks: (client: number) => number,
  longEntries = false,
): UpdateSketch {
  const writers = world.filter(() => random.chance(0.6)).sort((a, b) => b - a)
  if (random.chance(0.2)) writers.reverse()
  // where each section will stand: what others may refer to
  const reach = new Map(world.map((client) => [client, clocks(client)]))
  const sections = writers.map((client) => {
    const known = clocks(client)
    const clock = random.chance(0.7) ? known : Math.max(0, known + random.between(-6, 3))
    const count = random.between(1, 5)
    const lengths = Array.from({ length: count }, () => random.between(1, 4))
    reach.set(client, clock + lengths.reduce((sum, length) => sum + length, 0))
    return { client, clock, lengths }
  })
  const unit = (own: number, clock: number): Id | undefined => {
    const client = random.chance(0.4) ? own : (random.pick(world) ?? own)
    const bound = client === own ? clock : (reach.get(client) ?? 0) + (random.chance(0.05) ? 2 : 0)
    if (bound === 0) return undefined
    return [client, random.chance(0.6) ? Math.max(0, bound - 1 - random.int(3)) : random.int(bound)]
  }
  const structAt = (client: number, clock: number, length: number): StructSketch => {
    const kind = random.weighted({
      string: 6,
      any: 4,
      deleted: 1,
      gc: 1,
      skip: 1,
      type: 2,
      format: 1,
      binary: 1,
    })
    const isUnit = kind === 'type' || kind === 'format' || kind === 'binary'
    const text =
      kind === 'string' && length >= 2 && random.chance(0.3) ? '🙂' + 'y'.repeat(length - 2) : undefined
    const key = random.chance(0.25) && (longEntries || isUnit) ? 'k' : undefined
    return {
      kind,
      length: isUnit ? 1 : length,
      origin: random.chance(0.5) ? unit(client, clock) : undefined,
      right: random.chance(0.3) ? unit(client, clock) : undefined,
      parent: random.chance(0.4)
        ? unit(client, clock)
        : (random.pick(['note', 'chat', 'cards', 'xml']) ?? 'note'),
      key,
      text,
      type: random.int(7),
    }
  }
  return {
    sections: sections.map(({ client, clock, lengths }) => {
      let at = clock
      const structs = lengths.map((length) => {
        const struct = structAt(client, at, length)
        at += struct.length
        return struct
      })
      return { client, clock, structs }
    }),
    deletes: hostileDeletes(random, world, reach),
  }
}

function hostileDeletes(
  random: Random,
  world: readonly number[],
  reach: ReadonlyMap<number, number>,
): [number, [number, number][]][] {
  const deletes: [number, [number, number][]][] = []
  for (const client of world) {
    if (random.chance(0.6)) continue
    const ranges: [number, number][] = []
    let at = random.int((reach.get(client) ?? 0) + 2)
    for (let i = random.between(1, 3); i > 0; i--) {
      const length = random.between(1, 4)
      ranges.push([at, length])
      at += length + random.int(3)
    }
    deletes.push([client, ranges])
  }
  return deletes
}
