import { afterEach, describe, expect, test, vi } from 'vitest'
import { toWorld, WORLD } from './view.ts'
import { ViewStore } from './view-store.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

function createStore(): ViewStore {
  vi.stubGlobal('cancelAnimationFrame', () => {})
  const store = new ViewStore(() => true)
  store.resize({ width: 1_000, height: 600 })
  store.fit()
  return store
}

describe('the view of one person', () => {
  test('tells its subscribers, but not of moves that move nothing', () => {
    const store = createStore()
    const heard = vi.fn()
    const off = store.subscribe(heard)
    store.pan(10, 0)
    store.pan(0, 0)
    expect(heard).toHaveBeenCalledTimes(1)
    off()
    store.pan(10, 0)
    expect(heard).toHaveBeenCalledTimes(1)
  })

  test('keeps its middle when the window changes', () => {
    const store = createStore()
    store.zoomTo(1, { x: 500, y: 300 })
    const before = toWorld(store.view, { x: 500, y: 300 })
    store.resize({ width: 390, height: 400 })
    const after = toWorld(store.view, { x: 195, y: 200 })
    expect(after.x).toBeCloseTo(before.x)
    expect(after.y).toBeCloseTo(before.y)
  })

  test('is touched by the person’s moves, not by fitting', () => {
    const store = createStore()
    store.fit(WORLD)
    expect(store.touched).toBe(false)
    store.pan(1, 1)
    expect(store.touched).toBe(true)
  })

  test('[U44] without motion a glide arrives at once, and steps add up', () => {
    const store = createStore()
    const start = store.view.zoom
    store.zoomBy(1.25)
    store.zoomBy(1.25)
    expect(store.view.zoom).toBeCloseTo(start * 1.25 * 1.25)
  })
})

test('[U14] what somebody else shows is told apart from the person’s own moves', () => {
  const store = createStore()
  const causes: string[] = []
  store.subscribe((_, cause) => causes.push(cause))
  store.show({ x: 5, y: 6, zoom: 0.5 })
  store.resize({ width: 800, height: 500 })
  store.pan(1, 1)
  expect(causes).toEqual(['shown', 'size', 'own'])
})

test('[U14] a glide of one’s own that is halted moves nothing any more', () => {
  const frames = new Map<number, FrameRequestCallback>()
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
    frames.set(frames.size + 1, callback)
    return frames.size
  })
  const store = new ViewStore(() => false)
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id))
  store.resize({ width: 1_000, height: 600 })
  store.fit()
  store.zoomBy(1.25)
  expect(frames.size).toBe(1)
  store.halt()
  expect(frames.size).toBe(0)
})
