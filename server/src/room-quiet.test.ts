import { encodeSyncStep1 } from '@roomful/shared'
import { expect, test } from 'vitest'
import { awarenessFrame } from '../../tests/support/room-harness/presence-bytes.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'
import { Writer } from '../../tests/support/room-harness/writer.ts'

const STEP1 = encodeSyncStep1(Uint8Array.of(0))
const MINUTE_MS = 60_000

test('a room where nobody says anything has no timer: thousands of them cost nothing', async () => {
  const room = await RoomHarness.open()
  const members = [1, 2, 3].map((id) => {
    const member = room.join({ keepsItselfAlive: true })
    room.receive(member, STEP1, awarenessFrame([id, 1, { user: { id: `u${id}` } }]))
    return member
  })
  room.advance(5_000)
  expect(room.clock.nextIn).toBeUndefined()
  const [speaker, hearer] = members
  if (speaker === undefined || hearer === undefined) throw new Error('nobody is here')
  hearer.take()
  room.receive(speaker, new Writer(1).frame('x'))
  room.turn()
  expect(hearer.take()).toHaveLength(1)
  room.advance(MINUTE_MS)
  // the keepalive is not the room's business here
  expect(hearer.take()).toEqual([])
  expect(room.clock.nextIn).toBeUndefined()
})

test('[W25] it wakes for one that takes nothing, and closes it', async () => {
  const room = await RoomHarness.open({ limits: { sendStallMs: 30_000 } })
  const [speaker, slow] = [room.join({ keepsItselfAlive: true }), room.join({ keepsItselfAlive: true })]
  room.advance(5_000)
  expect(room.clock.nextIn).toBeUndefined()
  slow.isStuck = true
  room.receive(speaker, new Writer(1).frame('x'))
  room.turn()
  room.advance(MINUTE_MS)
  expect(slow.closed?.code).toBe(1013)
  room.advance(5_000)
  expect(room.clock.nextIn).toBeUndefined()
})
