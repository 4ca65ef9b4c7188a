import type { Person } from '@roomful/provider'
import { useOthers, useSelf } from '@roomful/react'
import { EyeOff } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useCursorPreferences } from '../cursors/cursor-preferences.ts'
import { useFollow } from '../cursors/use-follow.ts'
import '../styles/people-parts.css'
import { Name } from '../ui/Name.tsx'
import { useClosePopover } from '../ui/Popover.tsx'
import { Avatar } from './Avatar.tsx'

/** Everybody in the room: oneself first, the others by name, each to be followed. */
export function PeopleList(): ReactElement {
  const self = useSelf()
  const others = useOthers()
  const { hideMine } = useCursorPreferences()
  return (
    <ul className="people" aria-label="People in this room">
      {self !== undefined && (
        <li data-user-id={self.id}>
          <Avatar userId={self.id} color={self.color} />
          <Name className="name truncate" name={self.name} />
          {hideMine && <HiddenCursor label="Your cursor is hidden" />}
          <span className="note">you</span>
        </li>
      )}
      {others.map((person) => (
        <Row key={person.id} person={person} followsMe={person.following === self?.id} />
      ))}
    </ul>
  )
}

interface RowProps {
  readonly person: Person
  readonly followsMe: boolean
}

function Row({ person, followsMe }: RowProps): ReactElement {
  const { id, user, typing, hidesPointer } = person
  const { follow, followed } = useFollow()
  const close = useClosePopover()
  const isFollowed = id === followed
  return (
    <li data-user-id={id} style={{ '--person': user.color }}>
      <Avatar userId={id} color={user.color} />
      <span className="name">
        <Name className="truncate" name={user.name} />
        <Note>{typing ? 'typing…' : followsMe ? 'follows you' : undefined}</Note>
      </span>
      {hidesPointer && <HiddenCursor label="Cursor hidden" />}
      <button
        type="button"
        className="button quiet follow"
        aria-pressed={isFollowed}
        aria-label={`Follow ${user.name}`}
        onClick={() => {
          follow.toggle(id)
          // in a popover: what is followed lies under it
          close()
        }}
      >
        {isFollowed ? 'Following' : 'Follow'}
      </button>
    </li>
  )
}

function Note({ children }: { readonly children: ReactNode }): ReactElement | null {
  return children === undefined ? null : <span className="note">{children}</span>
}

function HiddenCursor({ label }: { readonly label: string }): ReactElement {
  return (
    <span className="hidden-cursor" role="img" aria-label={label} title={label}>
      <EyeOff size={16} strokeWidth={1.8} aria-hidden />
    </span>
  )
}
