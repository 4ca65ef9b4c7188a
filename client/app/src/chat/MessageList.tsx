import type { ChatMessage } from '@roomful/shared'
import { type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { messageRows } from './message-rows.ts'
import { MessageRow } from './MessageRow.tsx'

/** Nearer to the end than this counts as being there. */
const BOTTOM_PX = 48

interface MessageListProps {
  readonly messages: readonly ChatMessage[]
  readonly selfId: string | undefined
  readonly now: number
}

/**
 * The messages. Who is at the end stays at the end; who reads further up is not moved, but told how many came. One's own
 * message always brings one to the end.
 */
export function MessageList({ messages, selfId, now }: MessageListProps): ReactElement {
  const list = useRef<VListHandle>(null)
  const atBottom = useRef(true)
  const known = useRef<ReadonlySet<string>>(new Set(messages.map((message) => message.id)))
  const [missed, setMissed] = useState(0)
  const rows = useMemo(() => messageRows(messages), [messages])

  const toBottom = (): void => {
    atBottom.current = true
    setMissed(0)
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
  }

  useLayoutEffect(() => {
    const fresh = messages.filter((message) => !known.current.has(message.id))
    known.current = new Set(messages.map((message) => message.id))
    if (atBottom.current || fresh.some((message) => message.userId === selfId)) {
      atBottom.current = true
      setMissed(0)
      list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
    } else if (fresh.length > 0) setMissed((count) => count + fresh.length)
  }, [messages, rows.length, selfId])

  // the list, or the window around it, gets another height: the end stays the end
  const wrap = useRef<HTMLDivElement>(null)
  const count = rows.length
  useEffect(() => {
    const node = wrap.current
    if (node === null) return
    const observer = new ResizeObserver(() => {
      if (atBottom.current) list.current?.scrollToIndex(count - 1, { align: 'end' })
    })
    observer.observe(node)
    return () => observer.disconnect()
  }, [count])

  return (
    <div ref={wrap} className="log-wrap">
      <VList
        ref={list}
        className="log"
        role="log"
        aria-label="Messages"
        tabIndex={0}
        onScroll={(offset) => {
          const handle = list.current
          if (handle === null) return
          atBottom.current = offset + handle.viewportSize >= handle.scrollSize - BOTTOM_PX
          if (atBottom.current) setMissed(0)
        }}
      >
        {rows.map((row) => (
          <MessageRow key={row.key} row={row} now={now} />
        ))}
      </VList>
      {missed > 0 && (
        <button type="button" className="new-pill" onClick={toBottom}>
          {missed === 1 ? '1 new message' : `${missed} new messages`}
        </button>
      )}
    </div>
  )
}
