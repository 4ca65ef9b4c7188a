import type { ClientTable } from './client-table.ts'
import { FreshDeletes } from './fresh-deletes.ts'
import { Malformed } from './malformed.ts'
import { UpdateLayout } from './update-layout.ts'
import { UpdateScan } from './update-scan.ts'

// Synchronous, as admission is: one scratch serves all rooms of the process.
const layout = new UpdateLayout()
const scan = new UpdateScan(layout)
const fresh = new FreshDeletes()

/**
 * Whether an update holds nothing that S and D lack: what somebody who may only read sends when they have written nothing,
 * for the delete set of a client's SyncStep2 is always its whole one. `false` for bytes that are no update.
 */
export function isKnownUpdate(clients: ClientTable, update: Uint8Array): boolean {
  try {
    scan.begin(update, clients)
    scan.step(Infinity)
    for (let section = 0; section < layout.sections; section++) {
      const client = layout.client[section] as number
      if ((layout.endClock[section] as number) > clients.clock(client)) return false
    }
    const missing = fresh.collect(layout, clients, undefined)
    return missing === undefined && fresh.count === 0
  } catch (error) {
    if (error instanceof Malformed) return false
    throw error
  } finally {
    layout.release()
    fresh.release()
  }
}
