import { expect, test } from 'vitest'
import { systemClock, type Clock } from '../clock.ts'
import { BEAT_MS, Heartbeat } from './heartbeat.ts'

test('[W7] every connection beats twice in ten seconds, by one timer, neighbours at different moments', () => {
  let now = 0
  let timer: { at: number; run: () => void } | undefined
  let timers = 0
  const clock: Clock = {
    ...systemClock,
    now: () => now,
    after(ms, run) {
      timers++
      timer = { at: now + ms, run }
      return () => {
        timers--
        timer = undefined
      }
    },
  }
  const heartbeat = new Heartbeat(clock)
  const beats = new Map<number, number[]>()
  const connections = Array.from({ length: 50 }, (_, connectionId) => ({
    connectionId,
    beat: () => void beats.set(connectionId, [...(beats.get(connectionId) ?? []), now]),
  }))
  for (const connection of connections) heartbeat.add(connection)
  const advance = (ms: number): void => {
    const end = now + ms
    while (timer !== undefined && timer.at <= end) {
      now = timer.at
      timers--
      timer.run()
    }
    now = end
  }
  advance(BEAT_MS * 3)
  for (const { connectionId } of connections) {
    const at = beats.get(connectionId) ?? []
    expect(at.length).toBe(3)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(BEAT_MS)
  }
  expect(timers).toBe(1)
  expect(new Set([...beats.values()].map((at) => at[0])).size).toBeGreaterThan(10)

  const [gone] = connections
  if (gone !== undefined) heartbeat.delete(gone)
  advance(BEAT_MS)
  expect(beats.get(0)?.length).toBe(3)
  expect(beats.get(1)?.length).toBe(4)
  heartbeat.close()
  expect(timers).toBe(0)
})
