import type { ChatMessage } from '@roomful/shared'
import { type ReactElement, type ReactNode, useMemo } from 'react'
import { ChatComposer } from './ChatComposer.tsx'
import { type ChatLabels, ENGLISH } from './chat-labels.ts'
import { ChatMessages, type DrawMessage } from './ChatMessages.tsx'
import { useTyping } from './use-typing.ts'

/** How {@link Chat} looks; everything is optional. */
export interface ChatProps {
  /** So many messages are in the page, the newest. Default 200. */
  readonly max?: number
  /** What a message looks like. Must be the same function at each render. Default: name, time and text. */
  readonly children?: DrawMessage
  /** Words to use instead of the English ones. Must be the same object at each render. */
  readonly labels?: Partial<ChatLabels>
  readonly className?: string
  readonly messageClassName?: string
}

/**
 * The room's chat, headless: a log, who is typing, and a field where Enter sends, Shift+Enter breaks the line and an
 * input method's Enter does neither. Parts carry `data-messages`, `data-typing`, `data-composer`; a message
 * `data-message-id`, `data-user-id`, `data-own`, `data-edited`, and `--person` as its author's colour.
 *
 * @example <Chat className="chat" />
 * @example <Chat labels={{ send: 'Senden' }}>{(message) => <Markdown text={message.text} />}</Chat>
 */
export function Chat({ max = 200, children, labels, className, messageClassName }: ChatProps): ReactElement {
  const words = useMemo(() => ({ ...ENGLISH, ...labels }), [labels])
  const draw = useMemo(() => children ?? plainMessage(words), [children, words])
  const [typing] = useTyping()
  return (
    <section className={className} data-roomful="chat">
      <ChatMessages max={max} labels={words} draw={draw} messageClassName={messageClassName} />
      <p aria-live="polite" data-typing={typing.length}>
        {typing.length > 0 && words.typing(typing.map((user) => user.name))}
      </p>
      <ChatComposer labels={words} />
    </section>
  )
}

const plainMessage =
  (words: ChatLabels) =>
  ({ name, sentAt, text }: ChatMessage): ReactNode => (
    <>
      {/* a name in another direction must not turn what follows around */}
      <bdi data-name="">{name}</bdi>{' '}
      <time dateTime={new Date(sentAt).toISOString()} title={new Date(sentAt).toLocaleString()}>
        {words.time(sentAt)}
      </time>
      <p dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </p>
    </>
  )
