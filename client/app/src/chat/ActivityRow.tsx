import type { ActivityEntry } from '@roomful/react'
import { memo, type ReactElement } from 'react'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import { safeColor } from './safe-color.ts'
import { formatFull } from './time-format.ts'

interface ActivityRowProps {
  readonly entry: ActivityEntry
}

/** Somebody came or went: one quiet line between the messages. */
export const ActivityRow = memo(function ActivityRow({ entry }: ActivityRowProps): ReactElement {
  const { user, kind, at } = entry
  return (
    <div className="activity-line" data-activity={kind} data-user-id={user.id} title={formatFull(at)}>
      <Avatar userId={user.id} color={safeColor(user.color)} />
      <span className="truncate">
        <Name name={user.name} /> {kind}
      </span>
    </div>
  )
})
