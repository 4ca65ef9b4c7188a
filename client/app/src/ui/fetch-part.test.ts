// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchPart, withPart } from './fetch-part.ts'

let isUp = true

beforeEach(() => {
  vi.useFakeTimers()
  isUp = true
  vi.stubGlobal('fetch', async () => {
    if (!isUp) throw new TypeError('Failed to fetch')
    return new Response('ok')
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A part that can be had while the server is up. */
function part(): { load: () => Promise<string>; asked: () => number } {
  let asked = 0
  const load = async (): Promise<string> => {
    asked += 1
    if (!isUp) throw new TypeError('Failed to fetch dynamically imported module')
    return 'part'
  }
  return { load, asked: () => asked }
}

test('what can be had is fetched once', async () => {
  const { load, asked } = part()
  expect(await fetchPart(load)).toBe('part')
  expect(asked()).toBe(1)
})

test('without a server it waits, and comes when the server is back', async () => {
  isUp = false
  const { load } = part()
  const used = vi.fn()
  withPart(load, used)
  await vi.advanceTimersByTimeAsync(120_000)
  expect(used).not.toHaveBeenCalled()
  isUp = true
  await vi.advanceTimersByTimeAsync(30_000)
  expect(used).toHaveBeenCalledExactlyOnceWith('part')
})

test('it comes at once when the browser says the network is back', async () => {
  isUp = false
  const { load } = part()
  const used = vi.fn()
  withPart(load, used)
  await vi.advanceTimersByTimeAsync(15_500)
  isUp = true
  dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect(used).toHaveBeenCalledExactlyOnceWith('part')
})

test('many that are missing ask the server with one voice', async () => {
  isUp = false
  const missing = Array.from({ length: 20 }, part)
  const all = Promise.all(missing.map(({ load }) => fetchPart(load)))
  await vi.advanceTimersByTimeAsync(0)
  const asked = vi.fn(fetch)
  vi.stubGlobal('fetch', asked)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toHaveBeenCalledTimes(1)
  isUp = true
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await all).toHaveLength(20)
})

test('a part a newer build has taken away fails after one more try', async () => {
  let tries = 0
  const gone = async (): Promise<never> => {
    tries += 1
    throw new TypeError('Failed to fetch dynamically imported module')
  }
  await expect(fetchPart(gone)).rejects.toThrow('dynamically imported module')
  expect(tries).toBe(2)
})
