import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { DURABILITIES, NOTICE_CODES, parseHello, parseNotice, PERMISSIONS } from './hello.ts'
import { cleanName, MAX_POINTER_MESSAGE_LENGTH, parsePresence } from './presence.ts'
import { MAX_MESSAGE_LENGTH, parseChatMessage } from './room-doc.ts'
import { clampColor } from './identity-color.ts'

/** The same rules said a second time, by a library: what people download does without it. */
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const finite = v.pipe(v.number(), v.finite())
const extent = v.pipe(v.number(), v.finite(), v.gtValue(0))
const unit = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1))
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const hexColor = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}([0-9a-f]{2})?$/i))

const hello = v.object({
  protocol: count,
  generation: count,
  durability: v.picklist(DURABILITIES),
  now: finite,
  permission: v.picklist(PERMISSIONS),
  limits: v.object({ frameBytes: count, awarenessBytes: count, updatesPerSecond: count }),
  instanceId: v.pipe(v.string(), v.maxLength(64)),
})
const notice = v.object({
  code: v.picklist(NOTICE_CODES),
  message: v.string(),
  retryAfterMs: v.optional(count),
})
const presence = v.object({
  user: v.object({
    id,
    name: v.pipe(v.string(), v.transform(cleanName), v.minLength(1)),
    color: v.pipe(hexColor, v.transform(clampColor)),
    colorLight: v.fallback(hexColor, '#00000033'),
  }),
  pointer: v.fallback(v.nullable(v.object({ x: unit, y: unit })), null),
  typing: v.fallback(v.boolean(), false),
  selection: v.fallback(v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(100)), []),
  view: v.fallback(v.nullable(v.object({ x: finite, y: finite, width: extent, height: extent })), null),
  status: v.fallback(v.picklist(['active', 'idle', 'away']), 'active'),
  message: v.fallback(v.pipe(v.string(), v.maxLength(MAX_POINTER_MESSAGE_LENGTH)), ''),
  following: v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
  hidesPointer: v.fallback(v.boolean(), false),
  tap: v.fallback(v.nullable(v.object({ x: unit, y: unit, count: finite })), null),
})
const chatMessage = v.object({
  id,
  userId: id,
  name: v.string(),
  color: v.string(),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_MESSAGE_LENGTH)),
  sentAt: finite,
  editedAt: v.optional(finite),
})

const user = { id: 'u1', name: 'Swift Otter', color: '#007fa1', colorLight: '#007fa133' }

/** A value of each message in which nothing is wrong. */
const GOOD = {
  hello: {
    protocol: 1,
    generation: 2,
    durability: 'disk',
    now: 1.5,
    permission: 'read',
    limits: { frameBytes: 1, awarenessBytes: 2, updatesPerSecond: 3 },
    instanceId: 'a',
  },
  notice: { code: 'draining', message: 'The server restarts.', retryAfterMs: 5 },
  presence: {
    user,
    pointer: { x: 0, y: 1 },
    typing: true,
    selection: ['a'],
    view: { x: 1, y: 2, width: 1, height: 2 },
    status: 'away',
    message: 'hi',
    following: 'u2',
    hidesPointer: true,
    tap: { x: 0, y: 1, count: 3 },
  },
  chatMessage: { id: 'm1', userId: 'u1', name: 'Ada', color: '#007fa1', text: 'hi', sentAt: 1, editedAt: 2 },
}

/** What goes wrong in a field: of a wrong kind, at a bound, over it, or any JSON. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'x'.repeat(64),
    'x'.repeat(65),
    'x'.repeat(MAX_MESSAGE_LENGTH + 1),
    '\u202E',
    '#ABCDEF',
    '#abcdef12',
    '#abc',
    -1,
    0,
    -0,
    1,
    1.1,
    0.5,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 60,
    true,
    [],
    ['x'.repeat(65)],
    Array.from({ length: 100 }, String),
    Array.from({ length: 101 }, String),
    [1],
    {},
    { x: 0.5, y: 0.5 },
    { x: 2, y: 0 },
    { x: 1, y: 2, width: 0, height: 1 },
    { x: 1, y: 0, count: Infinity },
    'idle',
    'none',
    'redis-always',
  ),
  fc.jsonValue(),
)

/** A good value with some fields, also nested ones, replaced or taken out. */
function spoilt(good: object): fc.Arbitrary<unknown> {
  const paths = Object.entries(good).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [[key], ...Object.keys(value).map((inner) => [key, inner])]
      : [[key]],
  )
  const change = fc.record({ path: fc.constantFrom(...paths), value: odd, isGone: fc.boolean() })
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const copy: Record<string, unknown> = structuredClone({ ...good })
    for (const { path, value, isGone } of changes) {
      const [outer = '', inner] = path
      const parent = copy[outer]
      const isNested = inner !== undefined && typeof parent === 'object' && parent !== null
      const place: object = isNested ? parent : copy
      if (isGone) Reflect.deleteProperty(place, isNested ? inner : outer)
      else Reflect.set(place, isNested ? inner : outer, structuredClone(value))
    }
    return copy
  })
}

function same(good: object, schema: v.GenericSchema, parse: (value: unknown) => unknown): void {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: spoilt(good) }, { weight: 1, arbitrary: odd }), (value) => {
      const expected = v.safeParse(schema, value)
      expect(parse(value)).toEqual(expected.success ? expected.output : undefined)
    }),
    { numRuns: 3_000, examples: [[good]] },
  )
}

/** JSON knows neither `undefined` nor infinity: both sides see what arrived. */
const arrived = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')

describe('the parsers take exactly what their rules say', () => {
  test('[W12] hello', () => {
    same(GOOD.hello, v.pipe(v.unknown(), v.transform(arrived), hello), (value) =>
      parseHello(JSON.stringify(value) ?? 'null'),
    )
  })

  test('[W13] notices', () => {
    same(GOOD.notice, v.pipe(v.unknown(), v.transform(arrived), notice), (value) =>
      parseNotice(JSON.stringify(value) ?? 'null'),
    )
  })

  test('presence', () => {
    same(GOOD.presence, presence, parsePresence)
  })

  test('chat messages', () => {
    same(GOOD.chatMessage, chatMessage, parseChatMessage)
  })
})
