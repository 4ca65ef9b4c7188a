import { encodeSyncStep1, parseNotice } from '@roomful/shared'
import { beforeEach, describe, expect, test } from 'vitest'
import type { FakeMember } from '../../tests/support/room-harness/fake-member.ts'
import { awarenessFrame, takePresence } from '../../tests/support/room-harness/presence-bytes.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { CLAIM_MS } from './room-presence-claims.ts'
import { LEAVE_GRACE_MS } from './room-presence-leaving.ts'

const STEP1 = encodeSyncStep1(Uint8Array.of(0))
const user = (id: string): object => ({ user: { id } })

describe('[W22] [I4] [I5] a clientID that several claim at once', () => {
  let room: RoomHarness
  let onlooker: FakeMember
  let holder: FakeMember

  beforeEach(async () => {
    room = await RoomHarness.open()
    onlooker = room.join()
    room.receive(onlooker, STEP1, awarenessFrame([100, 1, {}]))
    holder = enter('holder', 5)
    room.turn()
    onlooker.take()
  })

  function enter(who: string, clock: number, key = who): FakeMember {
    const member = room.join({ key, extended: true })
    room.receive(member, STEP1, awarenessFrame([1, clock, user(who)]))
    return member
  }

  const noticesOf = (member: FakeMember): unknown[] =>
    member.takeOf('notice').map(({ json }) => parseNotice(json)?.code)
  const seen = (): unknown => takePresence(onlooker).at(-1)

  test('stays with a holder that answers its one ping, and each of them is told', () => {
    const claimants = ['first', 'second', 'third'].map((who, i) => enter(who, 6 + i))
    expect(holder.pings).toHaveLength(1)
    holder.pings[0]?.()
    room.advance(CLAIM_MS * 2)
    expect(claimants.map(noticesOf)).toEqual(Array.from({ length: 3 }, () => ['clientid-conflict']))
    expect(takePresence(onlooker)).toEqual([])
    room.receive(holder, awarenessFrame([1, 6, user('holder, moved')]))
    room.turn()
    expect(seen()).toMatchObject({ clientId: 1, state: user('holder, moved') })
  })

  test('goes to the latest connection two seconds after the first claim, and the others are told', () => {
    const first = enter('first', 6)
    room.advance(CLAIM_MS / 2)
    const second = enter('second', 6)
    const third = enter('third', 6)
    // who moves meanwhile is no newer for that
    room.receive(first, awarenessFrame([1, 7, user('first, moved')]))
    room.advance(CLAIM_MS / 2 - 1)
    expect(takePresence(onlooker)).toEqual([])
    room.advance(1)
    expect(takePresence(onlooker)).toEqual([{ clientId: 1, clock: 6, state: user('third') }])
    expect([first, second, holder, third].map(noticesOf)).toEqual([
      ['clientid-conflict'],
      ['clientid-conflict'],
      ['clientid-conflict'],
      [],
    ])
  })

  test('goes to the one before where the latest leaves', () => {
    const first = enter('first', 6)
    const second = enter('second', 6)
    const third = enter('third', 6)
    room.room.leave(third)
    room.room.leave(first)
    room.advance(CLAIM_MS)
    expect(seen()).toMatchObject({ clientId: 1, state: user('second') })
    expect(noticesOf(second)).toEqual([])
  })

  test('goes at once to whoever waits when the holder leaves, and nobody sees it leave', () => {
    enter('first', 6)
    enter('second', 6)
    room.room.leave(holder)
    room.turn()
    expect(takePresence(onlooker)).toEqual([{ clientId: 1, clock: 6, state: user('second') }])
    room.advance(CLAIM_MS + LEAVE_GRACE_MS.lost)
    expect(takePresence(onlooker)).toEqual([])
  })

  test('is claimed once by a tab with two connections, by the newer one', () => {
    const old = enter('tab', 6)
    enter('other', 6)
    const next = enter('tab, newer', 6, 'tab')
    expect(noticesOf(old)).toEqual(['clientid-conflict'])
    room.advance(CLAIM_MS)
    expect(seen()).toMatchObject({ state: user('tab, newer') })
    expect(noticesOf(next)).toEqual([])
  })

  test('is claimed for one connection only: who binds another id meanwhile leaves none behind', () => {
    const greedy = room.join({ key: 'greedy' })
    room.receive(greedy, STEP1, awarenessFrame([1, 6, user('one')], [2, 1, user('two')]))
    room.turn()
    expect(seen()).toMatchObject({ clientId: 2 })
    room.advance(CLAIM_MS * 2)
    expect(takePresence(onlooker)).toEqual([])
    room.room.leave(greedy)
    room.advance(LEAVE_GRACE_MS.lost)
    expect(takePresence(onlooker)).toMatchObject([{ clientId: 2, state: null }])
    // only the silent holder and the onlooker are left
    expect(room.room.people).toBe(2)
  })

  test('and a second one by the same connection: the first claim is given up', () => {
    const other = room.join()
    room.receive(other, STEP1, awarenessFrame([2, 1, user('other')]))
    const greedy = room.join()
    room.receive(greedy, STEP1, awarenessFrame([1, 6, user('one')], [2, 6, user('two')]))
    room.room.leave(greedy)
    room.advance(CLAIM_MS * 2)
    room.receive(holder, awarenessFrame([1, 6, user('holder, moved')]))
    room.turn()
    expect(takePresence(onlooker).at(-1)).toMatchObject({ clientId: 1, state: user('holder, moved') })
    expect(room.room.people).toBe(3)
  })
})
