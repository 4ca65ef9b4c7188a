import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { forwardSignals } from './signals.mjs'

class Child extends EventEmitter {
  /** @type {string[]} */
  got = []

  /** @param {string} signal */
  kill(signal) {
    this.got.push(signal)
    return true
  }
}

/** @param {NodeJS.ProcessEnv} [env] */
function pair(env = {}) {
  const child = new Child()
  const source = new EventEmitter()
  const clock = { ms: 0 }
  const parent = { pid: 100 }
  forwardSignals(child, { source, now: () => clock.ms, env, parent: () => parent.pid })
  return { child, source, clock, parent }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
})

test('one Ctrl-C that arrives from terminal and npm is handed on once', () => {
  const { child, source, clock } = pair()
  source.emit('SIGINT', 'SIGINT')
  clock.ms = 3
  source.emit('SIGINT', 'SIGINT')
  expect(child.got).toEqual(['SIGINT'])
})

test('a second press is handed on, so that the server may end at once', () => {
  const { child, source, clock } = pair()
  source.emit('SIGINT', 'SIGINT')
  clock.ms = 1_500
  source.emit('SIGINT', 'SIGINT')
  expect(child.got).toEqual(['SIGINT', 'SIGINT'])
})

test('SIGTERM goes through, and a closed terminal becomes one', () => {
  const first = pair()
  first.source.emit('SIGTERM', 'SIGTERM')
  const second = pair()
  second.source.emit('SIGHUP', 'SIGHUP')
  expect([first.child.got, second.child.got]).toEqual([['SIGTERM'], ['SIGTERM']])
})

test('nothing is left listening once the child has ended', () => {
  const { child, source } = pair()
  child.emit('close')
  expect(source.eventNames()).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

test('under npm the end of npm is a SIGTERM, once', () => {
  const { child, parent } = pair({ npm_lifecycle_event: 'start' })
  vi.advanceTimersByTime(1_000)
  expect(child.got).toEqual([])
  parent.pid = 1
  vi.advanceTimersByTime(5_000)
  expect(child.got).toEqual(['SIGTERM'])
})

test('started by hand it outlives the shell', () => {
  const { child, parent } = pair()
  parent.pid = 1
  vi.advanceTimersByTime(5_000)
  expect(child.got).toEqual([])
})
