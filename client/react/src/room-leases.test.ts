import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RoomLeases } from './room-leases.ts'

class Thing {
  closed = 0
  close(): void {
    this.closed++
  }
}

describe('leases of a room', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('what nobody holds any more is closed one tick later, once', () => {
    const leases = new RoomLeases<Thing>()
    const thing = leases.acquire('lobby', () => new Thing())
    leases.release('lobby')
    expect(thing.closed).toBe(0)
    vi.runAllTimers()
    expect(thing.closed).toBe(1)
    leases.release('lobby')
    vi.runAllTimers()
    expect(thing.closed).toBe(1)
  })

  test('release and acquire within one tick keep what is open', () => {
    const leases = new RoomLeases<Thing>()
    const open = vi.fn(() => new Thing())
    const thing = leases.acquire('lobby', open)
    leases.release('lobby')
    expect(leases.acquire('lobby', open)).toBe(thing)
    vi.runAllTimers()
    expect(thing.closed).toBe(0)
    expect(open).toHaveBeenCalledTimes(1)
  })

  test('two holders: the first release closes nothing', () => {
    const leases = new RoomLeases<Thing>()
    const thing = leases.acquire('lobby', () => new Thing())
    leases.acquire('lobby', () => new Thing())
    leases.release('lobby')
    vi.runAllTimers()
    expect(thing.closed).toBe(0)
    leases.release('lobby')
    vi.runAllTimers()
    expect(thing.closed).toBe(1)
  })

  test('another key is another thing, and a closed one is opened anew', () => {
    const leases = new RoomLeases<Thing>()
    const lobby = leases.acquire('lobby', () => new Thing())
    expect(leases.acquire('plan', () => new Thing())).not.toBe(lobby)
    leases.release('lobby')
    vi.runAllTimers()
    expect(leases.acquire('lobby', () => new Thing())).not.toBe(lobby)
  })
})
