import type { Chat } from '@roomful/provider'
import type { ChatMessage } from '@roomful/shared'
import { useAnyRoom } from './room-context.ts'
import { useSelected } from './use-selected.ts'

/** The messages, oldest first, and how to write. */
export interface ChatView {
  readonly messages: readonly ChatMessage[]
  readonly chat: Pick<Chat, 'send' | 'edit' | 'remove' | 'restore'>
}

/**
 * The room's chat. `messages` is the same array until something changed; what you send is in it at once.
 *
 * @example
 * const { messages, chat } = useChat()
 * chat.send('hello')
 */
export function useChat(): ChatView {
  const { chat } = useAnyRoom()
  return { messages: useSelected(chat, () => chat.messages), chat }
}
