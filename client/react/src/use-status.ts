import type { ConnectionDetail, LocalCopyState, Pending } from '@roomful/provider'
import { useCallback } from 'react'
import { useRoom } from './RoomProvider.tsx'
import { shallowEqual, useSelected } from './use-selected.ts'

/**
 * The connection: `connecting`, `connected`, `reconnecting` or `closed` as `state`, with retry time, round trip, what
 * "saved" means here, and the reason when closed.
 *
 * @example const { state } = useStatus()
 */
export function useStatus(): ConnectionDetail {
  const { provider } = useRoom()
  const subscribe = useCallback((onChange: () => void) => provider.subscribe(onChange), [provider])
  const read = useCallback(() => provider.connectionDetail, [provider])
  return useSelected(subscribe, read)
}

/** How far this tab's changes have come. */
export interface SyncStatus {
  /** Local updates the server has not acknowledged as durable; `unknown` on foreign servers. */
  readonly pending: Pending
  /** The copy on this device. */
  readonly localCopy: LocalCopyState
}

/**
 * What is not yet durable on the server, and whether this device keeps a copy.
 *
 * @example const { pending } = useSyncStatus()
 */
export function useSyncStatus(): SyncStatus {
  const { provider } = useRoom()
  const subscribe = useCallback((onChange: () => void) => provider.subscribe(onChange), [provider])
  const read = useCallback(() => ({ pending: provider.pending, localCopy: provider.localCopy }), [provider])
  return useSelected<SyncStatus>(subscribe, read, shallowEqual)
}
