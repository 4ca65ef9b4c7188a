import type { Limits, RoomName } from '@roomful/shared'
import type { Clock } from './clock.ts'
import type { LogBackend } from './log/room-log.ts'
import type { ProcessBounds } from './process-bounds.ts'
import type { Compactor } from './room-compactor.ts'
import type { RoomEvents } from './room-events.ts'
import type { SliceBudget } from './room/large-admission.ts'
import type { SliceQueue } from './slice-queue.ts'
import type { UpdateReader } from './update-reader.ts'

/** What a room needs; nothing else reaches it. */
export interface RoomOptions {
  readonly name: RoomName
  readonly backend: LogBackend
  readonly clock: Clock
  readonly compactor: Compactor
  readonly limits: Limits
  readonly instanceId: string
  /** Who appends: of this start of this process alone, whatever it is called. Default: `instanceId`. */
  readonly writerId?: string | undefined
  readonly events: RoomEvents
  /** What the rooms of one process hold together. */
  readonly bounds: ProcessBounds
  /** Reads large updates; default: this thread does, in slices. */
  readonly reader?: UpdateReader | undefined
  /** Shared by the rooms of a process: one slice of long work in a turn. Default: the room's own. */
  readonly slices?: SliceQueue | undefined
  /** An update above is a large one. Tests put it low. */
  readonly largeUpdateBytes?: number | undefined
  readonly sliceBudget?: SliceBudget | undefined
  /** Called each time the last member has left. */
  readonly onEmpty?: (() => void) | undefined
}
