import { describe, expect, test } from 'vitest'
import { ASK_INTERVAL_MS, Asks, FREE_ASKS } from './room-asks.ts'

const missing = new Map([[7, 3]])

describe('asking a member for what is missing', () => {
  test('while the first SyncStep1 is unanswered nothing is asked: the coming answer holds it', () => {
    const asks = new Asks()
    expect(asks.holdsAcks).toBe(false)
    expect(asks.dropped(0)).toBe(false)
    expect(asks.holdsAcks).toBe(true)
    asks.answered(undefined)
    expect(asks.holdsAcks).toBe(false)
  })

  test('at most one ask is outstanding', () => {
    const asks = new Asks()
    asks.answered(undefined)
    expect(asks.dropped(0)).toBe(true)
    expect(asks.dropped(1)).toBe(false)
    expect(asks.isDue).toBe(false)
    asks.answered(undefined)
    expect(asks.dropped(2)).toBe(true)
  })

  test('after the third, one a second: the next waits for its interval and is then sent once', () => {
    const asks = new Asks()
    for (let i = 0; i < FREE_ASKS; i += 1) {
      asks.answered(undefined)
      expect(asks.dropped(100)).toBe(true)
    }
    asks.answered(undefined)
    expect(asks.dropped(100)).toBe(false)
    expect(asks.isDue).toBe(true)
    expect(asks.holdsAcks).toBe(true)
    expect(asks.due(100 + ASK_INTERVAL_MS - 1)).toBe(false)
    expect(asks.due(100 + ASK_INTERVAL_MS)).toBe(true)
    expect(asks.due(100 + ASK_INTERVAL_MS)).toBe(false)
  })

  test('what a SyncStep2 misses is asked for when the room passes one of its clocks', () => {
    const asks = new Asks()
    asks.answered(missing)
    expect(asks.isMissingSomething).toBe(true)
    expect(asks.holdsAcks).toBe(false)
    expect(asks.advanced(() => 3, 0)).toBe(false)
    expect(asks.advanced((client) => (client === 7 ? 4 : 0), 0)).toBe(true)
    expect(asks.isMissingSomething).toBe(false)
    expect(asks.holdsAcks).toBe(true)
  })

  test('a later SyncStep2 replaces what an earlier one missed', () => {
    const asks = new Asks()
    asks.answered(missing)
    asks.answered(undefined)
    expect(asks.advanced(() => 100, 0)).toBe(false)
  })
})
