import { expect, test } from 'vitest'
import { AddressWindow } from './address-window.ts'

test('an address may ask so often in a window, then waits for the next one; others do not wait for it', () => {
  const window = new AddressWindow(10_000, 2)
  expect([window.take('a', 0), window.take('a', 1_000)]).toEqual([0, 0])
  expect(window.take('a', 4_000)).toBe(6_000)
  expect(window.take('b', 4_000)).toBe(0)
  expect(window.take('a', 10_000)).toBe(0)
})

test('a clock that steps back punishes nobody', () => {
  const window = new AddressWindow(10_000, 1)
  expect(window.take('a', 1_000_000)).toBe(0)
  expect(window.take('a', 5)).toBe(0)
})

test('[I6] its table is bounded', () => {
  const window = new AddressWindow(10_000, 1)
  expect(window.take('first', 0)).toBe(0)
  for (let i = 0; i < 10_000; i++) window.take(`address-${i}`, 0)
  // forgotten with all the others
  expect(window.take('first', 0)).toBe(0)
})
