import { useOthers, useSelf } from '@roomful/react'
import type { PresenceUser } from '@roomful/shared'
import type { ReactElement } from 'react'
import { Name } from '../ui/Name.tsx'
import { Avatar } from './Avatar.tsx'

/** Everybody in the room: oneself first, the others by name. */
export function PeopleList(): ReactElement {
  const self = useSelf()
  const others = useOthers()
  return (
    <ul className="people" aria-label="People in this room">
      {self !== undefined && <Row user={self} note="you" />}
      {others.map(({ id, user, typing }) => (
        <Row key={id} user={user} note={typing ? 'typing…' : undefined} />
      ))}
    </ul>
  )
}

interface RowProps {
  readonly user: PresenceUser
  readonly note: string | undefined
}

function Row({ user, note }: RowProps): ReactElement {
  return (
    <li data-user-id={user.id}>
      <Avatar userId={user.id} color={user.color} />
      <Name className="name truncate" name={user.name} />
      {note !== undefined && <span className="note">{note}</span>}
    </li>
  )
}
