import type { ActivityEntry } from '@roomful/react'
import type { ChatMessage } from '@roomful/shared'

/** One row of the chat list. */
export type ChatRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'activity'; readonly key: string; readonly entry: ActivityEntry }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: ChatMessage
      /** The first of its author's run carries avatar, name and time. */
      readonly leads: boolean
    }

/** A pause of so long starts a new run of the same author. */
export const GROUP_GAP_MS = 5 * 60_000
/** So many of the newest comings and goings are shown: the conversation stays one. */
export const MAX_ACTIVITY_ROWS = 50

type Item =
  | { readonly at: number; readonly message: ChatMessage }
  | { readonly at: number; readonly entry: ActivityEntry }

/**
 * Lays messages and comings and goings, both ordered by time, out as rows: a separator at each new local day, runs of one
 * author grouped. A line between two messages ends a run: the next message has to say whose it is.
 *
 * What comes at the end is added to the rows that are there; anything else lays all of them out anew.
 *
 * @example
 * const rows = new ChatRows()
 * rows.lay(messages, activity)
 */
export class ChatRows {
  #rows: readonly ChatRow[] = []
  #messages: readonly ChatMessage[] = []
  #activity: readonly ActivityEntry[] = []
  /** The last row's message, where that is one. */
  #previous: ChatMessage | undefined
  #lastAt = Number.NEGATIVE_INFINITY
  #day: Day | undefined

  /** The same array until something changed. */
  lay(messages: readonly ChatMessage[], activity: readonly ActivityEntry[]): readonly ChatRow[] {
    const lines = activity.length > MAX_ACTIVITY_ROWS ? activity.slice(-MAX_ACTIVITY_ROWS) : activity
    let newMessages = added(this.#messages, messages)
    let newLines = added(this.#activity, lines)
    const firstAt = Math.min(newMessages?.[0]?.sentAt ?? Infinity, newLines?.[0]?.at ?? Infinity)
    if (newMessages === undefined || newLines === undefined || firstAt < this.#lastAt) {
      this.#clear()
      newMessages = messages
      newLines = lines
    }
    this.#messages = messages
    this.#activity = lines
    if (newMessages.length + newLines.length > 0) {
      const rows = this.#rows.slice()
      for (const item of inTime(newMessages, newLines)) this.#add(rows, item)
      this.#rows = rows
    }
    return this.#rows
  }

  #clear(): void {
    this.#rows = []
    this.#previous = undefined
    this.#day = undefined
    this.#lastAt = Number.NEGATIVE_INFINITY
  }

  #add(rows: ChatRow[], item: Item): void {
    const { at } = item
    this.#lastAt = at
    if (this.#day === undefined || at < this.#day.start || at >= this.#day.end) {
      this.#day = dayOf(at)
      this.#previous = undefined
      const first = 'message' in item ? item.message.id : item.entry.id
      rows.push({ kind: 'day', key: `day-${first}`, at })
    }
    if ('message' in item) {
      const { message } = item
      rows.push({ kind: 'message', key: message.id, message, leads: !isRun(this.#previous, message) })
      this.#previous = message
    } else {
      rows.push({ kind: 'activity', key: `activity-${item.entry.id}`, entry: item.entry })
      this.#previous = undefined
    }
  }
}

/** How many messages of others `rows` has that `before` had not; those of `selfId` are no news. */
export function newMessages(
  before: readonly ChatRow[],
  rows: readonly ChatRow[],
  selfId: string | undefined,
): number {
  let from = 0
  while (from < before.length && before[from]?.key === rows[from]?.key) from++
  const known = new Set(before.slice(from).map((row) => row.key))
  return rows
    .slice(from)
    .filter((row) => row.kind === 'message' && row.message.userId !== selfId && !known.has(row.key)).length
}

/** What `now` has behind `before`; `undefined` where it does not begin with it. */
function added<T>(before: readonly T[], now: readonly T[]): readonly T[] | undefined {
  if (now === before) return []
  for (let index = 0; index < before.length; index++) if (now[index] !== before[index]) return undefined
  return now.slice(before.length)
}

function* inTime(messages: readonly ChatMessage[], lines: readonly ActivityEntry[]): Generator<Item> {
  let next = 0
  for (const message of messages) {
    for (; ; next++) {
      const entry = lines[next]
      if (entry === undefined || entry.at > message.sentAt) break
      yield { at: entry.at, entry }
    }
    yield { at: message.sentAt, message }
  }
  for (const entry of lines.slice(next)) yield { at: entry.at, entry }
}

function isRun(previous: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    previous !== undefined &&
    previous.userId === message.userId &&
    previous.name === message.name &&
    message.sentAt - previous.sentAt <= GROUP_GAP_MS
  )
}

interface Day {
  readonly start: number
  readonly end: number
}

/** A local day, which may have 23 or 25 hours. */
function dayOf(at: number): Day {
  const date = new Date(at)
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()]
  return { start: new Date(year, month, day).getTime(), end: new Date(year, month, day + 1).getTime() }
}
