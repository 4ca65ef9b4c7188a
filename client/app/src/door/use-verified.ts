import { useRoom } from '@roomful/react'
import type { VerifiedIdentity } from '@roomful/shared'
import { useCallback, useSyncExternalStore } from 'react'

/** Who the server takes this tab for; `undefined` where everybody is who they say. */
export function useVerified(): VerifiedIdentity | undefined {
  const { presence } = useRoom()
  const subscribe = useCallback((onChange: () => void) => presence.subscribe(onChange), [presence])
  return useSyncExternalStore(subscribe, () => presence.verified)
}
