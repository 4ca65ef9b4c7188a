import type { ChatMessage } from '@roomful/shared'
import { memo, type ReactElement, type ReactNode, useLayoutEffect, useRef } from 'react'
import type { ChatLabels } from './chat-labels.ts'
import { personStyle } from './person-style.ts'
import { useChat } from './use-chat.ts'
import { useSelf } from './use-people.ts'

/** This close to the end counts as reading the end, CSS pixels. */
const END_PX = 24

/** What draws one message. */
export type DrawMessage = (message: ChatMessage, isOwn: boolean) => ReactNode

interface ChatMessagesProps {
  readonly max: number
  readonly labels: ChatLabels
  readonly draw: DrawMessage
  readonly messageClassName: string | undefined
}

/**
 * The newest messages, in a log that stays at its end for who reads there, and where it is for who does not. An own
 * message leads to the end.
 *
 * @example <ChatMessages max={200} labels={ENGLISH} draw={(message) => message.text} messageClassName={undefined} />
 */
export function ChatMessages({ max, labels, draw, messageClassName }: ChatMessagesProps): ReactElement {
  const { messages } = useChat()
  const selfId = useSelf()?.id
  const log = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const last = messages.at(-1)

  useLayoutEffect(() => {
    const element = log.current
    if (element !== null && (isAtEnd.current || last?.userId === selfId))
      element.scrollTop = element.scrollHeight
  }, [last, selfId])

  return (
    <div
      ref={log}
      role="log"
      aria-label={labels.messages}
      // the keyboard has to be able to scroll it
      tabIndex={0}
      data-messages=""
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - clientHeight - scrollTop <= END_PX
      }}
    >
      {last === undefined ? (
        <p data-empty="">{labels.empty}</p>
      ) : (
        <ol>
          {messages.slice(-max).map((message) => (
            <Row
              key={message.id}
              message={message}
              isOwn={message.userId === selfId}
              draw={draw}
              className={messageClassName}
            />
          ))}
        </ol>
      )}
    </div>
  )
}

interface RowProps {
  readonly message: ChatMessage
  readonly isOwn: boolean
  readonly draw: DrawMessage
  readonly className: string | undefined
}

const Row = memo(function Row({ message, isOwn, draw, className }: RowProps): ReactElement {
  return (
    <li
      className={className}
      data-message-id={message.id}
      data-user-id={message.userId}
      data-own={isOwn ? '' : undefined}
      data-edited={message.editedAt === undefined ? undefined : ''}
      style={personStyle(message.color)}
    >
      {draw(message, isOwn)}
    </li>
  )
})
