import type { ChatMessage } from '@roomful/shared'
import { memo, type ReactElement } from 'react'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import { useMessageActions } from './message-actions.ts'
import { MessageEditor } from './MessageEditor.tsx'
import { MessageText } from './MessageText.tsx'
import { RowActions } from './RowActions.tsx'
import { safeColor } from './safe-color.ts'
import { formatFull, formatTime } from './time-format.ts'

interface MessageRowProps {
  readonly message: ChatMessage
  /** The first of its author's run carries avatar, name and time. */
  readonly leads: boolean
  readonly own: boolean
  /** Everything from here on came while the chat was out of sight. */
  readonly firstUnread: boolean
  /** The pointer or the focus is on it. */
  readonly active: boolean
  readonly editing: boolean
  /** The one row that Tab reaches; the arrows lead on from it. */
  readonly tabStop: boolean
}

/** One message, with its author where a run of theirs begins. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps): ReactElement {
  const { message, own, firstUnread, active, editing, tabStop } = props
  const leads = props.leads || firstUnread
  const actions = useMessageActions()
  const sent = new Date(message.sentAt)
  return (
    <>
      {firstUnread && (
        <div className="unread-line" role="separator">
          New messages
        </div>
      )}
      <article
        className="message"
        data-message-id={message.id}
        data-leads={leads ? '' : undefined}
        data-own={own ? '' : undefined}
        data-editing={editing ? '' : undefined}
        tabIndex={tabStop ? 0 : -1}
        aria-label={`${message.name}, ${formatTime(message.sentAt)}`}
      >
        {leads ? <Avatar userId={message.userId} color={safeColor(message.color)} /> : <span />}
        <div className="body">
          {leads && (
            <header>
              <b className="truncate">
                <Name name={message.name} />
              </b>
              <time dir="auto" dateTime={sent.toISOString()} title={formatFull(message.sentAt)}>
                {formatTime(message.sentAt)}
              </time>
            </header>
          )}
          {editing ? (
            <MessageEditor
              text={message.text}
              onSave={(text) => actions.endEdit(message, text)}
              onCancel={() => actions.endEdit(message)}
            />
          ) : (
            <p dir="auto">
              <MessageText text={message.text} />
              {message.editedAt !== undefined && (
                <time
                  className="edited"
                  dateTime={new Date(message.editedAt).toISOString()}
                  title={`Edited ${formatFull(message.editedAt)}`}
                >
                  {' '}
                  (edited)
                </time>
              )}
            </p>
          )}
        </div>
        {active && !editing && <RowActions message={message} own={own} />}
      </article>
    </>
  )
})
