import { DEFAULT_LIMITS } from '@roomful/shared'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import { BYTES_PER_TOKEN, Pacing, PAUSE_GAP_MS } from './pacing.ts'

/** Time that is moved by hand; timers run in order. */
class HandClock implements Clock {
  #now = 0
  readonly #timers = new Set<{ at: number; run: () => void }>()
  now(): number {
    return this.#now
  }
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }
  endOfTurn(run: () => void): void {
    run()
  }
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#timers].filter((t) => t.at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.#now = due.at
      due.run()
    }
    this.#now = end
  }
  get waiting(): number {
    return this.#timers.size
  }
}

const limits = { ...DEFAULT_LIMITS, updatesPerSecond: 100, updatesBurst: 10, pausedMs: 60_000 }

describe('[W24] pacing', () => {
  let clock: HandClock
  let seen: string[]
  let pacing: Pacing

  beforeEach(() => {
    clock = new HandClock()
    seen = []
    pacing = new Pacing(clock, limits, {
      pauseReading: () => seen.push('pause'),
      resumeReading: () => seen.push('resume'),
      pausedTooLong: () => seen.push('too long'),
    })
  })

  const charge = (frames: number): void => {
    for (let n = 0; n < frames; n++) pacing.received(1)
  }

  test('[limit:updatesBurst] a burst is read without a pause', () => {
    charge(10)
    expect(seen).toEqual([])
    expect(pacing.isPaused).toBe(false)
  })

  test('[limit:updatesPerSecond] beyond it the socket is paused once, for as long as all that came takes at the rate', () => {
    charge(20)
    expect(seen).toEqual(['pause'])
    clock.advance(99)
    expect(pacing.isPaused).toBe(true)
    clock.advance(1)
    expect(seen).toEqual(['pause', 'resume'])
  })

  test('a large frame costs as much as many small ones', () => {
    pacing.received(BYTES_PER_TOKEN * 9)
    expect(seen).toEqual([])
    pacing.received(1)
    expect(seen).toEqual(['pause'])
  })

  test('[limit:pausedMs] five minutes of pausing without a break are too long', () => {
    for (let elapsed = 0; elapsed < 70_000 && !seen.includes('too long'); elapsed += 500) {
      if (!pacing.isPaused) charge(60)
      clock.advance(500)
    }
    expect(seen.at(-1)).toBe('too long')
    expect(clock.now()).toBeGreaterThanOrEqual(limits.pausedMs)
    expect(clock.now()).toBeLessThan(limits.pausedMs + 2_000)
  })

  test('whoever stops for a while starts a new spell', () => {
    for (let minute = 0; minute < 5; minute++) {
      for (let elapsed = 0; elapsed < 40_000; elapsed += 500) {
        if (!pacing.isPaused) charge(60)
        clock.advance(500)
      }
      clock.advance(PAUSE_GAP_MS + 1_000)
    }
    expect(seen).not.toContain('too long')
  })

  test('one debt that can never be paid in time ends it at the same moment', () => {
    charge(100_000)
    clock.advance(limits.pausedMs)
    expect(seen).toEqual(['pause', 'too long'])
  })

  test('after stop nothing more happens', () => {
    charge(20)
    pacing.stop()
    clock.advance(1_000_000)
    expect(seen).toEqual(['pause'])
    expect(clock.waiting).toBe(0)
  })
})
