import { type Room, useRoom } from '@roomful/react'
import { useEffect, useSyncExternalStore } from 'react'
import { useSynced } from '../shell/use-synced.ts'
import { type Unread, UnreadStore } from './unread-store.ts'

/** One a room, whoever asks first; it ends with the room's chat. */
const stores = new WeakMap<Room, UnreadStore>()

function useStore(): UnreadStore {
  const room = useRoom()
  let store = stores.get(room)
  if (store === undefined) {
    store = new UnreadStore(room.chat, () => room.presence.self?.user)
    stores.set(room, store)
  }
  return store
}

/** What of others came since the chat was last in sight. */
export function useUnread(): Unread {
  const store = useStore()
  return useSyncExternalStore(store.subscribe, () => store.state)
}

/** Tells what {@link useUnread} counts from: whether the chat is in sight. */
export function useChatInSight(inSight: boolean): void {
  const store = useStore()
  const synced = useSynced()
  useEffect(() => store.setInSight(inSight), [store, inSight])
  useEffect(() => {
    if (synced) store.begin()
  }, [store, synced])
}
