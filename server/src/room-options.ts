import type { Limits, RoomName } from '@roomful/shared'
import type { Clock } from './clock.ts'
import type { LogBackend } from './log/room-log.ts'
import type { ProcessBounds } from './process-bounds.ts'
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
  /** What the rooms of one process hold together. */
  readonly bounds: ProcessBounds
  /** Called each time the last member has left. */
  readonly onEmpty?: (() => void) | undefined
}
