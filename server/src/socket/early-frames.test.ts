import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { EarlyFrames, type EarlyLimit } from './early-frames.ts'

function setUp(): { socket: EventEmitter; early: EarlyFrames; reached: EarlyLimit[] } {
  const socket = new EventEmitter()
  const reached: EarlyLimit[] = []
  const limits = { openQueueFrames: 3, openQueueBytes: 100 }
  return { socket, reached, early: new EarlyFrames(socket, limits, (limit) => reached.push(limit)) }
}

describe('frames of somebody who is not in yet', () => {
  test('[W8] are kept in order, and given once', () => {
    const { early, reached } = setUp()
    early.push(Uint8Array.of(1))
    early.push(Uint8Array.of(2))
    expect(early.isFull).toBe(false)
    expect(early.take()).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    expect(early.take()).toEqual([])
    expect(reached).toEqual([])
  })

  test('[W8] are as many as the limit says; it is told once', () => {
    const { early, reached } = setUp()
    for (let number = 0; number < 4; number++) early.push(Uint8Array.of(number))
    expect(reached).toEqual(['openQueueFrames'])
    expect(early.isFull).toBe(true)
    // what was read already is not lost
    expect(early.take()).toHaveLength(4)
  })

  test('[W8] [I6] unfinished ones count as well, until they are taken', () => {
    const { socket, early, reached } = setUp()
    socket.emit('data', new Uint8Array(99))
    expect(early.isFull).toBe(false)
    socket.emit('data', new Uint8Array(1))
    expect(reached).toEqual(['openQueueBytes'])
    early.take()
    expect(socket.listenerCount('data')).toBe(0)
  })
})
