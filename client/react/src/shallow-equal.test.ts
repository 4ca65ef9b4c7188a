import { expect, test } from 'vitest'
import { shallowEqual } from './shallow-equal.ts'

const member = {}

test.each([
  [1, 1],
  [Number.NaN, Number.NaN],
  [
    [1, member],
    [1, member],
  ],
  [
    { a: 1, b: member },
    { b: member, a: 1 },
  ],
  [[], []],
])('%j and %j are equal by their members', (a, b) => {
  expect(shallowEqual(a, b)).toBe(true)
})

test.each([
  [1, '1'],
  [null, {}],
  [undefined, null],
  [[1], [1, 2]],
  [[1, 2], [1]],
  [[{}], [{}]],
  [[], {}],
  [{ a: undefined }, { b: undefined }],
  [{ a: 1 }, { a: 1, b: undefined }],
])('%j and %j are not', (a, b) => {
  expect(shallowEqual(a, b)).toBe(false)
})
