import type { ChatMessage } from '@roomful/shared'
import { Link2, Pencil, Trash2 } from 'lucide-react'
import { type ReactElement, useLayoutEffect, useRef } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import { useMessageActions } from './message-actions.ts'
import { formatExact, formatTime } from './time-format.ts'

interface RowActionsProps {
  readonly message: ChatMessage
  readonly own: boolean
}

/** When a message was sent, in full, and what can be done with it: shown on the row under the pointer or the focus. */
export function RowActions({ message, own }: RowActionsProps): ReactElement {
  const actions = useMessageActions()
  const { editedAt } = message
  const bar = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const node = bar.current
    const list = node?.closest('[role="log"]')
    if (node === null || list === null || list === undefined) return
    const place = (): void => {
      if (node.getBoundingClientRect().top < list.getBoundingClientRect().top) node.dataset['inside'] = ''
    }
    place()
    list.addEventListener('scroll', place, { passive: true })
    return () => list.removeEventListener('scroll', place)
  }, [])
  return (
    <div ref={bar} className="row-actions" role="group" aria-label="Message actions">
      <time className="truncate" dir="auto" dateTime={new Date(message.sentAt).toISOString()}>
        {formatExact(message.sentAt)}
        {editedAt !== undefined && `, edited ${formatTime(editedAt)}`}
      </time>
      {own && actions.canChange && (
        <>
          <IconButton icon={Pencil} size={15} label="Edit" onClick={() => actions.edit(message)} />
          <IconButton icon={Trash2} size={15} label="Delete" onClick={() => actions.remove(message)} />
        </>
      )}
      <IconButton
        icon={Link2}
        size={15}
        label="Copy link to message"
        onClick={() => actions.copyLink(message)}
      />
    </div>
  )
}
