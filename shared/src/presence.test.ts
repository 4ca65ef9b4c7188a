import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IDENTITY_COLORS } from './identity-color.ts'
import { cleanName, MAX_NAME_LENGTH, parsePresence, type Presence } from './presence.ts'

const user = { id: 'u1', name: 'Swift Otter', color: '#007fa1', colorLight: '#007fa133' }
const full: Presence = {
  user,
  pointer: { x: 0.5, y: 1 },
  typing: true,
  selection: ['card-1'],
  view: { x: -0.1, y: 0.2, width: 1.5, height: 0.4 },
  status: 'idle',
  message: 'love this one',
  following: 'u2',
  hidesPointer: true,
  tap: { x: 0, y: 0.5, count: 3 },
}

describe('parsePresence', () => {
  test('a whole state comes back as it is', () => {
    expect(parsePresence(full)).toEqual(full)
  })

  test('only a user is needed; the rest has quiet defaults', () => {
    expect(parsePresence({ user })).toEqual({
      user,
      pointer: null,
      typing: false,
      selection: [],
      view: null,
      status: 'active',
      message: '',
      following: null,
      hidesPointer: false,
      tap: null,
    })
  })

  test('[U13] a message at the pointer that is too long, a view without extent and a tap outside are not there', () => {
    const presence = parsePresence({
      ...full,
      message: 'x'.repeat(101),
      view: { x: 0, y: 0, width: 0, height: 1 },
      tap: { x: 2, y: 0, count: 1 },
    })
    expect(presence).toEqual({ ...full, message: '', view: null, tap: null })
  })

  test("other editors' fields are left out, their states are no trouble", () => {
    expect(parsePresence({ ...full, cursor: { anchor: 1, head: 2 } })).toEqual(full)
    expect(parsePresence({ cursor: { anchor: 1 } })).toBeUndefined()
    expect(parsePresence({ user: { name: 'y-codemirror only', color: '#fff' } })).toBeUndefined()
  })

  test.each([
    ['x above 1', { x: 1.01, y: 0 }],
    ['y below 0', { x: 0, y: -0.01 }],
    ['NaN', { x: Number.NaN, y: 0 }],
    ['infinity', { x: 0, y: Number.POSITIVE_INFINITY }],
    ['strings', { x: '0', y: '0' }],
    ['one axis', { x: 0.5 }],
  ])('a pointer with %s is no pointer, the person stays', (_what, pointer) => {
    expect(parsePresence({ ...full, pointer })).toEqual({ ...full, pointer: null })
  })

  test.each(['red', '#fff', 'url(https://evil.example)', '#12345g', '#007fa1;background:red'])(
    'a colour that is no hex triple, such as %s, is refused: it would go into a style',
    (color) => {
      expect(parsePresence({ user: { ...user, color } })).toBeUndefined()
    },
  )

  test('any JSON value gives a presence or undefined, never a throw, and no name too long', () => {
    const state = fc.oneof(
      fc.jsonValue(),
      fc.record({
        user: fc.record({
          id: fc.string(),
          name: fc.string({ unit: 'binary' }),
          color: fc.constant('#007fa1'),
        }),
        pointer: fc.jsonValue(),
        selection: fc.jsonValue(),
        view: fc.jsonValue(),
      }),
    )
    fc.assert(
      fc.property(state, (value) => {
        const presence = parsePresence(value)
        if (presence === undefined) return
        expect(presence.user.name.length).toBeGreaterThan(0)
        expect(presence.user.name.length).toBeLessThanOrEqual(MAX_NAME_LENGTH)
        expect(presence.user.color).toMatch(/^#[0-9a-f]{6,8}$/i)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('cleanName', () => {
  test('any text becomes at most 28 units without control, bidi or doubled white space, and stays itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const name = cleanName(text)
        expect(name.length).toBeLessThanOrEqual(MAX_NAME_LENGTH)
        expect(name).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200B\uFEFF\u2028\u2029]|\s\s|^\s|\s$/u)
        expect(cleanName(name)).toBe(name)
      }),
      { numRuns: 1_500 },
    )
  })

  test('a surrogate pair is never cut', () => {
    expect(cleanName('🦦'.repeat(20))).toBe('🦦'.repeat(14))
    expect(cleanName(`${'a'.repeat(27)}🦦`)).toBe('a'.repeat(27))
  })

  test('line breaks and tabs separate words', () => {
    expect(cleanName('Swift\n\tOtter')).toBe('Swift Otter')
  })

  test('a right-to-left override cannot turn a line around', () => {
    expect(cleanName('abc\u202Egnp.exe')).toBe('abcgnp.exe')
  })

  test('letters, marks and emoji of any script stay', () => {
    for (const name of ['Zoë', 'محمد', '山田 太郎', 'नेहा', '👩‍🚀 Ada']) expect(cleanName(name)).toBe(name)
  })
})

test('a stock client without an id, with any colour, is somebody where its connection is known', () => {
  const state = { user: { name: 'Ada', color: 'tomato' }, cursor: null }
  expect(parsePresence(state)).toBeUndefined()
  expect(parsePresence(state, 7)?.user).toMatchObject({ id: 'client-7', name: 'Ada' })
  expect(IDENTITY_COLORS).toContain(parsePresence(state, 7)?.user.color)
  expect(parsePresence({ user: { color: '#123456' } }, 7)).toBeUndefined()
  const own = { user: { id: 'u1', name: 'Ada', color: '#008282', colorLight: '#00828233' } }
  expect(parsePresence(own, 7)).toEqual(parsePresence(own))
})
