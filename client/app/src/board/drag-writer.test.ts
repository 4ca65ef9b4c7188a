import { DRAG_INTERVAL_MS } from '@roomful/shared'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DragWriter } from './drag-writer.ts'

describe('what a drag writes', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('[U35] is at most one position every 50 ms, the latest, and the last one on release', () => {
    const written: number[] = []
    const writer = new DragWriter<number>((x) => written.push(x))
    for (let ms = 0; ms < 500; ms += 10) {
      writer.push(ms)
      vi.advanceTimersByTime(10)
    }
    writer.push(999)
    writer.flush()
    expect(written.length).toBeLessThanOrEqual(500 / DRAG_INTERVAL_MS + 2)
    expect(written[0]).toBe(0)
    expect(written.at(-1)).toBe(999)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a release without a move since writes nothing twice', () => {
    const write = vi.fn()
    const writer = new DragWriter<number>(write)
    writer.push(1)
    writer.flush()
    writer.flush()
    expect(write).toHaveBeenCalledTimes(1)
  })
})
