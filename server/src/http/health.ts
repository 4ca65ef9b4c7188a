import type { Durability } from '@roomful/shared'
import type { Clock } from '../clock.ts'
import { checkLog } from '../log/check-log.ts'
import type { LogBackend } from '../log/room-log.ts'
import type { RoomRegistry } from '../room-registry.ts'

/** What `/readyz` answers. */
export interface Readiness {
  readonly ready: boolean
  readonly draining: boolean
  readonly storage: {
    readonly kind: string
    /** `failing`: the log could not be read, or something admitted has waited for it too long. */
    readonly state: 'ok' | 'failing'
  }
  /** What an acknowledgement (102) means here. */
  readonly durability: Durability
  /** `on`: other instances may share these rooms. `away`: it cannot be reached now. */
  readonly redis: 'off' | 'on' | 'away'
  readonly auth: string
  readonly instanceId: string
  readonly version: string
}

/** Storage that has not answered in this time is failing. */
const PROBE_MS = 2_000
/** Rooms asked whether an append of theirs is stuck: an append that waits blocks every room's behind it. */
const PROBE_ROOMS = 200

/**
 * Whether the log reads and writes: asks it, and waits until what open rooms have admitted is stored. Writes
 * nothing itself. Never rejects.
 */
export async function probeStorage(
  backend: LogBackend,
  registry: RoomRegistry,
  clock: Clock,
): Promise<boolean> {
  const deadline = new Promise<boolean>((resolve) => {
    clock.after(PROBE_MS, () => resolve(false))
  })
  const answered = Promise.all([checkLog(backend), ...settled(registry)]).then(
    () => true,
    // whatever the log says, it does not serve now
    () => false,
  )
  return Promise.race([answered, deadline])
}

function settled(registry: RoomRegistry): Promise<void>[] {
  const waits: Promise<void>[] = []
  for (const room of registry.rooms()) {
    if (waits.length >= PROBE_ROOMS) break
    waits.push(room.settled())
  }
  return waits
}
