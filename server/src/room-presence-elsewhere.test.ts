import { encodeSyncStep1, parseNotice } from '@roomful/shared'
import { afterEach, describe, expect, test } from 'vitest'
import type { FakeMember, MemberFacts } from '../../tests/support/room-harness/fake-member.ts'
import { Instances, Onlooker } from '../../tests/support/room-harness/instances.ts'
import { awarenessFrame } from '../../tests/support/room-harness/presence-bytes.ts'
import { CLAIM_MS } from './room-presence-claims.ts'
import { FAR_CLAIM_MS, SAY_MS } from './room-presence-elsewhere.ts'
import { LEAVE_GRACE_MS } from './room-presence-leaving.ts'

const STEP1 = encodeSyncStep1(Uint8Array.of(0))
const X = 7
const at = (place: number): object => ({ at: place })

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

/** Says who it is as clients do. */
function enter(
  { rooms }: Instances,
  index: number,
  clock: number,
  state: object,
  facts: MemberFacts = {},
): FakeMember {
  const room = rooms[index]
  if (room === undefined) throw new Error('no such room')
  const member = room.join(facts)
  room.receive(member, STEP1, awarenessFrame([X, clock, state]))
  return member
}

function look(instances: Instances, index: number): Onlooker {
  const member = instances.room(index).join()
  instances.room(index).receive(member, STEP1, awarenessFrame([100 + index, 1, {}]))
  const onlooker = new Onlooker(member)
  cleanups.push(() => onlooker.destroy())
  instances.pump()
  return onlooker
}

const stateOf = (onlooker: Onlooker): unknown => onlooker.seen.get(X)

describe('presence across instances', () => {
  test('who joins, moves and leaves on one instance does so on the other, and nothing is sent where nobody listens', async () => {
    const instances = await Instances.open(2)
    const far = look(instances, 1)
    const ada = enter(instances, 0, 1, at(0))
    instances.pump()
    expect(stateOf(far)).toEqual(at(0))
    instances.room(0).receive(ada, awarenessFrame([X, 2, at(1)]))
    instances.advance(SAY_MS)
    expect(stateOf(far)).toEqual(at(1))
    instances.room(0).receive(ada, awarenessFrame([X, 2, null]))
    instances.advance(SAY_MS)
    expect(stateOf(far)).toBeUndefined()

    instances.room(0).log.isHeard = false
    instances.room(0).receive(ada, awarenessFrame([X, 3, at(3)]))
    instances.room(0).advance(100)
    expect(instances.room(0).log.broadcasts).toEqual([])
  })

  test('all that changes in a while goes in one message, however many there are', async () => {
    const instances = await Instances.open(2)
    const room = instances.room(0)
    const members = Array.from({ length: 50 }, () => room.join())
    for (const [id, member] of members.entries()) room.receive(member, STEP1, awarenessFrame([id, 1, {}]))
    instances.advance(100)
    for (const [id, member] of members.entries()) room.receive(member, awarenessFrame([id, 2, { id }]))
    room.advance(SAY_MS)
    expect(room.log.broadcasts).toHaveLength(1)
  })

  test('a roster tells a newcomer of everybody, and ends whoever is not in it', async () => {
    const instances = await Instances.open(2)
    enter(instances, 0, 1, at(0))
    instances.room(0).turn()
    instances.room(0).log.broadcasts.splice(0)
    const far = look(instances, 1)
    expect(stateOf(far)).toBeUndefined()
    instances.tellWhole()
    expect(stateOf(far)).toEqual(at(0))
    const { sink } = instances.room(1).log
    // an empty roster
    sink?.onAwareness('i0', Uint8Array.of(1, 0))
    instances.pump()
    expect(stateOf(far)).toEqual(at(0))
    instances.advance(LEAVE_GRACE_MS.closed)
    expect(stateOf(far)).toBeUndefined()
  })

  test('[I4] who moves from one instance to another is not seen to leave on a third, which hears first that the old one has it no more', async () => {
    const instances = await Instances.open(3)
    const cut = enter(instances, 0, 1, at(0), { key: 'tab' })
    const third = look(instances, 2)
    instances.tellWhole()
    expect(stateOf(third)).toEqual(at(0))
    instances.room(0).room.leave(cut, 'lost')
    instances.room(2).log.sink?.onAwareness('i0', Uint8Array.of(1, 0))
    instances.advance(100)
    enter(instances, 1, 2, at(1), { key: 'tab' })
    instances.advance(LEAVE_GRACE_MS.lost)
    expect(stateOf(third)).toEqual(at(1))
    expect(third.changes).toEqual([`+${X}`])
  })

  test('[I4] who is given away is not in a roster that was on its way, and is not seen to leave for it; the next one tells', async () => {
    const instances = await Instances.open(2)
    const near = look(instances, 0)
    const cut = enter(instances, 0, 1, at(0), { key: 'tab' })
    instances.advance(100)
    expect(stateOf(near)).toEqual(at(0))
    instances.room(0).room.leave(cut, 'lost')
    enter(instances, 1, 2, at(1), { key: 'tab' })
    // the claim goes out, and behind it all that is bound there so far
    instances.room(1).turn()
    instances.tellWhole()
    instances.advance(100)
    expect(stateOf(near)).toEqual(at(1))
    expect(near.changes).toEqual([`+${X}`])
  })

  test('[I4] who is given away and never told of is gone with the second roster', async () => {
    const instances = await Instances.open(2)
    const near = look(instances, 0)
    enter(instances, 0, 1, at(0), { key: 'tab' })
    instances.advance(100)
    enter(instances, 1, 2, at(1), { key: 'tab' })
    instances.room(1).turn()
    const claims = instances.room(1).log.broadcasts.splice(0)
    instances.pause(1)
    const emptyRoster = Uint8Array.of(1, 0)
    const { sink } = instances.room(0).log
    for (const bytes of [...claims, emptyRoster]) sink?.onAwareness('i1', bytes)
    instances.advance(LEAVE_GRACE_MS.closed)
    expect(stateOf(near)).toEqual(at(0))
    sink?.onAwareness('i1', emptyRoster)
    instances.advance(LEAVE_GRACE_MS.closed)
    expect(stateOf(near)).toBeUndefined()
  })

  test('[I4] an instance that is gone takes its people along; one that was only paused brings them back', async () => {
    const instances = await Instances.open(2)
    const ada = enter(instances, 0, 5, at(0))
    const far = look(instances, 1)
    instances.tellWhole()
    expect(stateOf(far)).toEqual(at(0))
    instances.pause(0)
    instances.gone(0)
    expect(stateOf(far)).toBeUndefined()
    instances.resume(0)
    expect(stateOf(far)).toEqual(at(0))
    // and they move on from there
    instances.room(0).receive(ada, awarenessFrame([X, 6, at(1)]))
    instances.advance(SAY_MS)
    expect(stateOf(far)).toEqual(at(1))
    expect(far.changes).toEqual(expect.arrayContaining([`+${X}`, `-${X}`]))
  })

  test('bytes of a version to come, or of none, are nothing', async () => {
    const instances = await Instances.open(2)
    const far = look(instances, 1)
    for (const bytes of [[], [99, 1, 2], [2], [7, 200], [0, 5], [1, 255]])
      instances.room(1).log.sink?.onAwareness('i0', Uint8Array.from(bytes))
    instances.pump()
    expect(far.seen.size).toBe(0)
    expect(instances.room(1).count('failed')).toBe(0)
  })
})

describe('[I4] [I10] a tab that comes back on another instance', () => {
  const tab: MemberFacts = { key: 'secret of this tab' }

  test('is taken over at once by its key, seen by a third as staying, and not removed by its late leave', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    const before = enter(instances, 0, 4, at(0), tab)
    instances.pump()
    expect(stateOf(third)).toEqual(at(0))
    enter(instances, 1, 5, at(1), tab)
    instances.pump()
    expect(stateOf(third)).toEqual(at(1))
    instances.room(0).room.leave(before, 'lost')
    instances.advance(LEAVE_GRACE_MS.lost * 2)
    expect(stateOf(third)).toEqual(at(1))
    expect(third.changes.filter((change) => change.endsWith(String(X)))).toEqual([`+${X}`])
  })

  test('also where its clock begins anew, and back again', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    let place = 0
    for (const index of [0, 1, 0, 1]) {
      place += 1
      const member = enter(instances, index, 1, at(place), tab)
      instances.advance(20)
      expect(stateOf(third)).toEqual(at(place))
      instances.room(index).room.leave(member, 'closed')
      instances.advance(20)
    }
    expect(third.changes.filter((change) => change.endsWith(String(X)))).toEqual([`+${X}`])
    instances.advance(LEAVE_GRACE_MS.closed)
    expect(stateOf(third)).toBeUndefined()
  })

  test('under a new clientID: what it left behind goes at once, not after the time for coming back', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    const before = enter(instances, 0, 4, at(0), tab)
    instances.pump()
    instances.room(0).room.leave(before, 'closed')
    const room = instances.room(1)
    const after = room.join(tab)
    room.receive(after, STEP1, awarenessFrame([8, 1, at(1)]))
    instances.advance(SAY_MS * 2)
    expect([...third.seen.keys()].filter((id) => id < 100)).toEqual([8])
  })

  test('that of an instance that ended is kept until it is back, for that tab alone', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    const before = enter(instances, 0, 4, at(0), tab)
    instances.pump()
    instances.room(0).room.leave(before, 'restarted')
    const closing = instances.room(0).room.close()
    instances.pump()
    for (const index of [1, 2]) instances.room(index).log.sink?.onInstanceGone('i0')
    await closing
    instances.advance(3_000)
    enter(instances, 1, 9, { at: 'forged' }, { key: 'of another tab' })
    instances.advance(20)
    expect(stateOf(third)).toEqual(at(0))
    enter(instances, 1, 5, at(1), tab)
    instances.advance(20)
    expect(stateOf(third)).toEqual(at(1))
    expect(third.changes.filter((change) => change.endsWith(String(X)))).toEqual([`+${X}`])
  })

  test('that moves while it is asked for on its old instance is the same tab: it keeps its id through the next restart', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    enter(instances, 0, 4, at(0), tab)
    instances.pump()
    const again = enter(instances, 1, 5, at(1), tab)
    // on slow machines an answer takes longer than a hand
    instances.room(1).receive(again, awarenessFrame([X, 6, at(2)]))
    instances.pump()
    instances.advance(SAY_MS)
    expect(stateOf(third)).toEqual(at(2))
    instances.room(1).room.leave(again, 'restarted')
    const closing = instances.room(1).room.close()
    instances.pump()
    await closing
    const back = enter(instances, 2, 7, at(3), tab)
    instances.advance(20)
    expect(back.takeOf('notice')).toEqual([])
    expect(stateOf(third)).toEqual(at(3))
    expect(third.changes.filter((change) => change.endsWith(String(X)))).toEqual([`+${X}`])
  })

  test('whose key its old instance never knew gets its id all the same', async () => {
    const instances = await Instances.open(2)
    const far = look(instances, 1)
    const relaying = instances.room(0).room
    const before = instances.room(0).join(tab)
    // no introduction: a first word that may be a sibling's
    instances.room(0).receive(before, awarenessFrame([X, 4, at(0)]))
    instances.pump()
    expect(stateOf(far)).toEqual(at(0))
    relaying.leave(before, 'restarted')
    const closing = relaying.close()
    instances.pump()
    await closing
    const back = enter(instances, 1, 5, at(1), tab)
    instances.advance(20)
    expect(back.takeOf('notice')).toEqual([])
    expect(stateOf(far)).toEqual(at(1))
  })

  test('and does not come back: gone everywhere once its time is over', async () => {
    const instances = await Instances.open(2)
    const far = look(instances, 1)
    enter(instances, 0, 4, at(0), tab)
    instances.pump()
    const closing = instances.room(0).room.close()
    instances.pump()
    await closing
    instances.advance(LEAVE_GRACE_MS.restarted - 50)
    expect(stateOf(far)).toEqual(at(0))
    instances.advance(100)
    expect(stateOf(far)).toBeUndefined()
  })
})

describe('[I5] a clientID that is bound on another instance', () => {
  test('is not given to somebody else while its connection is alive', async () => {
    const instances = await Instances.open(2)
    const ada = enter(instances, 0, 4, at(0), { key: 'ada' })
    const far = look(instances, 1)
    instances.tellWhole()
    const eve = enter(instances, 1, 9, { at: 'forged' }, { key: 'eve', extended: true })
    instances.pump()
    ada.pings.splice(0).forEach((pong) => pong())
    instances.advance(FAR_CLAIM_MS * 2)
    expect(stateOf(far)).toEqual(at(0))
    expect(eve.takeOf('notice').map(({ json }) => parseNotice(json)?.code)).toEqual(['clientid-conflict'])
    instances.room(1).receive(eve, awarenessFrame([X, 10, { at: 'forged' }]))
    instances.advance(50)
    expect(stateOf(far)).toEqual(at(0))
  })

  test.each([
    { who: 'connection', afterMs: CLAIM_MS },
    { who: 'instance', afterMs: FAR_CLAIM_MS },
  ])('is given away where its $who does not answer, not before', async ({ who, afterMs }) => {
    const instances = await Instances.open(2)
    enter(instances, 0, 4, at(0))
    const far = look(instances, 1)
    instances.tellWhole()
    if (who === 'instance') instances.pause(0)
    enter(instances, 1, 5, at(1))
    instances.advance(afterMs - 50)
    expect(stateOf(far)).toEqual(at(0))
    instances.advance(100)
    expect(stateOf(far)).toEqual(at(1))
    // it wakes up, and its connection is long dead
    if (who === 'instance') instances.resume(0)
    instances.advance(CLAIM_MS * 2)
    expect(stateOf(far)).toEqual(at(1))
    expect(far.changes.filter((change) => change.endsWith(String(X)))).toEqual([`+${X}`])
  })

  test('is kept from all who claim it on other instances, by one ping', async () => {
    const instances = await Instances.open(3)
    const ada = enter(instances, 0, 4, at(0), { key: 'ada' })
    const far = [look(instances, 1), look(instances, 2)]
    instances.tellWhole()
    const claimants = [1, 2].map((index) =>
      enter(instances, index, 9, { at: index }, { key: `k${index}`, extended: true }),
    )
    instances.pump()
    expect(ada.pings).toHaveLength(1)
    ada.pings.splice(0).forEach((pong) => pong())
    instances.advance(FAR_CLAIM_MS * 2)
    expect(far.map(stateOf)).toEqual([at(0), at(0)])
    for (const claimant of claimants)
      expect(claimant.takeOf('notice').map(({ json }) => parseNotice(json)?.code)).toEqual([
        'clientid-conflict',
      ])
    expect(far.flatMap(({ changes }) => changes.filter((change) => change === `~${X}`))).toEqual([])
  })

  test('goes to one of two that claim it on other instances where its connection is dead, and the other is told', async () => {
    const instances = await Instances.open(3)
    enter(instances, 0, 4, at(0), { key: 'ada' })
    const far = [look(instances, 1), look(instances, 2)]
    instances.tellWhole()
    const claimants = [1, 2].map((index) =>
      enter(instances, index, 9, { at: index }, { key: `k${index}`, extended: true }),
    )
    instances.pump()
    instances.advance(FAR_CLAIM_MS * 2)
    expect(far.map(stateOf)).toEqual([{ at: 2 }, { at: 2 }])
    const told = claimants.map((claimant) =>
      claimant.takeOf('notice').map(({ json }) => parseNotice(json)?.code),
    )
    expect(told).toEqual([['clientid-conflict'], []])
  })

  test('where two bind it before they heard of each other, the first keeps it once both prove to be alive', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    const first = enter(instances, 0, 1, { at: 'first' }, { key: 'a' })
    instances.room(0).turn()
    for (const room of instances.rooms) room.advance(50)
    const second = enter(instances, 1, 1, { at: 'second' }, { key: 'b' })
    instances.pump()
    for (let round = 0; round < 4; round += 1) {
      for (const member of [first, second]) member.pings.splice(0).forEach((pong) => pong())
      instances.advance(50)
    }
    expect(stateOf(third)).toEqual({ at: 'first' })
    instances.room(1).receive(second, awarenessFrame([X, 2, { at: 'second again' }]))
    instances.room(0).receive(first, awarenessFrame([X, 2, { at: 'first again' }]))
    instances.advance(50)
    expect(stateOf(third)).toEqual({ at: 'first again' })
  })

  test('where two bind it in the same millisecond, one keeps it and the instances stop asking', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    const members = [0, 1].map((index) => enter(instances, index, 1, { on: index }, { key: `k${index}` }))
    instances.pump()
    for (let round = 0; round < 4; round += 1) {
      for (const member of members) member.pings.splice(0).forEach((pong) => pong())
      instances.pump()
    }
    expect(members.map(({ pings }) => pings.length)).toEqual([0, 0])
    instances.advance(CLAIM_MS * 2)
    expect(stateOf(third)).toEqual({ on: 0 })
  })

  test('whoever claimed it and is gone before the answer leaves nothing behind', async () => {
    const instances = await Instances.open(3)
    const third = look(instances, 2)
    enter(instances, 0, 4, at(0), { key: 'tab' })
    instances.pump()
    const second = instances.room(1).join({ key: 'tab' })
    instances.room(1).receive(second, STEP1, awarenessFrame([X, 5, at(1)]))
    instances.room(1).room.leave(second)
    instances.pump()
    instances.advance(LEAVE_GRACE_MS.closed + 50)
    expect(stateOf(third)).toBeUndefined()
  })
})
