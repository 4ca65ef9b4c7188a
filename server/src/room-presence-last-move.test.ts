import { expect, test } from 'vitest'
import { awarenessFrame, takePresence } from '../../tests/support/room-harness/presence-bytes.ts'
import { RoomHarness } from '../../tests/support/room-harness/room-harness.ts'

const PEOPLE = 60
const MOVES_PER_SECOND = 12.5

test('the last move of a busy room is seen, also where timers are early', async () => {
  const room = await RoomHarness.open()
  const after = room.clock.after.bind(room.clock)
  // Node counts whole milliseconds, from a clock that is not Date's
  room.clock.after = (ms, run) => after(Math.max(1, Math.floor(ms - 0.4)), run)
  const members = Array.from({ length: PEOPLE }, (_none, id) => {
    const member = room.join({ keepsItselfAlive: true })
    room.receive(member, awarenessFrame([id, 0, { at: 0 }]))
    return member
  })
  const moves = 1.5 * MOVES_PER_SECOND
  for (let clock = 1; clock <= moves; clock += 1) {
    for (const [id, member] of members.entries()) {
      room.receive(member, awarenessFrame([id, clock, { at: clock }]))
      room.advance(1_000 / MOVES_PER_SECOND / PEOPLE)
    }
  }
  room.advance(100)
  for (const [hearer, member] of members.entries()) {
    const last = new Map(takePresence(member).map(({ clientId, state }) => [clientId, state]))
    expect(last.size).toBe(PEOPLE - 1)
    for (const [id, state] of last)
      expect(state, `${id} as ${hearer} sees them`).toEqual({ at: Math.floor(moves) })
  }
})
