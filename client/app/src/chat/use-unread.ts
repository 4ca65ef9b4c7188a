import { useChat, useRoom, useSelf } from '@roomful/react'
import { useEffect, useRef, useState } from 'react'
import { useSynced } from '../shell/use-synced.ts'

/**
 * How many of others' messages came since the chat was last in sight. What the room held when one came in is not news.
 */
export function useUnread(inSight: boolean): number {
  const { messages } = useChat()
  const self = useSelf()
  const synced = useSynced()
  const room = useRoom()
  const seen = useRef<{ readonly room: unknown; readonly ids: ReadonlySet<string> }>(undefined)
  const [unread, setUnread] = useState(0)
  const selfId = self?.id

  useEffect(() => {
    const before = seen.current
    if (!synced) return
    seen.current = { room, ids: new Set(messages.map((message) => message.id)) }
    if (before === undefined || before.room !== room || inSight) {
      setUnread(0)
      return
    }
    const fresh = messages.filter((message) => !before.ids.has(message.id) && message.userId !== selfId)
    if (fresh.length > 0) setUnread((count) => count + fresh.length)
  }, [messages, inSight, synced, room, selfId])

  return unread
}
