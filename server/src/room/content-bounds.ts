import type { RoomParts } from './admission.ts'
import type { ClientRecord } from './client-table.ts'
import type { FreshDeletes } from './fresh-deletes.ts'
import type { UpdateLayout } from './update-layout.ts'

/** How many of each a document may hold: what its readers pay for, whatever it weighs in bytes. */
export interface ContentBounds {
  readonly clients: number
  readonly structs: number
  readonly deleteRanges: number
}

/** Which bound an update would have broken. */
export type Excess = keyof ContentBounds

export const UNBOUNDED: ContentBounds = {
  clients: Infinity,
  structs: Infinity,
  deleteRanges: Infinity,
}

/** Which bound an update breaks by its mere size: nothing of a document within the bounds is so large. */
export function excessOfSize(layout: UpdateLayout, bounds: ContentBounds): Excess | undefined {
  if (layout.sections > bounds.clients) return 'clients'
  if (layout.structs > bounds.structs) return 'structs'
  return layout.ranges > bounds.deleteRanges ? 'deleteRanges' : undefined
}

/** Which of the bounds the room would break with what is new in an update. */
export function excessOf(
  room: RoomParts,
  bounds: ContentBounds,
  layout: UpdateLayout,
  records: readonly ClientRecord[],
  fresh: FreshDeletes,
): Excess | undefined {
  const { clients, deletes, tail } = room
  let newClients = 0
  let newStructs = 0
  for (let section = 0; section < layout.sections; section++) {
    const keep = layout.keep[section] as number
    if (keep === -1) continue
    newStructs += (layout.stop[section] as number) - keep
    if ((records[section] as ClientRecord).clock === 0) newClients++
  }
  if (newClients > 0 && clients.count + newClients > bounds.clients) return 'clients'
  if (newStructs > 0 && room.baseStructs + tail.structs + newStructs > bounds.structs) return 'structs'
  if (fresh.count > 0 && deletes.ranges + fresh.count > bounds.deleteRanges) return 'deleteRanges'
  return undefined
}
