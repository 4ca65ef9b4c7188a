import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  CURSOR_GONE_MS,
  CURSOR_IDLE_MS,
  CursorDriver,
  type CursorElement,
  type CursorSpace,
} from './cursor-driver.ts'

const FRAME_MS = 16

/** Frames on the fake clock: Node has none of its own. */
function stubFrames(): void {
  vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) =>
    setTimeout(() => run(performance.now()), FRAME_MS),
  )
  vi.stubGlobal('cancelAnimationFrame', (id: ReturnType<typeof setTimeout>) => clearTimeout(id))
}

interface TestSpace extends CursorSpace {
  zoom: number
}

function createSpace(): TestSpace {
  return {
    width: 4_000,
    height: 2_500,
    zoom: 0.5,
    project(x, y) {
      return { x: x * this.zoom, y: y * this.zoom }
    },
    subscribe: () => () => {},
  }
}

function createElement(): CursorElement {
  return { hidden: false, dataset: {}, style: { transform: '' } }
}

describe('a cursor', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    stubFrames()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  test('is hidden until there is a point, then stands where the space puts it', () => {
    const element = createElement()
    const placed = vi.fn()
    const driver = new CursorDriver(element, createSpace(), 'direct', placed)
    expect(element.hidden).toBe(true)
    driver.point({ x: 0.5, y: 0.5 })
    expect(element.hidden).toBe(false)
    expect(element.style.transform).toBe('translate(1000.0px, 625.0px)')
    expect(placed).toHaveBeenCalledWith(1_000, 625)
    driver.dispose()
  })

  test('[U7] goes when the pointer leaves, and comes back where it is then', () => {
    const element = createElement()
    const driver = new CursorDriver(element, createSpace(), 'spline')
    driver.point({ x: 0, y: 0 })
    driver.point(null)
    expect(element.hidden).toBe(true)
    driver.point({ x: 1, y: 1 })
    expect(element.style.transform).toBe('translate(2000.0px, 1250.0px)')
    driver.dispose()
  })

  test('[U8] is idle after 3 s, gone after 60 s, and back with the first move', () => {
    const element = createElement()
    const driver = new CursorDriver(element, createSpace(), 'direct')
    driver.point({ x: 0.1, y: 0.1 })
    vi.advanceTimersByTime(CURSOR_IDLE_MS - 1)
    expect(element.dataset['state']).toBe('active')
    vi.advanceTimersByTime(1)
    expect(element.dataset['state']).toBe('idle')
    expect(element.hidden).toBe(false)
    vi.advanceTimersByTime(CURSOR_GONE_MS - CURSOR_IDLE_MS)
    expect(element.hidden).toBe(true)
    driver.point({ x: 0.2, y: 0.2 })
    expect([element.hidden, element.dataset['state']]).toEqual([false, 'active'])
    driver.dispose()
  })

  test('[U53] stays on its place of the board when the view changes, without gliding', () => {
    const element = createElement()
    const space = createSpace()
    const driver = new CursorDriver(element, space, 'spline')
    driver.point({ x: 0.5, y: 0.5 })
    space.zoom = 1
    driver.redraw()
    expect(element.style.transform).toBe('translate(2000.0px, 1250.0px)')
    driver.dispose()
  })

  test('leaves no timer behind', () => {
    const driver = new CursorDriver(createElement(), createSpace(), 'spline')
    driver.point({ x: 0.5, y: 0.5 })
    driver.dispose()
    expect(vi.getTimerCount()).toBe(0)
  })
})
