import type { ChatMessage } from '@roomful/shared'

/** One row of the chat list. */
export type ChatRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: ChatMessage
      /** The first of its author's run carries avatar, name and time. */
      readonly leads: boolean
    }

/** A pause of so long starts a new run of the same author. */
export const GROUP_GAP_MS = 5 * 60_000

/**
 * Lays messages (ordered by `sentAt`) out as rows: a separator at each new local day, runs of one author grouped.
 */
export function messageRows(messages: readonly ChatMessage[]): readonly ChatRow[] {
  const rows: ChatRow[] = []
  let previous: ChatMessage | undefined
  for (const message of messages) {
    const newDay = previous === undefined || !sameDay(previous.sentAt, message.sentAt)
    if (newDay) rows.push({ kind: 'day', key: `day-${message.id}`, at: message.sentAt })
    const leads =
      newDay ||
      previous === undefined ||
      previous.userId !== message.userId ||
      previous.name !== message.name ||
      message.sentAt - previous.sentAt > GROUP_GAP_MS
    rows.push({ kind: 'message', key: message.id, message, leads })
    previous = message
  }
  return rows
}

function sameDay(a: number, b: number): boolean {
  const first = new Date(a)
  const second = new Date(b)
  return (
    first.getFullYear() === second.getFullYear() &&
    first.getMonth() === second.getMonth() &&
    first.getDate() === second.getDate()
  )
}
