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

const grant = (access: 'read' | 'write' | 'admin'): unknown => ({
  access,
  user: undefined,
  expiresAt: undefined,
  issuedAt: undefined,
})

describe('[I7] askAuthorizer', () => {
  test.each(['read', 'write', 'admin'] as const)('%s is an answer, now or later', async (access) => {
    const clock = handClock()
    expect(await askAuthorizer(() => access, request, clock)).toEqual(grant(access))
    expect(await askAuthorizer(async () => ({ access }), request, clock)).toEqual(grant(access))
    expect(clock.fire()).toBe(0)
  })

  test('none is an answer, and says whether the room or the token is the reason', async () => {
    const reasonOf = async (authorize: Authorize): Promise<unknown> =>
      askAuthorizer(authorize, request, handClock())
    expect(await reasonOf(() => 'none')).toMatchObject({ access: 'none', reason: 'room' })
    expect(await reasonOf(() => ({ access: 'none' }))).toMatchObject({ access: 'none', reason: 'room' })
    expect(await reasonOf(() => ({ access: 'none', reason: 'token' }))).toMatchObject({ reason: 'token' })
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
      () => ({}),
      () => ({ access: 'all' }),
      () => ({ access: 'none', reason: 'mood' }),
      () => ({ access: 'write', user: 'ada' }),
      () => ({ access: 'write', user: { id: '' } }),
      () => ({ access: 'write', user: { id: 'x'.repeat(65) } }),
      () => ({ access: 'write', expiresAt: '2030' }),
      // seconds, where milliseconds are meant
      () => ({ access: 'write', expiresAt: 1_900_000_000 }),
    ]
    for (const answer of wrong)
      await expect(askAuthorizer(answer as Authorize, request, handClock())).rejects.toThrow(Error)
  })

  test('who somebody is comes cleaned: a name presence can show, a colour that can be read', async () => {
    const asked = askAuthorizer(
      () => ({ access: 'write', user: { id: 'ada', name: ' Ada\u202E  Lovelace ', color: '#FFEE00' } }),
      request,
      handClock(),
    )
    expect(await asked).toMatchObject({ user: { id: 'ada', name: 'Ada Lovelace', color: '#807700' } })
    const bare = askAuthorizer(
      () => ({ access: 'write', user: { id: 'ada', name: ' ', color: 'red' } }),
      request,
      handClock(),
    )
    expect(await bare).toMatchObject({ user: { id: 'ada' } })
  })

  test('what has expired already is a refusal', async () => {
    const clock = { ...handClock(), now: () => 2_000_000_000_000 }
    const asked = askAuthorizer(() => ({ access: 'write', expiresAt: 2_000_000_000_000 }), request, clock)
    expect(await asked).toMatchObject({ access: 'none', reason: 'token' })
  })

  test('silence rejects after the deadline', async () => {
    const clock = handClock()
    const asked = askAuthorizer(() => new Promise(() => undefined), request, clock)
    expect(clock.fire()).toBe(AUTHORIZE_TIMEOUT_MS)
    await expect(asked).rejects.toThrow('did not answer')
  })

  test('open access lets write, not administer', async () => {
    expect(await askAuthorizer(openAccess, request, handClock())).toEqual(grant('write'))
  })
})
