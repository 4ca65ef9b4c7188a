import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { DEFAULT_LIMITS, LOBBY, type CloseCode } from '@roomful/shared'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Authorize, AuthorizeRequest } from '../authorize.ts'
import type { Clock } from '../clock.ts'
import { LogError } from '../log/log-error.ts'
import type { RevocationLog, RevocationSink } from '../log/revocation-log.ts'
import type { Revocation } from '../log/revocation-set.ts'
import { silentLogger } from '../logger.ts'
import { createMetrics, IDLE_SOURCES } from '../metrics.ts'
import { Doorkeeper, type Guest } from './doorkeeper.ts'
import { createJwtAuthorizer } from './jwt.ts'
import type { Granted } from './grant.ts'

const SECRET = 'a secret of at least thirty-two bytes'
/** What the door promises, ms. */
const PROMISE_MS = 1_000
const STEP_MS = 50

/** A clock that is moved by hand. */
class HandClock implements Clock {
  at = 1_900_000_000_000
  readonly #timers = new Set<{ readonly due: number; readonly run: () => void }>()

  now(): number {
    return this.at
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.at + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  endOfTurn(): void {
    throw new Error('no turns here')
  }

  /** Goes on to a moment, in steps, and lets the authorizer answer in each: its work takes no time of this clock. */
  async goOn(ms: number): Promise<void> {
    const end = this.at + ms
    while (this.at < end) {
      this.at = Math.min(end, this.at + STEP_MS)
      for (const timer of this.#timers)
        if (timer.due <= this.at) {
          this.#timers.delete(timer)
          timer.run()
        }
      await idle()
    }
  }
}

/** WebCrypto answers from another thread: longer than any number of turns, but soon. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A socket that notes what happens to it, and when. */
class Visitor implements Guest {
  readonly room = LOBBY
  isHere = true
  readonly granted: Granted[] = []
  refused: { readonly code: number; readonly at: number } | undefined
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  permit(grant: Granted): void {
    this.granted.push(grant)
  }

  refuse(_reason: string, { code }: CloseCode): void {
    this.isHere = false
    this.refused ??= { code, at: this.#clock.now() }
  }
}

/** A log of revocations under the test's hand. */
class HeldRevocations implements RevocationLog {
  readonly stored: Revocation[] = []
  isAway = false
  #sink: RevocationSink = () => {}

  async open(sink: RevocationSink): Promise<void> {
    if (this.isAway) throw new LogError('unavailable', 'away')
    this.#sink = sink
    sink(this.stored)
  }

  async add(revocation: Revocation): Promise<void> {
    if (this.isAway) throw new LogError('unavailable', 'away')
    this.stored.push(revocation)
    this.#sink([revocation])
  }

  /** Another instance has said so. */
  tell(...revocations: Revocation[]): void {
    this.#sink(revocations)
  }
}

describe('[W34] [I7] the doorkeeper', () => {
  let clock: HandClock
  let revocations: HeldRevocations

  beforeEach(() => {
    clock = new HandClock()
    revocations = new HeldRevocations()
  })

  const request = (token: string): AuthorizeRequest => ({
    room: LOBBY,
    token,
    request: new IncomingMessage(new Socket()),
  })

  /** The token is the person; issued at once. */
  const byName: Authorize = ({ token = '' }) => ({
    access: 'write',
    user: { id: token },
    issuedAt: clock.at,
  })

  function open(authorize: Authorize): Doorkeeper {
    return new Doorkeeper({
      authorize,
      clock,
      limits: DEFAULT_LIMITS,
      metrics: createMetrics(IDLE_SOURCES),
      logger: silentLogger,
      revocations,
    })
  }

  async function admit(door: Doorkeeper, token: string): Promise<Visitor> {
    const visitor = new Visitor(clock)
    await door.admit(visitor, request(token))
    return visitor
  }

  test('closes a socket with 4401 within a second of its token’s end, and not before', async () => {
    const door = open(({ token }) => {
      const expiresAt = Number(token)
      return clock.at < expiresAt ? { access: 'write', expiresAt } : { access: 'none', reason: 'token' }
    })
    const ends = [3_000, 3_001, 3_249, 7_777].map((ms) => clock.at + ms)
    const visitors: Visitor[] = []
    for (const end of ends) visitors.push(await admit(door, String(end)))
    await clock.goOn(10_000)
    for (const [index, { refused }] of visitors.entries()) {
      const end = ends[index] ?? 0
      expect(refused?.code).toBe(4401)
      expect(refused?.at).toBeGreaterThanOrEqual(end)
      expect(refused?.at).toBeLessThanOrEqual(end + PROMISE_MS)
    }
  })

  test('believes a JWT’s own end, to the second', async () => {
    const door = open(createJwtAuthorizer({ secret: SECRET, now: () => clock.now() }))
    const exp = clock.at / 1_000 + 30
    const token = await new SignJWT({ rooms: { '*': 'write' } })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('ada')
      .setIssuedAt(clock.at / 1_000)
      .setExpirationTime(exp)
      .sign(new TextEncoder().encode(SECRET))
    const ada = await admit(door, token)
    await clock.goOn(29_950)
    expect([ada.refused, ada.granted.length]).toEqual([undefined, 1])
    await clock.goOn(PROMISE_MS)
    await expect.poll(() => ada.refused?.code).toBe(4401)
  })

  test('acts on what another instance revoked at once, and on nobody else', async () => {
    const moments = new Map([
      ['ada', clock.at],
      ['bob', clock.at],
    ])
    const door = open(({ token = '' }) => ({
      access: 'write',
      user: { id: token },
      issuedAt: moments.get(token) ?? 0,
    }))
    const [ada, bob] = [await admit(door, 'ada'), await admit(door, 'bob')]
    await clock.goOn(STEP_MS)
    revocations.tell({ userId: 'ada', at: clock.at })
    await clock.goOn(STEP_MS)
    expect([ada.refused?.code, bob.refused]).toEqual([4401, undefined])
    // many at once are one look at everybody
    revocations.tell(
      ...Array.from({ length: 100 }, (_, i) => ({ userId: i === 7 ? 'bob' : `u${i}`, at: clock.at })),
    )
    await clock.goOn(STEP_MS)
    expect(bob.refused?.code).toBe(4401)
    expect((await admit(door, 'bob')).refused?.code).toBe(4401)
  })

  test('lets nobody in before it knows what was revoked, and reads it as soon as it can', async () => {
    revocations.stored.push({ userId: 'ada', at: clock.at + 1 })
    revocations.isAway = true
    const door = open(byName)
    await idle()
    const [ada, bob] = [new Visitor(clock), new Visitor(clock)]
    const admitted = [door.admit(ada, request('ada')), door.admit(bob, request('bob'))]
    await clock.goOn(2_000)
    expect([ada, bob].map(({ granted, refused }) => [granted.length, refused])).toEqual([
      [0, undefined],
      [0, undefined],
    ])
    revocations.isAway = false
    await clock.goOn(1_000)
    expect(await Promise.all(admitted)).toEqual([false, true])
    expect([ada.refused?.code, bob.refused]).toEqual([4401, undefined])
  })

  test('says 1011 to who waited ten seconds for that: the client tries again', async () => {
    revocations.isAway = true
    const door = open(byName)
    const ada = new Visitor(clock)
    const admitted = door.admit(ada, request('ada'))
    await clock.goOn(10_100)
    expect([await admitted, ada.refused?.code]).toEqual([false, 1011])
    door.close()
    await clock.goOn(1_000)
  })

  test('closes the sockets here although storage is away, and says that it waits', async () => {
    const door = open(({ token = '' }) => ({
      access: 'write',
      user: { id: token },
      issuedAt: 1_800_000_000_000,
    }))
    await idle()
    const ada = await admit(door, 'ada')
    revocations.isAway = true
    const revoked = door.revoke({ userId: 'ada' })
    await clock.goOn(STEP_MS)
    expect(ada.refused?.code).toBe(4401)
    expect(await revoked).toEqual({ asked: 1, closed: 1, changed: 0, kept: 'waiting' })
    revocations.isAway = false
    expect(await door.revoke({ userId: 'ada' })).toMatchObject({ kept: 'stored' })
  })
})
