import { beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import { Expiries, EXPIRY_SLOT_MS } from './expiries.ts'

/** A clock that is moved by hand; counts its timers. */
class HandClock implements Clock {
  at = 1_900_000_000_000
  readonly timers = new Set<{ readonly due: number; readonly run: () => void }>()

  now(): number {
    return this.at
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.at + ms, run }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }

  endOfTurn(): void {
    throw new Error('no turns here')
  }

  advance(ms: number): void {
    const end = this.at + ms
    for (;;) {
      const [next] = [...this.timers].sort((a, b) => a.due - b.due)
      if (next === undefined || next.due > end) break
      this.timers.delete(next)
      this.at = next.due
      next.run()
    }
    this.at = end
  }
}

describe('[I7] Expiries', () => {
  let clock: HandClock
  let told: [string, number][]
  let expiries: Expiries<string>

  beforeEach(() => {
    clock = new HandClock()
    told = []
    const start = clock.now()
    expiries = new Expiries(clock, (who) => told.push([who, clock.now() - start]))
  })

  test('nobody is told early, nor later than one slot', () => {
    const times = new Map(Array.from({ length: 50 }, (_, i) => [`p${i}`, 1_000 + i * 77]))
    for (const [who, ms] of times) expiries.set(who, clock.now() + ms)
    clock.advance(10_000)
    expect(told.map(([who]) => who).sort()).toEqual([...times.keys()].sort())
    for (const [who, at] of told) {
      const late = at - (times.get(who) ?? 0)
      expect(late, who).toBeGreaterThanOrEqual(0)
      expect(late, who).toBeLessThanOrEqual(EXPIRY_SLOT_MS)
    }
  })

  test('there is one timer for all, and none when nobody is left', () => {
    expect(clock.timers.size).toBe(0)
    for (let i = 0; i < 100; i++) expiries.set(`p${i}`, clock.now() + 10_000 - i * 50)
    expect(clock.timers.size).toBe(1)
    clock.advance(20_000)
    expect([told.length, expiries.size, clock.timers.size]).toEqual([100, 0, 0])
  })

  test('who was set again is told at the new time, who was deleted never', () => {
    expiries.set('ada', clock.now() + 1_000)
    expiries.set('bob', clock.now() + 1_000)
    expiries.set('ada', clock.now() + 5_000)
    expiries.delete('bob')
    clock.advance(4_000)
    expect(told).toEqual([])
    clock.advance(2_000)
    expect(told.map(([who]) => who)).toEqual(['ada'])
  })

  test('who is set while being told is told again', () => {
    const again = new Expiries<string>(clock, (who) => {
      told.push([who, clock.now()])
      if (told.length === 1) again.set(who, clock.now() + 1_000)
    })
    again.set('ada', clock.now() + 1_000)
    clock.advance(5_000)
    expect(told.length).toBe(2)
  })

  test('a year is a long time, and longer than a timer can be', () => {
    expiries.set('ada', clock.now() + 365 * 86_400_000)
    clock.advance(364 * 86_400_000)
    expect(told).toEqual([])
    clock.advance(2 * 86_400_000)
    expect(told.length).toBe(1)
  })

  test('a time that is over is told at once, and nothing after close', () => {
    expiries.set('ada', clock.now() - 1)
    clock.advance(1)
    expect(told.length).toBe(1)
    expiries.set('bob', clock.now() + 1_000)
    expiries.close()
    clock.advance(5_000)
    expect([told.length, clock.timers.size]).toEqual([1, 0])
  })
})
