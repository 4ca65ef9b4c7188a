import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCursorMotion } from './cursor-motion.ts'

const FRAME_MS = 16

/** Frames on the fake clock: Node has none of its own. */
function stubFrames(everyMs = FRAME_MS): void {
  vi.stubGlobal('requestAnimationFrame', (run: (now: number) => void) =>
    setTimeout(() => run(performance.now()), everyMs),
  )
  vi.stubGlobal('cancelAnimationFrame', (id: ReturnType<typeof setTimeout>) => clearTimeout(id))
}

describe('cursor motion', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    stubFrames()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  /** Points every 80 ms along a line, with all that is drawn. */
  function travel(steps: number): {
    points: [number, number][]
    motion: ReturnType<typeof createCursorMotion>
  } {
    const points: [number, number][] = []
    const motion = createCursorMotion('spline', (x, y) => points.push([x, y]))
    for (let step = 0; step < steps; step++) {
      motion.move(step * 80, step * 40)
      vi.advanceTimersByTime(80)
    }
    return { points, motion }
  }

  test('the first point is drawn at once, where it is', () => {
    const write = vi.fn()
    createCursorMotion('spline', write).move(10, 20)
    expect(write.mock.calls).toEqual([[10, 20]])
  })

  test('[U5] between points it moves in steps far smaller than the way, and arrives', () => {
    const { points, motion } = travel(10)
    vi.advanceTimersByTime(500)
    const last = points.at(-1)
    expect(last?.[0]).toBeCloseTo(720, -1)
    expect(new Set(points.map(([x]) => x)).size).toBeGreaterThan(30)
    const jumps = points.slice(2).map(([x], index) => Math.abs(x - (points[index + 1]?.[0] ?? x)))
    expect(Math.max(...jumps)).toBeLessThan(720 / 3)
    motion.dispose()
  })

  test.each([FRAME_MS, 200, 1_000])('the last point is drawn exactly, with frames every %i ms', (everyMs) => {
    stubFrames(everyMs)
    const { points, motion } = travel(5)
    vi.advanceTimersByTime(10_000)
    expect(points.at(-1)).toEqual([320, 160])
    motion.dispose()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('after dispose nothing is drawn and no frame loop runs on', () => {
    const { points, motion } = travel(4)
    motion.move(1_000, 1_000)
    vi.advanceTimersByTime(FRAME_MS)
    motion.dispose()
    const drawn = points.length
    vi.advanceTimersByTime(1_000)
    motion.move(0, 0)
    vi.advanceTimersByTime(1_000)
    expect(points.length).toBe(drawn)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('[U4] a long movement is followed one interval behind, however long it goes on', () => {
    let drawn = 0
    const motion = createCursorMotion('spline', (x) => {
      drawn = x
    })
    // one unit a millisecond: what is drawn lags by as many ms as units
    for (let now = 0; now <= 10_000; now += 80) {
      motion.move(now, 0)
      vi.advanceTimersByTime(80)
      expect(now + 80 - drawn).toBeLessThanOrEqual(80 + 2 * FRAME_MS)
    }
    motion.dispose()
  })

  test('no turn is overshot: what is drawn stays between the points around it', () => {
    const points = [0, 100, 400, 390, 390, 0, 10, 800]
    let drawn = 0
    const motion = createCursorMotion('spline', (x) => {
      drawn = x
    })
    let from = 0
    for (const to of points) {
      motion.move(to, 0)
      for (let elapsed = 0; elapsed < 80; elapsed += 8) {
        vi.advanceTimersByTime(8)
        expect(drawn).toBeGreaterThanOrEqual(Math.min(from, to) - 0.001)
        expect(drawn).toBeLessThanOrEqual(Math.max(from, to) + 0.001)
      }
      from = drawn
    }
    motion.dispose()
  })

  test('a point that comes in the middle of a way is no jump', () => {
    const drawn: number[] = []
    const motion = createCursorMotion('spline', (x) => drawn.push(x))
    motion.move(0, 0)
    vi.advanceTimersByTime(80)
    motion.move(100, 0)
    vi.advanceTimersByTime(48)
    motion.move(200, 0)
    vi.advanceTimersByTime(48)
    const steps = drawn.slice(1).map((x, index) => x - (drawn[index] ?? 0))
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...steps)).toBeLessThan(80)
    motion.dispose()
  })

  test('arrived, no frame is asked for', () => {
    const { motion } = travel(3)
    vi.advanceTimersByTime(1_000)
    expect(vi.getTimerCount()).toBe(0)
    motion.dispose()
  })

  test('after a reset the next point is shown without a way to it', () => {
    const { points, motion } = travel(3)
    motion.reset()
    const drawn = points.length
    motion.move(3_000, 2_000)
    expect(points.slice(drawn)).toEqual([[3_000, 2_000]])
    motion.dispose()
  })

  test('direct motion draws each point as it comes', () => {
    const write = vi.fn()
    const motion = createCursorMotion('direct', write)
    motion.move(1, 2)
    motion.move(3, 4)
    expect(write.mock.calls).toEqual([
      [1, 2],
      [3, 4],
    ])
  })
})
