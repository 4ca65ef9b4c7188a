import type { CloseCode, Limits, RoomName } from '@roomful/shared'
import type { Clock } from './clock.ts'
import type { LogBackend } from './log/room-log.ts'
import type { Compactor } from './room-compactor.ts'
import type { RoomEvents } from './room-events.ts'
import type { Room } from './room.ts'

/** What the rooms of one process share. */
export interface RoomRegistryOptions {
  readonly backend: LogBackend
  readonly clock: Clock
  readonly compactor: Compactor
  readonly limits: Limits
  readonly instanceId: string
  /** Asked once per opened room. */
  readonly events: (room: RoomName) => RoomEvents
}

/** Why a room cannot be had; `code` says how to refuse the connection. */
export declare class RoomUnavailable extends Error {
  readonly code: 'rooms-full' | 'draining'
  readonly close: CloseCode
}

/** The open rooms of one process (signatures; the body follows in the next commits). */
export declare class RoomRegistry {
  constructor(options: RoomRegistryOptions)
  /**
   * The open room of this name, opening it once however many ask. Join in the same turn the promise resolves: an empty
   * room is unloaded `limits.unloadMs` after the last acquire or leave. Rejects with RoomUnavailable or the log's error.
   */
  acquire(name: RoomName): Promise<Room>
  /** Open rooms. */
  rooms(): Iterable<Room>
  /** Closes the members with 4404 `generation=<new generation>`, deletes the stored room, keeps a tombstone. */
  delete(name: RoomName): Promise<void>
  /** No more rooms; members get a `draining` notice, their acks (5 s at most), then 1012. */
  drain(retryAfterMs: () => number): Promise<void>
  /** Settles and leaves every room. Idempotent. */
  close(): Promise<void>
}
