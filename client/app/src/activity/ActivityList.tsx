import type { ActivityEntry } from '@roomful/react'
import { type KeyboardEvent, type ReactElement, useState } from 'react'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import { fullTime, relativeTime } from './relative-time.ts'
import { useServerNow } from './use-server-now.ts'

const TICK_MS = 15_000

interface ActivityListProps {
  /** The oldest first, as the room keeps them. */
  readonly entries: readonly ActivityEntry[]
}

/**
 * The newest on top: what just happened is what one looks for. The times are one stop of the Tab key; arrows walk them, and
 * each shows its full date under the pointer and under the focus.
 */
export function ActivityList({ entries }: ActivityListProps): ReactElement {
  const [atId, setAtId] = useState<string>()
  const now = useServerNow(TICK_MS)
  const rows = entries.toReversed()
  const stopId = rows.some((entry) => entry.id === atId) ? atId : rows[0]?.id

  const onKeyDown = (event: KeyboardEvent<HTMLOListElement>): void => {
    const times = [...event.currentTarget.querySelectorAll('time')]
    const next =
      times[
        nextRow(
          times.findIndex((time) => time === document.activeElement),
          event.key,
          times.length,
        )
      ]
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }

  return (
    <ol className="activity" aria-label="Activity, newest first" onKeyDown={onKeyDown}>
      {rows.map((entry) => (
        <li key={entry.id} data-activity={entry.kind} data-user-id={entry.user.id}>
          <Avatar userId={entry.user.id} color={entry.user.color} />
          <span className="activity-what">
            <Name name={entry.user.name} /> {entry.kind}
          </span>
          <time
            dateTime={new Date(entry.at).toISOString()}
            data-full={fullTime(entry.at)}
            tabIndex={entry.id === stopId ? 0 : -1}
            onFocus={() => setAtId(entry.id)}
          >
            {relativeTime(entry.at, now)}
            <span className="sr-only">, {fullTime(entry.at)}</span>
          </time>
        </li>
      ))}
    </ol>
  )
}

/** The row a key leads to; -1 for keys that lead nowhere. */
function nextRow(row: number, key: string, count: number): number {
  switch (key) {
    case 'ArrowDown':
      return row + 1 < count ? row + 1 : -1
    case 'ArrowUp':
      return row - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return -1
  }
}
