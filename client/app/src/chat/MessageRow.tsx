import type { ReactElement } from 'react'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import type { ChatRow } from './message-rows.ts'
import { MessageText } from './MessageText.tsx'
import { formatDay, formatFull, formatTime } from './time-format.ts'

interface MessageRowProps {
  readonly row: ChatRow
  /** Today, by the server's clock. */
  readonly now: number
}

/** One row of the chat: a day, or a message with its author where a run of theirs begins. */
export function MessageRow({ row, now }: MessageRowProps): ReactElement {
  if (row.kind === 'day') return <div className="day">{formatDay(row.at, now)}</div>
  const { message, leads } = row
  const sent = new Date(message.sentAt)
  return (
    <article
      className="message"
      data-message-id={message.id}
      data-leads={leads ? '' : undefined}
      aria-label={`${message.name}, ${formatTime(message.sentAt)}`}
    >
      {leads ? <Avatar userId={message.userId} color={safeColor(message.color)} /> : <span />}
      <div>
        {leads && (
          <header>
            <b className="truncate">
              <Name name={message.name} />
            </b>
            <time dateTime={sent.toISOString()} title={formatFull(message.sentAt)}>
              {formatTime(message.sentAt)}
            </time>
          </header>
        )}
        <p dir="auto" title={formatFull(message.sentAt)}>
          <MessageText text={message.text} />
        </p>
      </div>
    </article>
  )
}

/** A foreign client may have written anything as a colour. */
function safeColor(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? color : '#6d6c66'
}
