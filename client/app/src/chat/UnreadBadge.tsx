import type { ReactElement } from 'react'
import { useUnread } from './use-unread.ts'

/** Larger numbers say nothing more. */
const MAX_SHOWN = 99

/** How much of the chat is unread, on its tab; nothing where nothing is. */
export function UnreadBadge(): ReactElement | null {
  const { count, mentions } = useUnread()
  if (count === 0) return null
  const said = mentions === 0 ? `${count} unread` : `${count} unread, ${mentions} mentioning you`
  return (
    <span className="badge" role="img" aria-label={said} title={said} data-mentions={mentions}>
      {count > MAX_SHOWN ? `${MAX_SHOWN}+` : count}
    </span>
  )
}
