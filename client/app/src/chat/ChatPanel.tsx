import { useActivity, useChat, useOthers, useRoom, useSelf } from '@roomful/react'
import type { ChatMessage } from '@roomful/shared'
import { Link2, MessageCircle } from 'lucide-react'
import { type ReactElement, useMemo, useRef, useState } from 'react'
import { ReadOnlyLine } from '../door/ReadOnlyLine.tsx'
import { useCanWrite } from '../door/use-can-write.ts'
import { copyMessageLink } from '../links/copy-target-link.ts'
import { copyRoomLink } from '../shell/copy-link.ts'
import { useSynced } from '../shell/use-synced.ts'
import { toast } from '../ui/toast.ts'
import { ChatRows } from './chat-rows.ts'
import { Composer } from './Composer.tsx'
import { KnownNamesContext, useGatheredNames } from './known-names.ts'
import { type MessageActions, MessageActionsContext } from './message-actions.ts'
import { MessageList } from './MessageList.tsx'
import { NewMessages } from './NewMessages.tsx'
import { Typing } from './Typing.tsx'
import { useUnread } from './use-unread.ts'
import '../styles/chat.css'

/** The room's conversation. */
export function ChatPanel(): ReactElement {
  const { provider } = useRoom()
  const { messages, chat } = useChat()
  const canWrite = useCanWrite()
  const selfId = useSelf()?.id
  const synced = useSynced()
  const activity = useActivity()
  const { first } = useUnread()
  const [layout] = useState(() => new ChatRows())
  const rows = layout.lay(messages, activity)
  const names = useGatheredNames(messages)
  const [editing, setEditing] = useState<string>()
  const panel = useRef<HTMLDivElement>(null)
  /** Where the keyboard was when the edit began, and goes back to. */
  const editedFrom = useRef<'row' | 'composer'>('row')

  const actions = useMemo<MessageActions>(() => {
    const focusComposer = (): void => panel.current?.querySelector<HTMLElement>('.compose textarea')?.focus()
    const focusRow = (id: string): void =>
      panel.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(id)}"]`)?.focus()
    const remove = (message: ChatMessage): void => {
      if (!canWrite || !chat.remove(message.id)) return
      toast('Message deleted', 'plain', { label: 'Undo', run: () => void chat.restore(message) })
      // on a phone the focus would bring up the keyboard
      if (!matchMedia('(pointer: coarse)').matches) focusComposer()
    }
    return {
      canChange: canWrite,
      edit(message) {
        if (!canWrite) return
        editedFrom.current = 'row'
        setEditing(message.id)
      },
      endEdit(message, text) {
        setEditing(undefined)
        if (text === '') remove(message)
        else if (text !== undefined) chat.edit(message.id, text)
        if (editedFrom.current === 'composer') focusComposer()
        else focusRow(message.id)
      },
      remove,
      copyLink: (message) => void copyMessageLink(message.id),
    }
  }, [chat, canWrite])

  const editLast = (): void => {
    const last = messages.findLast((message) => message.userId === selfId)
    if (last === undefined) return
    editedFrom.current = 'composer'
    setEditing(last.id)
  }

  return (
    <MessageActionsContext value={actions}>
      <KnownNamesContext value={names}>
        <div className="chat" ref={panel}>
          <MessageList
            messages={messages}
            rows={rows}
            selfId={selfId}
            now={provider.serverNow()}
            editing={canWrite ? editing : undefined}
            firstUnread={first}
          />
          {messages.length === 0 && synced && <ChatEmpty canWrite={canWrite} isBelowRows={rows.length > 0} />}
          <Typing />
          {canWrite ? <Composer onEditLast={editLast} /> : <ReadOnlyLine />}
          <NewMessages messages={messages} selfId={selfId} />
        </div>
      </KnownNamesContext>
    </MessageActionsContext>
  )
}

interface ChatEmptyProps {
  readonly canWrite: boolean
  /** Who came and went stands above it. */
  readonly isBelowRows: boolean
}

function ChatEmpty({ canWrite, isBelowRows }: ChatEmptyProps): ReactElement {
  const alone = useOthers((others) => others.length === 0)
  return (
    <div className="chat-empty" data-below-rows={isBelowRows || undefined}>
      <MessageCircle size={24} strokeWidth={1.6} aria-hidden />
      <b>No messages yet</b>
      {alone ? (
        <>
          <p>
            Nobody else is here.{' '}
            {canWrite ? 'Invite somebody, or leave a note for whoever comes next.' : 'Invite somebody.'}
          </p>
          <button type="button" className="button quiet" onClick={() => void copyRoomLink()}>
            <Link2 size={16} aria-hidden /> Copy link
          </button>
        </>
      ) : (
        <p>{canWrite ? 'Say hello to everybody in the room.' : 'What others say shows here.'}</p>
      )}
    </div>
  )
}
