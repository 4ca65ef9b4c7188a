import { describe, expect, test } from 'vitest'
import { isOriginAllowed } from './origin.ts'

const same = { kind: 'same' } as const

describe('[W17] origins', () => {
  test('no Origin is no browser: allowed everywhere', () => {
    for (const allowed of [same, { kind: 'list', origins: new Set<string>() }, { kind: 'any' }] as const)
      expect(isOriginAllowed({ host: 'a.example' }, allowed)).toBe(true)
  })

  test.each([
    ['http://127.0.0.1:3000', '127.0.0.1:3000', true],
    ['https://a.example', 'a.example', true],
    ['https://A.Example', 'a.example', true],
    ['https://a.example', 'a.example:8080', false],
    ['https://evil.example', 'a.example', false],
    ['https://a.example.evil.example', 'a.example', false],
    ['null', 'a.example', false],
    ['', 'a.example', false],
    ['file://', 'a.example', false],
    ['https://a.example/path', 'a.example', false],
    ['https://user@a.example', 'a.example', false],
  ])('same origin: a page of %s at %s → %s', (origin, host, isAllowed) => {
    expect(isOriginAllowed({ origin, host }, same)).toBe(isAllowed)
  })

  test("a proxy's X-Forwarded-Host counts as the own address, the first of several", () => {
    const headers = { origin: 'https://a.example', host: '10.0.0.1:3000' }
    expect(isOriginAllowed({ ...headers, 'x-forwarded-host': 'a.example, inner.example' }, same)).toBe(true)
    expect(isOriginAllowed({ ...headers, 'x-forwarded-host': 'inner.example, a.example' }, same)).toBe(false)
  })

  test('a list replaces the own address', () => {
    const list = { kind: 'list', origins: new Set(['https://app.example']) } as const
    expect(isOriginAllowed({ origin: 'https://app.example', host: 'api.example' }, list)).toBe(true)
    expect(isOriginAllowed({ origin: 'https://api.example', host: 'api.example' }, list)).toBe(false)
  })

  test('any is any, null included', () => {
    expect(isOriginAllowed({ origin: 'null', host: 'a' }, { kind: 'any' })).toBe(true)
  })
})
