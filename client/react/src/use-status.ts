import type { ConnectionDetail } from '@roomful/provider'
import type { SyncStatus } from './link.ts'
import { useAnyRoom } from './room-context.ts'
import { shallowEqual } from './shallow-equal.ts'
import { useSelected } from './use-selected.ts'

/**
 * The connection: `connecting`, `connected`, `reconnecting` or `closed` as `state`, with retry time, round trip, what
 * "saved" means here, and the reason when closed.
 *
 * @example const { state } = useStatus()
 */
export function useStatus(): ConnectionDetail {
  const { link } = useAnyRoom()
  return useSelected(link, () => link.detail, shallowEqual)
}

/**
 * What is not yet durable on the server, and whether this device keeps a copy.
 *
 * @example const { pending } = useSyncStatus()
 */
export function useSyncStatus(): SyncStatus {
  const { link } = useAnyRoom()
  return useSelected(link, () => link.sync, shallowEqual)
}
