import { useRoom } from '@roomful/react'
import { useCallback, useState, useSyncExternalStore } from 'react'

/**
 * Whether this tab has ever had the room's whole content, from the server or, with nothing to hope for there, from this
 * device. Stays true through drops.
 */
export function useSynced(): boolean {
  const { provider } = useRoom()
  const [seen, setSeen] = useState(false)
  const subscribe = useCallback(
    (onChange: () => void) => {
      provider.on('sync', onChange)
      provider.on('local-copy', onChange)
      provider.on('connection', onChange)
      return () => {
        provider.off('sync', onChange)
        provider.off('local-copy', onChange)
        provider.off('connection', onChange)
      }
    },
    [provider],
  )
  const synced = useSyncExternalStore(
    subscribe,
    () => provider.synced || (provider.localCopy === 'kept' && provider.connection === 'reconnecting'),
  )
  if (synced && !seen) setSeen(true)
  return seen || synced
}

/** Whether the server has ever told this tab what the room holds. Stays true through drops. */
export function useServerSynced(): boolean {
  const { provider } = useRoom()
  const [seen, setSeen] = useState(false)
  const subscribe = useCallback(
    (onChange: () => void) => {
      provider.on('sync', onChange)
      return () => provider.off('sync', onChange)
    },
    [provider],
  )
  const synced = useSyncExternalStore(subscribe, () => provider.synced)
  if (synced && !seen) setSeen(true)
  return seen || synced
}
