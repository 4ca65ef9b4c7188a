import type { Limits, RoomName } from '@roomful/shared'
import type { Clock } from './clock.ts'
import type { LogBackend } from './log/room-log.ts'
import type { Member } from './member.ts'
import type { Compactor } from './room-compactor.ts'
import type { RoomEvents } from './room-events.ts'

/** What a room needs; nothing else reaches it. */
export interface RoomOptions {
  readonly name: RoomName
  readonly backend: LogBackend
  readonly clock: Clock
  readonly compactor: Compactor
  readonly limits: Limits
  readonly instanceId: string
  readonly events: RoomEvents
  /** Called each time the last member has left. */
  readonly onEmpty?: ((room: Room) => void) | undefined
}

/** One room on one instance (signatures; the body follows in the next commits). */
export declare class Room {
  private constructor()
  /** Opens the log, replays it, then is live. Rejects when storage cannot be read: nobody is answered before. */
  static open(options: RoomOptions): Promise<Room>
  readonly name: RoomName
  /** +1 at each deletion of the room. */
  readonly generation: number
  readonly memberCount: number
  /** Different persons present: states with one `user.id` count once. */
  readonly people: number
  /** Sends hello to extended members, then our SyncStep1; presence follows. */
  join(member: Member): void
  /** One WebSocket binary frame. Never throws; the bytes are the room's from now on. */
  receive(member: Member, frame: Uint8Array): void
  /** The connection is gone. Idempotent. */
  leave(member: Member): void
  /** Encoded state vector of everything admitted. */
  encodeStateVector(): Uint8Array
  /** Everything admitted as one Yjs update: for export, REST and tests. */
  encodeDocument(): Uint8Array
  /** Resolves when nothing admitted so far is waiting for storage. */
  settled(): Promise<void>
  /** Settles appends and leaves the log. Members are not closed. Idempotent. */
  close(): Promise<void>
}
