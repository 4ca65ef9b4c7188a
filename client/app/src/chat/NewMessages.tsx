import type { ChatMessage } from '@roomful/shared'
import { cleanName } from '@roomful/shared'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { Arrivals } from './arrivals.ts'

/** Fewer words are heard out. */
const MAX_SPOKEN = 120
/** What comes this close together is said at once. */
const GATHER_MS = 1_000

interface NewMessagesProps {
  readonly messages: readonly ChatMessage[]
  readonly selfId: string | undefined
}

/** Says for screen readers what others wrote; nothing of what was there, nothing when rows come by scrolling. */
export function NewMessages({ messages, selfId }: NewMessagesProps): ReactElement {
  const [said, setSaid] = useState('')
  const arrivals = useRef<Arrivals>(undefined)
  const waiting = useRef<ChatMessage[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    const fresh = arrivals.current?.next(messages) ?? []
    arrivals.current ??= new Arrivals(messages)
    waiting.current.push(...fresh.filter((message) => message.userId !== selfId))
    if (waiting.current.length === 0 || timer.current !== undefined) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      setSaid(sentence(waiting.current.splice(0)))
    }, GATHER_MS)
  }, [messages, selfId])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )

  return (
    <div className="sr-only" aria-live="polite">
      {said}
    </div>
  )
}

function sentence(messages: readonly ChatMessage[]): string {
  const last = messages.at(-1)
  if (last === undefined) return ''
  if (messages.length > 1) return `${messages.length} new messages, the last from ${cleanName(last.name)}`
  const text = last.text.length > MAX_SPOKEN ? `${last.text.slice(0, MAX_SPOKEN)}…` : last.text
  return `${cleanName(last.name)}: ${text}`
}
