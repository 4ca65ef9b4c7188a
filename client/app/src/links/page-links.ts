import { useRoom } from '@roomful/react'
import { useCallback, useSyncExternalStore } from 'react'
import { type LinkRequest, LinkStore } from './link-store.ts'
import type { LinkTarget } from './link-target.ts'

/** The page's links into the room it shows. */
export const pageLinks: LinkStore = new LinkStore(window)

/**
 * The link to a message, or to a card, that waits to be shown.
 *
 * @example
 * const request = useLinkRequest('card')
 * useEffect(() => { if (request !== undefined) … pageLinks.settle(request) }, [request])
 */
export function useLinkRequest(kind: LinkTarget['kind']): LinkRequest | undefined {
  return useSyncExternalStore(pageLinks.subscribe, () => {
    const { request } = pageLinks
    return request?.target.kind === kind ? request : undefined
  })
}

/** Whether the server has given the whole room: what is not here then is nowhere. */
export function useComplete(): boolean {
  const { provider } = useRoom()
  const subscribe = useCallback(
    (onChange: () => void) => {
      provider.on('sync', onChange)
      return () => provider.off('sync', onChange)
    },
    [provider],
  )
  return useSyncExternalStore(subscribe, () => provider.synced)
}
