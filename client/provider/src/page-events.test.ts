// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onPageEvents } from './page-events.ts'

function listen(): { readonly calls: () => Record<string, number>; readonly off: () => void } {
  const runs = { onReturn: vi.fn(), onOffline: vi.fn(), onHidden: vi.fn(), onLeaving: vi.fn() }
  const off = onPageEvents({ ...runs, isAtRisk: undefined })
  return {
    off,
    calls: () => Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, run.mock.calls.length])),
  }
}

test('a page that goes is one that leaves, after the last moment to write; a hidden one stays', () => {
  const { calls, off } = listen()
  window.dispatchEvent(new Event('pagehide'))
  expect(calls()).toEqual({ onReturn: 0, onOffline: 0, onHidden: 1, onLeaving: 1 })
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(calls()).toEqual({ onReturn: 0, onOffline: 0, onHidden: 2, onLeaving: 1 })
  vi.restoreAllMocks()
  window.dispatchEvent(new Event('pageshow'))
  expect(calls()).toEqual({ onReturn: 1, onOffline: 0, onHidden: 2, onLeaving: 1 })
  off()
  window.dispatchEvent(new Event('pagehide'))
  expect(calls()).toEqual({ onReturn: 1, onOffline: 0, onHidden: 2, onLeaving: 1 })
})
