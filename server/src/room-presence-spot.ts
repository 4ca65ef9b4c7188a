import type { TileView } from './room-presence-place.ts'
import type { PresenceRecord } from './room-roster.ts'

/** What a thinned room knows of somebody beside their record. */
export interface PresenceSpot {
  readonly record: PresenceRecord
  /** Whose turn it is comes round: neighbouring numbers follow each other. */
  readonly turn: number
  tile: number
  view: TileView
  /** When it was last told of, ms since 1970. */
  changedAt: number
  /** The first issue that not everybody was told of, or one behind it; 0 where there is none. */
  untoldSince: number
}
