import { useChat, useOthers, useRoom, useSelf } from '@roomful/react'
import { Link2, MessageCircle } from 'lucide-react'
import type { ReactElement } from 'react'
import { copyRoomLink } from '../shell/copy-link.ts'
import { useSynced } from '../shell/use-synced.ts'
import { Composer } from './Composer.tsx'
import { MessageList } from './MessageList.tsx'
import { Typing } from './Typing.tsx'
import '../styles/chat.css'

/** The room's conversation. */
export function ChatPanel(): ReactElement {
  const { provider } = useRoom()
  const { messages } = useChat()
  const self = useSelf()
  const synced = useSynced()
  return (
    <>
      {messages.length > 0 ? (
        <MessageList messages={messages} selfId={self?.id} now={provider.serverNow()} />
      ) : (
        <div className="log-wrap" role="log" aria-label="Messages">
          {synced && <ChatEmpty />}
        </div>
      )}
      <div>
        <Typing />
        <Composer />
      </div>
    </>
  )
}

function ChatEmpty(): ReactElement {
  const alone = useOthers((others) => others.length === 0)
  return (
    <div className="chat-empty">
      <MessageCircle size={24} strokeWidth={1.6} aria-hidden />
      <b>No messages yet</b>
      {alone ? (
        <>
          <p>Nobody else is here. Invite somebody, or leave a note for whoever comes next.</p>
          <button type="button" className="button quiet" onClick={() => void copyRoomLink()}>
            <Link2 size={16} aria-hidden /> Copy link
          </button>
        </>
      ) : (
        <p>Say hello to everybody in the room.</p>
      )}
    </div>
  )
}
