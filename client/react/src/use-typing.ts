import type { Person } from '@roomful/provider'
import type { PresenceUser } from '@roomful/shared'
import { useCallback } from 'react'
import { useOthers } from './use-people.ts'
import { useAnyRoom } from './room-context.ts'

/**
 * Who else is typing, and how to say that you are: call with `true` at each key. Cleared after 3 s, or by sending.
 *
 * @example
 * const [typing, setTyping] = useTyping()
 * <input onInput={() => setTyping(true)} />
 */
export function useTyping(): readonly [
  typing: readonly PresenceUser[],
  setTyping: (typing: boolean) => void,
] {
  const { presence } = useAnyRoom()
  const typing = useOthers(typingUsers)
  const setTyping = useCallback((value: boolean) => presence.setTyping(value), [presence])
  return [typing, setTyping]
}

const typingUsers = (others: readonly Person[]): readonly PresenceUser[] =>
  others.filter((person) => person.typing).map((person) => person.user)
