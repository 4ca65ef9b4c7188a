import { encodeHelloFor } from './room-joins.ts'
import type { RoomOptions } from './room-options.ts'
import type { Seat } from './room-seat.ts'

/** Hello (103): first of all to whoever asked for the extensions, and again when what it says of them has changed. */
export function greet(
  seat: Seat,
  { backend, clock, limits, instanceId }: Pick<RoomOptions, 'backend' | 'clock' | 'limits' | 'instanceId'>,
  generation: number,
): void {
  // what it may do is said anew: so is that it may not write
  seat.isToldReadOnly = false
  if (!seat.member.extended) return
  const now = clock.now()
  const facts = { generation, durability: backend.durability, now, limits, instanceId }
  seat.outbox.send(encodeHelloFor(seat.member, facts), now)
}
