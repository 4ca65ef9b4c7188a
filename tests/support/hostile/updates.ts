import * as encoding from 'lib0/encoding'
import type { Random } from '../random.ts'

/** What an attacker knows of an honest person. */
export interface Victim {
  readonly clientId: number
  /** The clock of the next unit they will write. */
  readonly clock: number
}

/** Bytes of one hostile update. */
export type MakeUpdate = (random: Random, victim: Victim) => Uint8Array
type Write = (encoder: encoding.Encoder, random: Random, victim: Victim) => void

const uint = encoding.writeVarUint
const text = encoding.writeVarString
const KIND = {
  gc: 0,
  deleted: 1,
  json: 2,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  document: 9,
} as const
const HAS_KEY = 0x20
const HAS_ORIGIN = 0x80

/** An id nobody else has: attackers do not get into each other's way. */
const stranger = (random: Random): number => 1_000_000 + random.int(4_000_000_000)

/** One section of one struct by a stranger, at clock 0, without deletes. */
function struct(write: Write): MakeUpdate {
  return section(1, 0, write)
}

function section(structs: number, clock: number, write: Write): MakeUpdate {
  return (random, victim) =>
    encoding.encode((encoder) => {
      uint(encoder, 1)
      uint(encoder, structs)
      uint(encoder, stranger(random))
      uint(encoder, clock)
      write(encoder, random, victim)
      uint(encoder, 0)
    })
}

/** Head of a struct at the end of the root `note`. */
function head(encoder: encoding.Encoder, kind: number, key?: string): void {
  encoding.writeUint8(encoder, kind | (key === undefined ? 0 : HAS_KEY))
  uint(encoder, 1)
  text(encoder, key === undefined ? 'note' : 'meta')
  if (key !== undefined) text(encoder, key)
}

function content(kind: number, write: Write): MakeUpdate {
  return struct((encoder, random, victim) => {
    head(encoder, kind)
    write(encoder, random, victim)
  })
}

function deletes(write: Write): MakeUpdate {
  return (random, victim) =>
    encoding.encode((encoder) => {
      uint(encoder, 0)
      write(encoder, random, victim)
    })
}

function honest(encoder: encoding.Encoder): void {
  head(encoder, KIND.string)
  text(encoder, 'x')
}

const deep = (random: Random): string => {
  const levels = random.between(65, 5_000)
  return '['.repeat(levels) + ']'.repeat(levels)
}
const deepAny: Write = (encoder, random) => {
  for (let level = random.between(65, 5_000); level > 0; level--)
    encoding.writeUint8Array(encoder, Uint8Array.of(117, 1))
  encoding.writeUint8(encoder, 126)
}
const raw = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes)
const bytes = (encoder: encoding.Encoder, value: Uint8Array): void =>
  encoding.writeVarUint8Array(encoder, value)
const INVALID_UTF8 = [
  raw(0xff),
  raw(0xc0, 0x80),
  raw(0xed, 0xa0, 0x80),
  raw(0xf4, 0x90, 0x80, 0x80),
  raw(0xe2, 0x82),
]
const BAD_JSON = [
  '{',
  '[1,]',
  '{"a":}',
  "{'a':1}",
  'undefined',
  '01',
  '"\u0001"',
  'nul',
  '1 2',
  '',
  '{"a":1,}',
  '\ufeff1',
]

/** Updates Yjs would swallow or choke on: refused unread by anybody else. */
export const REFUSED_UPDATES: Readonly<Record<string, MakeUpdate>> = {
  'a text of length 0': content(KIND.string, (to) => text(to, '')),
  'a collected struct of length 0': struct((to) => encoding.writeUint8Array(to, raw(KIND.gc, 0))),
  'values of number 0': content(KIND.any, (to) => uint(to, 0)),
  'old JSON of number 0': content(KIND.json, (to) => uint(to, 0)),
  'a deleted struct of length 0': content(KIND.deleted, (to) => uint(to, 0)),
  'a section of 0 structs': section(0, 0, () => undefined),
  'a client twice': (random) =>
    encoding.encode((to) => {
      uint(to, 2)
      const client = stranger(random)
      for (const clock of [0, 1]) {
        uint(to, 1)
        uint(to, client)
        uint(to, clock)
        honest(to)
      }
      uint(to, 0)
    }),
  'a collected struct with flags': struct((to, random) => {
    encoding.writeUint8(to, KIND.gc | (random.pick([0x20, 0x40, 0x80]) ?? 0x20))
    uint(to, 1)
  }),
  'unknown content': struct((to, random) => {
    head(to, random.between(11, 31))
    uint(to, 1)
  }),
  'a sub-document': content(KIND.document, (to) => {
    text(to, 'guid')
    encoding.writeAny(to, {})
  }),
  'an unknown shared type': content(KIND.type, (to, random) => uint(to, random.between(7, 1_000))),
  'a reference to its own future': (random) =>
    encoding.encode((to) => {
      const client = stranger(random)
      uint(to, 1)
      uint(to, 1)
      uint(to, client)
      uint(to, 0)
      encoding.writeUint8(to, KIND.string | HAS_ORIGIN)
      uint(to, client)
      uint(to, random.int(5))
      text(to, 'x')
      uint(to, 0)
    }),
  'an unknown kind of parent': struct((to, random) => {
    encoding.writeUint8(to, KIND.string)
    uint(to, random.between(2, 9))
    text(to, 'note')
    text(to, 'x')
  }),
  'an absurd length': struct((to, random) => {
    encoding.writeUint8(to, KIND.gc)
    uint(to, 2 ** random.between(31, 52))
  }),
  'an absurd clock': section(1, 2 ** 53 - 2, honest),
  'a length beyond all clocks': section(1, 2 ** 31 - 2, (to) =>
    encoding.writeUint8Array(to, raw(KIND.gc, 9)),
  ),
  'an overlong number': () => raw(0x81, 0x00, 0, 0),
  'a number without end': () => new Uint8Array(64).fill(0xff),
  'truncated anywhere': (random) => {
    const whole = section(3, 0, (to) => [1, 2, 3].forEach(() => honest(to)))(random, {
      clientId: 0,
      clock: 0,
    })
    return whole.slice(0, random.between(1, whole.length - 1))
  },
  'bytes left over': (random, victim) => {
    const whole = struct(honest)(random, victim)
    return Uint8Array.of(...whole, ...Array.from({ length: random.between(1, 9) }, () => random.int(256)))
  },
  'an absurd number of sections': (random) => encoding.encode((to) => uint(to, 2 ** random.between(20, 50))),
  'an absurd number of structs': section(2 ** 40, 0, honest),
  'an absurd number of values': content(KIND.any, (to, random) => uint(to, 2 ** random.between(20, 30))),
  'an absurd number of elements': content(KIND.any, (to, random) => {
    uint(to, 1)
    encoding.writeUint8(to, random.pick([117, 118]) ?? 117)
    uint(to, 2 ** random.between(20, 50))
  }),
  'deep JSON in an embed': content(KIND.embed, (to, random) => text(to, deep(random))),
  'deep JSON in a format': content(KIND.format, (to, random) => {
    text(to, 'bold')
    text(to, deep(random))
  }),
  'deep old JSON': content(KIND.json, (to, random) => {
    uint(to, 1)
    text(to, deep(random))
  }),
  'deep values': content(KIND.any, (to, random, victim) => {
    uint(to, 1)
    deepAny(to, random, victim)
  }),
  'a __proto__ key in JSON': content(KIND.embed, (to) => text(to, '{"a":{"__proto__":{"polluted":1}}}')),
  'an escaped __proto__ key': content(KIND.embed, (to) =>
    text(to, String.raw`{"\u005f_proto__":{"polluted":1}}`),
  ),
  'a __proto__ key in a value': content(KIND.any, (to) => {
    uint(to, 1)
    encoding.writeUint8Array(to, raw(118, 1))
    text(to, '__proto__')
    encoding.writeAny(to, { polluted: 1 })
  }),
  'invalid UTF-8 in a text': content(KIND.string, (to, random) =>
    bytes(to, random.pick(INVALID_UTF8) ?? raw(0xff)),
  ),
  'invalid UTF-8 in a name': struct((to, random) => {
    encoding.writeUint8(to, KIND.string)
    uint(to, 1)
    bytes(to, random.pick(INVALID_UTF8) ?? raw(0xff))
    text(to, 'x')
  }),
  'JSON that is none': content(KIND.embed, (to, random) => text(to, random.pick(BAD_JSON) ?? '{')),
  'an empty delete range': deletes((to, _random, victim) => {
    for (const number of [1, victim.clientId, 1, 0, 0]) uint(to, number)
  }),
  'delete ranges out of order': deletes((to, _random, victim) => {
    for (const number of [1, victim.clientId, 2, 5, 2, 0, 1]) uint(to, number)
  }),
  'delete ranges that overlap': deletes((to, _random, victim) => {
    for (const number of [1, victim.clientId, 2, 0, 5, 3, 5]) uint(to, number)
  }),
  'a client twice in the delete set': deletes((to, _random, victim) => {
    for (const number of [2, victim.clientId, 1, 0, 1, victim.clientId, 1, 2, 1]) uint(to, number)
  }),
  'a client without delete ranges': deletes((to, _random, victim) => {
    for (const number of [1, victim.clientId, 0]) uint(to, number)
  }),
  'a delete range without end': deletes((to, random, victim) => {
    for (const number of [1, victim.clientId, 1, 0, 2 ** random.between(31, 52)]) uint(to, number)
  }),
  'a long live map entry': struct((to) => {
    head(to, KIND.any, 'k')
    uint(to, 2)
    encoding.writeAny(to, 1)
    encoding.writeAny(to, 2)
  }),
  'a long text as a map entry': struct((to) => {
    head(to, KIND.string, 'k')
    text(to, 'two')
  }),
}

/** Updates that can never be integrated, or hold nothing new: dropped, never punished, nothing of them is kept. */
export const HARMLESS_UPDATES: Readonly<Record<string, MakeUpdate>> = {
  'structs that build on what never comes': struct((to, random) => {
    encoding.writeUint8(to, KIND.string | HAS_ORIGIN)
    uint(to, stranger(random))
    uint(to, random.int(1_000))
    text(to, 'x')
  }),
  'structs behind a gap': section(1, 7, honest),
  'deletes of what never comes': deletes((to, random) => {
    for (const number of [1, stranger(random), 1, 0, random.between(1, 1_000_000)]) uint(to, number)
  }),
  'structs that wait for each other': (random) =>
    encoding.encode((to) => {
      const clients = [stranger(random), stranger(random)] as const
      uint(to, 2)
      for (const [own, other] of [clients, [clients[1], clients[0]]] as const) {
        uint(to, 1)
        uint(to, own)
        uint(to, 0)
        encoding.writeUint8(to, KIND.string | HAS_ORIGIN)
        uint(to, other)
        uint(to, 0)
        text(to, 'x')
      }
      uint(to, 0)
    }),
  'a gap and nothing else': struct((to, random) => {
    encoding.writeUint8(to, 10)
    uint(to, random.between(1, 1_000))
  }),
  'ids everybody has, with other content': (_random, victim) =>
    encoding.encode((to) => {
      uint(to, 1)
      uint(to, 1)
      uint(to, victim.clientId)
      uint(to, 0)
      head(to, KIND.string)
      text(to, 'y'.repeat(Math.max(1, victim.clock)))
      uint(to, 0)
    }),
}

/** Updates within the rules: the room keeps them, and must stand all the same. */
export const KEPT_UPDATES: Readonly<Record<string, MakeUpdate>> = {
  'a flood of clientIDs': (random) =>
    encoding.encode((to) => {
      const count = 2_000
      const first = stranger(random)
      uint(to, count)
      for (let i = 0; i < count; i++) {
        uint(to, 1)
        uint(to, first + i)
        uint(to, 0)
        head(to, KIND.deleted)
        uint(to, 1)
      }
      uint(to, 0)
    }),
  'the next clock of somebody else': (_random, victim) =>
    encoding.encode((to) => {
      uint(to, 1)
      uint(to, 1)
      uint(to, victim.clientId)
      uint(to, victim.clock)
      head(to, KIND.string)
      text(to, 'not hers. ')
      uint(to, 0)
    }),
  'origins in two containers': (random, victim) =>
    encoding.encode((to) => {
      const client = stranger(random)
      uint(to, 1)
      uint(to, 2)
      uint(to, client)
      uint(to, 0)
      encoding.writeUint8(to, KIND.string)
      uint(to, 1)
      text(to, 'elsewhere')
      text(to, 'x')
      encoding.writeUint8(to, KIND.string | HAS_ORIGIN | 0x40)
      uint(to, victim.clientId)
      uint(to, 0)
      uint(to, client)
      uint(to, 0)
      text(to, 'z')
      uint(to, 0)
    }),
  'the same root as text, list and map': (random) =>
    encoding.encode((to) => {
      uint(to, 1)
      uint(to, 3)
      uint(to, stranger(random))
      uint(to, 0)
      head(to, KIND.string)
      text(to, 'x')
      head(to, KIND.any)
      uint(to, 1)
      encoding.writeAny(to, 1)
      encoding.writeUint8(to, KIND.any | HAS_KEY)
      uint(to, 1)
      text(to, 'note')
      text(to, 'key')
      uint(to, 1)
      encoding.writeAny(to, 1)
      uint(to, 0)
    }),
}
