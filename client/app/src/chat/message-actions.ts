import type { ChatMessage } from '@roomful/shared'
import { createContext, useContext } from 'react'

/** What can be done with a message; the same object until it changes whether anything can. */
export interface MessageActions {
  /** This tab may write, and so change what it has written. */
  readonly canChange: boolean
  readonly edit: (message: ChatMessage) => void
  /** Ends an edit: with a text, blank to delete, or without one, which leaves the message as it was. */
  readonly endEdit: (message: ChatMessage, text?: string) => void
  readonly remove: (message: ChatMessage) => void
  readonly copyLink: (message: ChatMessage) => void
}

export const MessageActionsContext = createContext<MessageActions | undefined>(undefined)

/** The actions of the nearest `<MessageActionsContext>`. */
export function useMessageActions(): MessageActions {
  const actions = useContext(MessageActionsContext)
  if (actions === undefined) throw new Error('useMessageActions needs a <MessageActionsContext> around it')
  return actions
}
