// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Remembered } from './remembered.ts'

const KEY = 'roomful:test'
const form = { parse: (text: string | null) => Number(text ?? 7), format: String }

beforeEach(() => localStorage.clear())
afterEach(() => vi.restoreAllMocks())

test('a value is remembered for whoever reads it next, and what was never set is the default', () => {
  expect(new Remembered(KEY, form).get()).toBe(7)
  new Remembered(KEY, form).set(3)
  expect(new Remembered(KEY, form).get()).toBe(3)
})

test('another tab’s choice is taken over and told, and so is a cleared device; other keys are nobody’s business', () => {
  const value = new Remembered(KEY, form)
  const told = vi.fn()
  const off = value.subscribe(told)
  localStorage.setItem(KEY, '4')
  dispatchEvent(new StorageEvent('storage', { key: 'roomful:other' }))
  expect(told).not.toHaveBeenCalled()
  dispatchEvent(new StorageEvent('storage', { key: KEY }))
  expect([value.get(), told.mock.calls.length]).toEqual([4, 1])
  localStorage.clear()
  dispatchEvent(new StorageEvent('storage', { key: null }))
  expect([value.get(), told.mock.calls.length]).toEqual([7, 2])
  off()
  dispatchEvent(new StorageEvent('storage', { key: KEY }))
  expect(told).toHaveBeenCalledTimes(2)
})

test('where storage is refused the choice holds for this page', () => {
  const refuse = (): never => {
    throw new DOMException('refused', 'SecurityError')
  }
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
  const value = new Remembered(KEY, form)
  expect(value.get()).toBe(7)
  value.set(5)
  expect(value.get()).toBe(5)
})
