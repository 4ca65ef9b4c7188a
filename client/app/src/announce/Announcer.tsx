import { useActivity, useRoom } from '@roomful/react'
import { type ReactElement, useEffect, useRef, useSyncExternalStore } from 'react'
import { useNotKept } from '../shell/use-not-kept.ts'
import { useStatusView } from '../shell/use-status-view.ts'
import { announce, announced, announcements } from './announce.ts'
import { connectionLine, connectionNews } from './connection-line.ts'

/**
 * The page's one polite region: people coming and going, the connection, and what else is announced. New messages are the
 * chat's own `role="log"`; cursors are not spoken of.
 */
export function Announcer(): ReactElement {
  const text = useSyncExternalStore(announced.subscribe, announced.read)
  const { activity } = useRoom()
  const entries = useActivity()
  const news = connectionNews(useStatusView().shape)
  const heard = useRef<ReadonlySet<string>>(undefined)
  const last = useRef(news)
  useNotKept()

  useEffect(() => () => announcements.clear(), [])

  useEffect(() => {
    // what happened before this part of the page was there is no news
    const before = heard.current ?? new Set(activity.entries.map((entry) => entry.id))
    heard.current = new Set(entries.map((entry) => entry.id))
    for (const entry of entries) if (!before.has(entry.id)) announcements.presence(entry)
  }, [entries, activity])

  useEffect(() => {
    if (news === last.current) return
    announce(connectionLine(news, last.current), 'connection')
    last.current = news
  }, [news])

  return (
    <div className="sr-only" role="status" data-announcements>
      {/* an empty text would be put in anew at each drawing, which is a change of what is read out */}
      {text === '' ? undefined : text}
    </div>
  )
}
