import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHello, parseNotice, type Hello, type Notice } from './hello.ts'

const hello: Hello = {
  protocol: 1,
  generation: 0,
  durability: 'disk',
  now: 1_795_329_600_000,
  permission: 'write',
  limits: { frameBytes: 1, awarenessBytes: 2, updatesPerSecond: 3 },
  instanceId: 'a',
}

describe('parseHello', () => {
  test('[W12] a hello comes back as it was written', () => {
    expect(parseHello(JSON.stringify(hello))).toEqual(hello)
  })

  test('[W12] fields of a later version are ignored', () => {
    expect(parseHello(JSON.stringify({ ...hello, later: { much: true } }))).toEqual(hello)
  })

  test.each(Object.keys(hello))('[W12] without %s it is none', (key) => {
    const { [key as keyof Hello]: _gone, ...rest } = hello
    expect(parseHello(JSON.stringify(rest))).toBeUndefined()
  })

  test.each([
    { generation: -1 },
    { generation: 0.5 },
    { durability: 'forever' },
    { permission: 'none' },
    { now: '0' },
    { instanceId: 'x'.repeat(65) },
  ])('[W12] %j is refused', (wrong) => {
    expect(parseHello(JSON.stringify({ ...hello, ...wrong }))).toBeUndefined()
  })
})

describe('parseNotice', () => {
  test('[W13] a notice comes back as it was written, with or without a hint', () => {
    const notice: Notice = { code: 'draining', message: 'The server restarts.', retryAfterMs: 1_500 }
    expect(parseNotice(JSON.stringify(notice))).toEqual(notice)
    expect(parseNotice('{"code":"read-only","message":""}')).toEqual({ code: 'read-only', message: '' })
  })

  test('[W13] a code of a later version is no notice of this one', () => {
    expect(parseNotice('{"code":"later","message":"?"}')).toBeUndefined()
  })
})

test('[W12] [W13] any text gives a value or undefined, never a throw', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json())
  fc.assert(
    fc.property(text, (json) => {
      expect([parseHello(json)?.protocol ?? 0, parseNotice(json)?.message ?? ''].length).toBe(2)
    }),
    { numRuns: 3_000 },
  )
})
