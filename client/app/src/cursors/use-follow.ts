import { useRoom } from '@roomful/react'
import { useSyncExternalStore } from 'react'
import { followOf, type FollowStore } from './follow-store.ts'

/** Whom this person follows, and how to begin and end it. */
export function useFollow(): { readonly follow: FollowStore; readonly followed: string | undefined } {
  const { presence } = useRoom()
  const follow = followOf(presence)
  const followed = useSyncExternalStore(follow.subscribe, () => follow.followed)
  return { follow, followed }
}
