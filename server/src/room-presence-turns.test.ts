import { expect, test } from 'vitest'
import { Random } from '../../tests/support/random.ts'
import { Turns } from './room-presence-turns.ts'

test('each is due once, within a period of beginning to wait, whenever that was and however it is asked', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = new Random(seed)
    let now = random.between(1_000_000, 2_000_000)
    const turns = new Turns<{ readonly turn: number; since: number }>(900, now)
    const waiting = new Set<{ readonly turn: number; since: number }>()
    let longest = 0
    let strangers = 0
    for (let step = 0; step < 500; step += 1) {
      for (let n = random.between(0, 3); n > 0; n -= 1) {
        const one = { turn: random.int(1_000), since: now }
        waiting.add(one)
        turns.wait(one, one.turn)
        turns.wait(one, one.turn)
      }
      now += random.between(1, 50)
      for (const one of turns.due(now)) if (!waiting.delete(one)) strangers += 1
      for (const { since } of waiting) longest = Math.max(longest, now - since)
    }
    expect({ seed, strangers, waiting: turns.size }).toEqual({ seed, strangers: 0, waiting: waiting.size })
    expect(longest, `seed ${seed}`).toBeLessThanOrEqual(900)
  }
})

test('those who began to wait together are due one after the other', () => {
  const turns = new Turns<number>(900, 0)
  for (let n = 0; n < 1_000; n += 1) turns.wait(n, n)
  const sizes = Array.from({ length: 18 }, (_none, i) => turns.due((i + 1) * 50).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(70)
})

test('who was forgotten is never due, nor is anybody after all were', () => {
  const turns = new Turns<number>(900, 0)
  turns.wait(1, 1)
  turns.forget(1, 1)
  turns.forget(2, 2)
  expect([turns.size, ...turns.due(5_000)]).toEqual([0])
  turns.wait(3, 3)
  turns.clear()
  expect([turns.size, ...turns.due(10_000)]).toEqual([0])
})

test('after a new period, and after a clock that was put back, each is due within a period', () => {
  const turns = new Turns<number>(900, 10_000)
  for (let n = 0; n < 64; n += 1) turns.wait(n, n)
  turns.setPeriod(300, 10_100)
  expect(turns.due(10_400)).toHaveLength(64)
  for (let n = 0; n < 64; n += 1) turns.wait(n, n)
  expect(turns.due(5_000)).toEqual([])
  expect(turns.due(5_300)).toHaveLength(64)
})
