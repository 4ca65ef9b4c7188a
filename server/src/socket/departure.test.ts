import { LEAVING_CODE } from '@roomful/shared'
import { expect, test } from 'vitest'
import { departureOf } from './departure.ts'

test('[W19] an extended client has closed its page only where it says so; every other end of its socket is a cut', () => {
  expect(departureOf(LEAVING_CODE, true)).toBe('closed')
  for (const code of [1000, 1001, 1005, 1006, 1012])
    expect(departureOf(code, true), String(code)).toBe('lost')
})

test('[W19] a stock client has closed where there was a close frame', () => {
  for (const code of [1000, 1001, 1005, LEAVING_CODE])
    expect(departureOf(code, false), String(code)).toBe('closed')
  expect(departureOf(1006, false)).toBe('lost')
})
