import { encodeQueryAwareness, encodeSyncStep1, encodeSyncStep2, parseNotice } from '@roomful/shared'
import { describe, expect, test } from 'vitest'
import { awarenessFrame, readEntries, takePresence } from '../../tests/support/room-harness/presence-bytes.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { PRESENCE_WAIT_MS } from './room-care.ts'
import { CLAIM_MS } from './room-presence-claims.ts'
import { MAX_PRESENCE_CLOCK } from './room-presence-clock.ts'
import { LEAVE_GRACE_MS } from './room-presence-leaving.ts'

/** What every client says first. */
const STEP1 = encodeSyncStep1(Uint8Array.of(0))

const user = (id: string): object => ({ user: { id } })

describe('who is told of whom', () => {
  test('a member hears of the others with its own first entry, and never of itself', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(a, awarenessFrame([1, 0, user('a')]))
    room.turn()
    room.receive(b, awarenessFrame([2, 0, user('b')]))
    room.turn()
    expect(takePresence(a)).toEqual([{ clientId: 2, clock: 0, state: user('b') }])
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 0, state: user('a') }])
  })

  test('a member that never says who it is hears of the others a moment later', async () => {
    const room = await RoomHarness.open()
    const a = room.join()
    room.receive(a, awarenessFrame([1, 0, user('a')]))
    room.advance(1_000)
    const silent = room.join()
    room.advance(PRESENCE_WAIT_MS - 1)
    expect(takePresence(silent)).toEqual([])
    room.advance(1)
    expect(takePresence(silent)).toEqual([{ clientId: 1, clock: 0, state: user('a') }])
  })

  test('query awareness is answered with all others', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(a, awarenessFrame([1, 0, user('a')]))
    room.receive(b, awarenessFrame([2, 0, user('b')]))
    room.turn()
    b.take()
    room.receive(b, encodeQueryAwareness())
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 0, state: user('a') }])
  })

  test('people are counted by user id, over connections', async () => {
    const room = await RoomHarness.open()
    const members = [room.join(), room.join(), room.join()]
    const ids = ['same', 'same', 'other']
    for (const [i, member] of members.entries())
      room.receive(member, awarenessFrame([i, 0, user(ids[i] ?? '')]))
    expect(room.room.people).toBe(2)
    room.receive(members[2] ?? room.join(), awarenessFrame([2, 1, null]))
    expect(room.room.people).toBe(1)
    room.receive(members[0] ?? room.join(), awarenessFrame([0, 1, user('third')]))
    expect(room.room.people).toBe(2)
  })

  test('states go out as the bytes they came in', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    const json = new TextEncoder().encode('{ "b":1.0,  "a":"\\u00e9" }')
    room.receive(a, Uint8Array.of(1, json.length + 4, 1, 1, 0, json.length, ...json))
    room.turn()
    const [update] = b.takeOf('awareness')
    expect(update?.update.subarray(4)).toEqual(json)
  })
})

describe('[I5] a connection speaks only for its own clientID', () => {
  test('entries of other ids are dropped unread, also when they are no JSON', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(a, awarenessFrame([1, 0, user('a')]))
    room.receive(b, awarenessFrame([2, 0, user('b')]))
    room.turn()
    room.receive(b, awarenessFrame([1, 9, user('forged')], [1, 10, null], [3, 1, user('invented')]))
    room.receive(b, Uint8Array.of(1, 5, 1, 1, 50, 1, 0x7b))
    room.turn()
    a.take()
    room.receive(a, encodeQueryAwareness())
    expect(takePresence(a)).toEqual([{ clientId: 2, clock: 0, state: user('b') }])
    expect(b.closed).toBeUndefined()
    expect(room.count('presenceDropped:foreign')).toBe(4)
    expect(room.room.people).toBe(2)
  })

  test('a connection without an id that sends back what it was told does not become it', async () => {
    const room = await RoomHarness.open()
    const [a, silent] = [room.join(), room.join()]
    room.receive(a, awarenessFrame([1, 3, user('a')]))
    room.advance(PRESENCE_WAIT_MS)
    const [told] = silent.takeOf('awareness')
    expect(readEntries(told?.update ?? new Uint8Array())).toHaveLength(1)
    room.room.leave(a)
    room.receive(silent, awarenessFrame([1, 3, user('a')]))
    room.advance(LEAVE_GRACE_MS.closed)
    expect(takePresence(silent)).toEqual([{ clientId: 1, clock: 3, state: null }])
    room.receive(silent, awarenessFrame([1, 3, user('a')]))
    expect(room.room.people).toBe(0)
    expect(room.count('presenceDropped:foreign')).toBe(2)
  })
})

describe('validation', () => {
  const big = { user: { id: 'x' }, blob: 'x'.repeat(5_000) }
  const deep = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) as unknown
  const eight = JSON.parse(`${'{"a":'.repeat(8)}1${'}'.repeat(8)}`) as unknown

  test.each([
    ['larger than the limit', big, 1, 'too-large'],
    ['deeper than the limit', deep, 1, 'too-deep'],
    ['no object', [1], 1, 'invalid'],
    ['at a clock over 2^31', {}, MAX_PRESENCE_CLOCK + 1, 'clock'],
  ])(
    'a state %s is dropped; the others keep the last one, the connection stays',
    async (_what, state, clock, reason) => {
      const room = await RoomHarness.open()
      const [a, b] = [room.join(), room.join()]
      room.receive(b, awarenessFrame([2, 0, {}]))
      room.receive(a, awarenessFrame([1, 0, user('a')]))
      room.turn()
      b.take()
      room.receive(a, awarenessFrame([1, clock, state]))
      room.turn()
      expect(takePresence(b)).toEqual([])
      expect(room.count(`presenceDropped:${reason}`)).toBe(1)
      expect(a.closed).toBeUndefined()
      room.receive(a, awarenessFrame([1, 1, eight]))
      room.turn()
      expect(takePresence(b)).toEqual([{ clientId: 1, clock: 1, state: eight }])
    },
  )

  test('a client with extensions is told that its state was too large', async () => {
    const room = await RoomHarness.open()
    const member = room.join({ extended: true })
    room.receive(member, awarenessFrame([1, 0, big]))
    expect(member.takeOf('notice').map(({ json }) => parseNotice(json)?.code)).toEqual(['too-large'])
  })
})

describe('leaving and coming back', () => {
  test('[I4] [U17] a closed connection is gone for the others within a second, at its last clock', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(a, awarenessFrame([1, 4, user('a')]))
    room.turn()
    b.take()
    room.room.leave(a)
    room.advance(900)
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 4, state: null }])
    expect(room.room.people).toBe(1)
  })

  test('[U27] a connection lost without a word stays for three seconds, then goes', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(a, awarenessFrame([1, 4, user('a')]))
    room.turn()
    b.take()
    room.room.leave(a, 'lost')
    room.advance(3_000)
    expect(takePresence(b)).toEqual([])
    room.advance(LEAVE_GRACE_MS.lost - 3_000)
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 4, state: null }])
  })

  test('a goodbye of the client goes out with the turn', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(a, awarenessFrame([1, 4, user('a')]))
    room.turn()
    b.take()
    room.receive(a, awarenessFrame([1, 4, null]))
    room.room.leave(a)
    room.turn()
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 4, state: null }])
    room.advance(2_000)
    expect(takePresence(b)).toEqual([])
  })

  test('[U16] a reconnect of the same client is not seen by anybody', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(a, awarenessFrame([1, 4, user('a')]))
    room.turn()
    b.take()
    room.room.leave(a)
    room.advance(200)
    room.receive(room.join(), awarenessFrame([1, 4, user('a')]))
    room.advance(2_000)
    expect(takePresence(b)).toEqual([])
    expect(room.room.people).toBe(2)
  })

  test('[U16] a reload of the same tab changes its old id and its new one in one frame', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join({ key: 'tab' }), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(a, awarenessFrame([1, 4, user('a')]))
    room.turn()
    b.take()
    room.room.leave(a)
    room.advance(100)
    room.receive(room.join({ key: 'tab' }), awarenessFrame([3, 0, user('a')]))
    room.turn()
    expect(b.frames).toHaveLength(1)
    expect(takePresence(b)).toEqual([
      { clientId: 3, clock: 0, state: user('a') },
      { clientId: 1, clock: 4, state: null },
    ])
    room.advance(2_000)
    expect(takePresence(b)).toEqual([])
  })

  test('the old socket of a tab that is back already goes without a delay', async () => {
    const room = await RoomHarness.open()
    const [old, b] = [room.join({ key: 'tab' }), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(old, awarenessFrame([1, 4, user('a')]))
    room.receive(room.join({ key: 'tab' }), awarenessFrame([3, 0, user('a')]))
    room.turn()
    b.take()
    room.room.leave(old)
    room.turn()
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 4, state: null }])
  })

  test('a page made anew around the same clientID is visible at once, above its old clock', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(a, awarenessFrame([1, 40, user('a')]))
    room.turn()
    b.take()
    room.room.leave(a)
    room.advance(LEAVE_GRACE_MS.closed)
    const anew = room.join()
    room.receive(anew, awarenessFrame([1, 0, user('again')]), awarenessFrame([1, 1, user('moved')]))
    room.turn()
    expect(takePresence(b)).toEqual([
      { clientId: 1, clock: 40, state: null },
      { clientId: 1, clock: 43, state: user('moved') },
    ])
    expect(takePresence(anew)).toEqual([{ clientId: 2, clock: 0, state: {} }])
  })
})

describe('two connections for one clientID', () => {
  test('with the same key the new one wins at once', async () => {
    const room = await RoomHarness.open()
    const [old, b] = [room.join({ key: 'k' }), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(old, awarenessFrame([1, 5, user('a')]))
    room.turn()
    b.take()
    const current = room.join({ key: 'k' })
    room.receive(current, awarenessFrame([1, 6, user('moved')]))
    room.turn()
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 6, state: user('moved') }])
    expect(old.pings).toEqual([])
    room.receive(old, awarenessFrame([1, 7, user('ghost')]))
    room.room.leave(old)
    room.advance(2_000)
    expect(takePresence(b)).toEqual([])
  })

  test('[I5] a stranger that took the id while its tab was away loses it at once when the tab is back', async () => {
    const room = await RoomHarness.open()
    const [owner, b] = [room.join({ key: 'k' }), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(owner, STEP1, awarenessFrame([1, 5, user('a')]))
    room.turn()
    room.room.leave(owner)
    const thief = room.join({ key: 'other' })
    room.receive(thief, awarenessFrame([1, 9, user('thief')]))
    room.turn()
    b.take()
    room.receive(room.join({ key: 'k' }), awarenessFrame([1, 5, user('a')]))
    room.receive(thief, awarenessFrame([1, 10, user('thief')]))
    room.turn()
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 11, state: user('a') }])
    expect(thief.pings).toEqual([])
  })

  test('[I5] a tab that only relays a sibling loses the id at once to the one who introduces itself with it', async () => {
    const room = await RoomHarness.open()
    const [relay, b] = [room.join({ key: 'relay' }), room.join()]
    room.receive(b, STEP1, awarenessFrame([2, 0, {}]))
    // its own state is null: the first it says is what it heard of its sibling over BroadcastChannel
    room.receive(relay, STEP1, encodeSyncStep2(Uint8Array.of(0, 0)), awarenessFrame([1, 3, user('a')]))
    room.turn()
    b.take()
    const owner = room.join({ key: 'owner' })
    room.receive(owner, STEP1, awarenessFrame([1, 4, user('a')]))
    room.receive(relay, awarenessFrame([1, 9, user('thief')]))
    room.receive(owner, awarenessFrame([1, 5, user('a, moved')]))
    room.turn()
    expect(takePresence(b)).toMatchObject([{ clientId: 1, state: user('a, moved') }])
    expect(relay.pings).toEqual([])
    // and what it relayed gave its key no right to the id
    room.room.leave(owner)
    room.receive(room.join({ key: 'relay' }), STEP1, awarenessFrame([1, 20, user('thief')]))
    room.receive(room.join({ key: 'owner' }), STEP1, awarenessFrame([1, 6, user('a again')]))
    room.turn()
    expect(takePresence(b).at(-1)).toMatchObject({ clientId: 1, state: user('a again') })
  })

  test('without it the holder is pinged and keeps the id with its pong', async () => {
    const room = await RoomHarness.open()
    const [holder, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(holder, awarenessFrame([1, 5, user('a')]))
    const thief = room.join({ extended: true })
    room.receive(thief, awarenessFrame([1, 9, user('thief')]))
    expect(holder.pings).toHaveLength(1)
    holder.pings[0]?.()
    room.receive(thief, awarenessFrame([1, 10, user('thief')]))
    room.advance(CLAIM_MS * 2)
    const heard = takePresence(b).filter(({ clientId }) => clientId === 1)
    expect(heard).toEqual([{ clientId: 1, clock: 5, state: user('a') }])
    expect(thief.takeOf('notice').map(({ json }) => parseNotice(json)?.code)).toEqual(['clientid-conflict'])
    expect(holder.pings).toHaveLength(1)
  })

  test('a holder without a pong loses it after two seconds, to the latest state of the claimant', async () => {
    const room = await RoomHarness.open()
    const [dead, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(dead, awarenessFrame([1, 5, user('a')]))
    room.turn()
    b.take()
    const alive = room.join()
    room.receive(alive, awarenessFrame([1, 5, user('a')]), awarenessFrame([1, 6, user('back')]))
    room.advance(CLAIM_MS - 1)
    expect(takePresence(b)).toEqual([])
    room.advance(1)
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 6, state: user('back') }])
    // too late: the claim is over
    dead.pings[0]?.()
    room.room.leave(dead)
    room.advance(2_000)
    expect(takePresence(b)).toEqual([])
  })

  test('a holder that leaves meanwhile hands over without anybody seeing it', async () => {
    const room = await RoomHarness.open()
    const [old, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    room.receive(old, awarenessFrame([1, 5, user('a')]))
    room.turn()
    b.take()
    const next = room.join()
    room.receive(next, awarenessFrame([1, 5, user('a')]))
    room.room.leave(old)
    room.advance(CLAIM_MS * 2)
    expect(takePresence(b)).toEqual([])
    room.receive(next, awarenessFrame([1, 6, user('moved')]))
    room.turn()
    expect(takePresence(b)).toEqual([{ clientId: 1, clock: 6, state: user('moved') }])
  })

  test('a claimant that leaves is forgotten', async () => {
    const room = await RoomHarness.open()
    const [holder, claimant] = [room.join(), room.join()]
    room.receive(holder, awarenessFrame([1, 5, user('a')]))
    room.receive(claimant, awarenessFrame([1, 6, user('a')]))
    room.room.leave(claimant)
    room.advance(CLAIM_MS * 2)
    room.receive(holder, awarenessFrame([1, 6, user('b')]))
    expect(room.count('presenceDropped:conflict')).toBe(0)
    expect(room.room.people).toBe(1)
  })
})

describe('ticks', () => {
  test('in a small room every turn tells at once', async () => {
    const room = await RoomHarness.open()
    const [a, b] = [room.join(), room.join()]
    room.receive(b, awarenessFrame([2, 0, {}]))
    for (let clock = 0; clock < 20; clock += 1) {
      room.receive(a, awarenessFrame([1, clock, { clock }]))
      room.turn()
      expect(takePresence(b).at(-1)?.clock).toBe(clock)
      room.advance(16)
    }
  })

  test('in a busy room there is one frame a tick, the first at once, the latest state per client, nothing lost', async () => {
    const room = await RoomHarness.open()
    const members = Array.from({ length: 60 }, () => room.join())
    const frames = (): number => members[0]?.frames.length ?? 0
    for (let clock = 0; clock < 500; clock += 1) {
      for (const [id, member] of members.entries())
        if ((clock + id) % 20 === 0) room.receive(member, awarenessFrame([id, clock, { clock }]))
      room.turn()
      room.advance(1)
    }
    members[0]?.take()
    for (let clock = 500; clock < 1_500; clock += 1) {
      for (const [id, member] of members.entries())
        if ((clock + id) % 20 === 0) room.receive(member, awarenessFrame([id, clock, { clock }]))
      room.turn()
      room.advance(1)
    }
    // a second at a tick of 10-33 ms
    expect(frames()).toBeGreaterThanOrEqual(30)
    expect(frames()).toBeLessThanOrEqual(101)
    room.advance(100)
    const latest = new Map(
      takePresence(members[0] ?? room.join()).map((entry) => [entry.clientId, entry.clock]),
    )
    for (let id = 1; id < 60; id += 1) expect(latest.get(id)).toBeGreaterThanOrEqual(1_480)
    expect(latest.has(0)).toBe(false)
  })
})
