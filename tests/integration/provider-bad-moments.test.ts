import 'fake-indexeddb/auto'
import { deviceClock, presenceOf } from '@roomful/provider'
import { createMemoryLog } from '@roomful/server'
import { createUser } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { ManualClientClock } from '../support/client-clock.ts'
import { FaultProxy } from '../support/fault-proxy.ts'
import { connectRoomful } from '../support/roomful-client.ts'
import { startServer } from '../support/test-server.ts'
import { waitFor } from '../support/wait.ts'

const ada = createUser('ada', 'Ada', '#ca4459')
const bob = createUser('bob', 'Bob', '#1c75d6')
const HOUR_MS = 3_600_000
const WEEK_MS = 7 * 24 * HOUR_MS

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function start(...args: Parameters<typeof startServer>): ReturnType<typeof startServer> {
  const server = await startServer(...args)
  cleanups.push(server.close)
  return server
}

function join(
  url: string,
  options: Parameters<typeof connectRoomful>[2] = {},
): ReturnType<typeof connectRoomful> {
  const client = connectRoomful(url, 'room', options)
  cleanups.push(client.destroy)
  return client
}

function note(client: { doc: Y.Doc }): string {
  return client.doc.getText('note').toString()
}

describe('bad moments', () => {
  test('[W22] two pages with one clientID: the loser takes a new one, everybody sees both, nothing is lost', async () => {
    const { wsUrl } = await start()
    const [one, two] = [new Y.Doc(), new Y.Doc()]
    two.clientID = one.clientID
    const first = join(wsUrl, { doc: one, user: ada })
    await waitFor('sync', () => first.provider.synced)
    const codes: string[] = []
    first.provider.on('notice', ({ code }) => codes.push(code))
    const second = join(wsUrl, { doc: two, user: bob })
    second.provider.on('notice', ({ code }) => codes.push(code))
    await waitFor('two ids', () => first.doc.clientID !== second.doc.clientID)
    await waitFor('each other', () =>
      [first, second].every(({ provider }) => presenceOf(provider).others.length === 1),
    )
    expect(codes).toContain('clientid-conflict')
    expect(presenceOf(first.provider).others[0]?.user.name).toBe('Bob')
    expect(presenceOf(second.provider).others[0]?.user.name).toBe('Ada')
    first.doc.getText('note').insert(0, 'first ')
    second.doc.getText('note').insert(0, 'second ')
    await waitFor('both texts', () => note(first).length === 13 && note(first) === note(second))
  })

  test('[I4] a half-open socket is noticed 15 s after an edit that gets no receipt, not after 25 s', async () => {
    const { wsUrl } = await start()
    const proxy = await FaultProxy.start(Number(new URL(wsUrl).port))
    cleanups.push(() => proxy.close())
    const clock = new ManualClientClock()
    const client = join(`${proxy.url}/ws`, { clock })
    await waitFor('sync', () => client.provider.synced && client.provider.pending === 0)
    proxy.stall('toClient', true)
    client.doc.getText('note').insert(0, 'into the void')
    await waitFor('the request', () => client.provider.pending === 1)
    clock.advance(14_000)
    expect(client.provider.wsLastMessageReceived).toBeGreaterThan(0)
    clock.advance(1_001)
    // y-websocket's own watchdog, told so, closes it within 3 s
    expect(client.provider.wsLastMessageReceived).toBe(0)
    await waitFor('the drop', () => client.provider.connection === 'reconnecting')
    expect(client.provider.pending).toBe(1)
  })

  test('a token that is never given is one more failed try, and the next one is asked for anew', async () => {
    const { wsUrl } = await start()
    const clock = new ManualClientClock()
    let asked = 0
    const client = join(wsUrl, {
      clock,
      random: () => 0.5,
      token: () => (++asked === 1 ? new Promise<string>(() => {}) : Promise.resolve('valid')),
    })
    const errors: unknown[] = []
    client.provider.on('connection-error', (event) => errors.push('error' in event && event.error))
    expect(asked).toBe(1)
    clock.advance(10_000)
    expect(String(errors[0])).toContain('did not answer')
    expect(client.provider.connection).toBe('reconnecting')
    clock.advance(1_000)
    await waitFor('sync', () => client.provider.synced)
    expect([asked, new URL(client.provider.url).searchParams.get('token')]).toEqual([2, 'valid'])
  })

  test('[U33] the server is gone for an hour: tries go on, edits too, and all of it arrives at the first success', async () => {
    const backend = createMemoryLog()
    const { wsUrl } = await start({ backend })
    const proxy = await FaultProxy.start(Number(new URL(wsUrl).port))
    cleanups.push(() => proxy.close())
    const clock = new ManualClientClock()
    const client = join(`${proxy.url}/ws`, { clock, random: () => 0.9 })
    const isWaiting = (): boolean => client.provider.connectionDetail.retryAt !== undefined
    await waitFor('sync', () => client.provider.synced && client.provider.pending === 0)
    proxy.refuse(true)
    proxy.cut()
    const until = clock.now() + HOUR_MS
    let tries = 0
    while (clock.now() < until) {
      await waitFor('the failure', isWaiting)
      client.doc.getText('note').insert(0, 'x')
      clock.advance((client.provider.connectionDetail.retryAt ?? 0) - clock.now())
      tries++
    }
    expect(client.provider.pending).toBe(tries)
    // 27 s between two at the end: far from a stampede and far from giving up
    expect(tries).toBeGreaterThan(100)
    expect(tries).toBeLessThan(200)
    await waitFor('the failure', isWaiting)
    proxy.refuse(false)
    client.provider.retryNow()
    await waitFor('everything', () => client.provider.synced && client.provider.pending === 0)
    const other = join(wsUrl)
    await waitFor('the text', () => note(other).length === tries)
  })

  test('[U30] returning after a week with an old copy: what was never sent merges with what has happened since', async () => {
    const { wsUrl } = await start()
    const now = 1_795_000_000_000
    const left = join(wsUrl, { persist: true, clock: new ManualClientClock(now) })
    left.doc.getText('note').insert(0, 'shared ')
    await waitFor('the receipt', () => left.provider.synced && left.provider.pending === 0)
    await waitFor('the copy', () => left.provider.localCopy === 'kept')
    left.provider.disconnect()
    left.doc.getText('note').insert(0, 'mine ')
    await waitFor('the copy', () => !left.provider.isAtRisk)
    left.destroy()

    const others = join(wsUrl)
    await waitFor('sync', () => others.provider.synced)
    others.doc.getText('note').delete(0, 3)
    for (let day = 0; day < 7; day++)
      others.doc.getText('note').insert(others.doc.getText('note').length, `${day} `)
    await waitFor('the receipt', () => others.provider.pending === 0)

    const back = join(wsUrl, { persist: true, connect: false, clock: new ManualClientClock(now + WEEK_MS) })
    await waitFor('the copy', () => back.provider.localCopy === 'kept')
    expect([note(back), back.provider.pending]).toEqual(['mine shared ', 1])
    back.provider.connect()
    await waitFor('the receipt', () => back.provider.synced && back.provider.pending === 0)
    await waitFor('the same', () => note(back) === note(others))
    expect(note(back)).toBe('mine red 0 1 2 3 4 5 6 ')
  })

  test('[U49] a clock an hour wrong is corrected by the server’s', async () => {
    const { wsUrl } = await start()
    for (const offset of [HOUR_MS, -HOUR_MS]) {
      const clock = { now: () => Date.now() + offset, after: deviceClock.after }
      const client = join(wsUrl, { clock })
      await waitFor('hello', () => client.provider.hello !== undefined && client.provider.synced)
      expect(Math.abs(client.provider.serverNow() - Date.now())).toBeLessThan(HOUR_MS / 6)
    }
  })
})
