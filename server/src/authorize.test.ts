import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { LOBBY } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { askAuthorizer, AUTHORIZE_TIMEOUT_MS, openAccess, type Authorize } from './authorize.ts'
import { systemClock, type Clock } from './clock.ts'

const request = { room: LOBBY, token: 't', request: new IncomingMessage(new Socket()) }

/** A clock whose one timer is run by hand. */
function handClock(): Clock & { fire(): number } {
  const timers: { ms: number; run: () => void }[] = []
  return {
    now: () => 0,
    endOfTurn: systemClock.endOfTurn,
    after(ms, run) {
      const timer = { ms, run }
      timers.push(timer)
      return () => timers.splice(timers.indexOf(timer), 1)
    },
    fire() {
      const timer = timers.shift()
      timer?.run()
      return timer?.ms ?? 0
    },
  }
}

describe('[I7] askAuthorizer', () => {
  test.each(['none', 'read', 'write', 'admin'] as const)('%s is an answer, now or later', async (access) => {
    const clock = handClock()
    expect(await askAuthorizer(() => access, request, clock)).toBe(access)
    expect(await askAuthorizer(async () => access, request, clock)).toBe(access)
    expect(clock.fire()).toBe(0)
  })

  test('it is given the room, the token and the request', async () => {
    const seen: unknown[] = []
    await askAuthorizer((asked) => (seen.push(asked), 'read'), request, handClock())
    expect(seen).toEqual([request])
  })

  test('a throw, a rejection and nonsense reject', async () => {
    const wrong: readonly (() => unknown)[] = [
      () => {
        throw new Error('down')
      },
      () => Promise.reject(new Error('down')),
      () => 'yes',
      () => undefined,
      () => true,
    ]
    for (const answer of wrong)
      await expect(askAuthorizer(answer as Authorize, request, handClock())).rejects.toThrow(Error)
  })

  test('silence rejects after the deadline', async () => {
    const clock = handClock()
    const asked = askAuthorizer(() => new Promise(() => undefined), request, clock)
    expect(clock.fire()).toBe(AUTHORIZE_TIMEOUT_MS)
    await expect(asked).rejects.toThrow('did not answer')
  })

  test('open access lets write, not administer', async () => {
    expect(await askAuthorizer(openAccess, request, handClock())).toBe('write')
  })
})
