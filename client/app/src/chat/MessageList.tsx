import type { ChatMessage } from '@roomful/shared'
import { type ReactElement, useCallback, useMemo, useRef } from 'react'
import { VList } from 'virtua'
import { ActivityRow } from './ActivityRow.tsx'
import { Arrivals } from './arrivals.ts'
import { type ChatRow, newMessages } from './chat-rows.ts'
import { MessageRow } from './MessageRow.tsx'
import { formatDay } from './time-format.ts'
import { useListScroll } from './use-list-scroll.ts'
import { useMessageLink } from './use-message-link.ts'
import { useRowFocus } from './use-row-focus.ts'

interface MessageListProps {
  readonly messages: readonly ChatMessage[]
  readonly rows: readonly ChatRow[]
  readonly selfId: string | undefined
  /** Today, by the server's clock. */
  readonly now: number
  /** The message under edit. */
  readonly editing: string | undefined
  /** The first message that came while the chat was out of sight. */
  readonly firstUnread: string | undefined
}

/** The conversation. Only the rows in sight are in the page. */
export function MessageList(props: MessageListProps): ReactElement {
  const { messages, rows, selfId, now, editing, firstUnread } = props
  const wrap = useRef<HTMLDivElement>(null)
  const arrivals = useRef<Arrivals>(undefined)
  const hasOwn = useCallback((): boolean => {
    const fresh = arrivals.current?.next(messages) ?? []
    arrivals.current ??= new Arrivals(messages)
    return fresh.some((message) => message.userId === selfId)
  }, [messages, selfId])
  const { list, left, onScroll, onResize, toEnd, toRow } = useListScroll(rows, hasOwn)
  const missed = useMemo(
    () => (left === undefined ? 0 : newMessages(left, rows, selfId)),
    [left, rows, selfId],
  )
  const { tabStop, mounted, isActive, show, events } = useRowFocus(wrap, rows, editing, toRow)
  useMessageLink(rows, show)

  const draw = useCallback(
    (row: ChatRow): ReactElement => {
      switch (row.kind) {
        case 'day':
          return (
            <div key={row.key} className="day">
              {formatDay(row.at, now)}
            </div>
          )
        case 'activity':
          return <ActivityRow key={row.key} entry={row.entry} />
        case 'message':
          return (
            <MessageRow
              key={row.key}
              message={row.message}
              leads={row.leads}
              own={row.message.userId === selfId}
              firstUnread={row.key === firstUnread}
              active={isActive(row.key)}
              editing={row.key === editing}
              tabStop={row.key === tabStop}
            />
          )
      }
    },
    [now, selfId, firstUnread, isActive, editing, tabStop],
  )
  const keepMounted = useMemo(() => [...mounted].sort((a, b) => a - b), [mounted])

  return (
    <div ref={wrap} className="log-wrap" {...events}>
      <VList
        ref={list}
        className="log"
        role="log"
        // scrolling puts rows in too: what comes new is said by <NewMessages>
        aria-live="off"
        aria-label="Messages"
        data={rows}
        keepMounted={keepMounted}
        onScroll={onScroll}
        onResize={onResize}
      >
        {draw}
      </VList>
      {missed > 0 && (
        <button type="button" className="new-pill" onClick={toEnd}>
          {missed === 1 ? '1 new message' : `${missed} new messages`}
        </button>
      )}
    </div>
  )
}
