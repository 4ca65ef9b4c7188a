import type { ConnectionDetail } from '@roomful/provider'
import { useCallback } from 'react'
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
  const subscribe = useCallback((onChange: () => void) => link.subscribe(onChange), [link])
  const read = useCallback(() => link.detail, [link])
  return useSelected(subscribe, read)
}

/**
 * What is not yet durable on the server, and whether this device keeps a copy.
 *
 * @example const { pending } = useSyncStatus()
 */
export function useSyncStatus(): SyncStatus {
  const { link } = useAnyRoom()
  const subscribe = useCallback((onChange: () => void) => link.subscribe(onChange), [link])
  const read = useCallback(() => link.sync, [link])
  return useSelected<SyncStatus>(subscribe, read, shallowEqual)
}
