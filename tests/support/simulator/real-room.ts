import { DEFAULT_LIMITS } from '@roomful/shared'
import { ProcessBounds } from '../../../server/src/process-bounds.ts'
import { SILENT_EVENTS, type RoomEvents } from '../../../server/src/room-events.ts'
import { Room, type RoomOptions } from '../../../server/src/room.ts'
import { SIM_ROOM, type OpenRoom, type RoomEnvironment, type RoomUnderTest } from './instance.ts'

/** `server/src/room.ts`, or a mutant of it. */
export type RoomModule = Pick<typeof Room, 'open'>

/** The room of `server/src/room.ts`; whatever it reports that honest clients and sound storage cannot cause is a finding. */
export function openRealRoom(environment: RoomEnvironment): Promise<RoomUnderTest> {
  return open(Room, environment, {})
}

/** The same room made of other source. */
export function openRoomOf(rooms: RoomModule): OpenRoom {
  return (environment) => open(rooms, environment, {})
}

/** The same room where most updates are large ones: read elsewhere and admitted in many turns, others in between. */
export function openSlicingRoom(environment: RoomEnvironment): Promise<RoomUnderTest> {
  return open(Room, environment, {
    largeUpdateBytes: 24,
    sliceBudget: { sections: 1, structs: 2, ranges: 1 },
  })
}

async function open(
  rooms: RoomModule,
  environment: RoomEnvironment,
  slicing: Pick<RoomOptions, 'largeUpdateBytes' | 'sliceBudget'>,
): Promise<RoomUnderTest> {
  const { backend, clock, compactor, instanceId, onViolation } = environment
  const events: RoomEvents = {
    ...SILENT_EVENTS,
    refused: (reason) => onViolation(`an honest update was refused: ${reason}`),
    malformed: () => onViolation('an honest frame was called malformed'),
    appendFailed: (error) => onViolation(`an append failed: ${String(error)}`),
    quarantined: (what, error) => onViolation(`${what} quarantined: ${describe(error)}`),
    stolen: () => onViolation('an honest client was told that its clock was stolen'),
    failed: (error) => onViolation(`the room failed: ${describe(error)}`),
  }
  const room = await rooms.open({
    name: SIM_ROOM,
    backend,
    clock,
    compactor,
    limits: DEFAULT_LIMITS,
    bounds: new ProcessBounds(DEFAULT_LIMITS),
    instanceId,
    events,
    ...slicing,
  })
  return {
    join: (member) => room.join(member),
    receive: (member, frame) => room.receive(member, frame),
    leave: (member) => room.leave(member),
    close: () => room.close(),
    compact: () => void room.compact(),
    claims: () => ({ stateVector: room.encodeStateVector(), document: room.encodeDocument() }),
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
