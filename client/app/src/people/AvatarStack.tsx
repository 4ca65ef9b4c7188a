import type { Person } from '@roomful/provider'
import { useOthers, useSelf } from '@roomful/react'
import type { PresenceUser } from '@roomful/shared'
import type { ReactElement, ReactNode } from 'react'
import { useFollow } from '../cursors/use-follow.ts'
import { lazyPart } from '../ui/lazy-part.tsx'
import { Popover } from '../ui/Popover.tsx'
import { PHONE, useMedia } from '../ui/use-media.ts'
import { Avatar } from './Avatar.tsx'
import { MyFace } from './MyFace.tsx'

const PeopleList = lazyPart(async () => (await import('./PeopleList.tsx')).PeopleList)

/** So many faces, oneself included; the rest is a number. */
const MAX_FACES = 5
const MAX_FACES_PHONE = 2

/** Who is here: oneself first, with a ring, opening the profile; then the others by name; then "+N" with the full list. */
export function AvatarStack(): ReactElement | null {
  const self = useSelf()
  const others = useOthers()
  const phone = useMedia(PHONE)
  if (self === undefined) return null
  const count = others.length + 1
  return (
    <ul className="stack" aria-label={count === 1 ? 'Only you are here' : `${count} people here`}>
      <li>
        <MyFace self={self} />
      </li>
      {phone ? others.length > 0 && <Crowd others={others} /> : <Faces others={others} />}
    </ul>
  )
}

interface OthersProps {
  readonly others: readonly Person[]
}

/** Each face follows its person; what does not fit is a number that opens the list. */
function Faces({ others }: OthersProps): ReactElement {
  const { follow, followed } = useFollow()
  const faces = others.slice(0, MAX_FACES - 1)
  const more = others.length - faces.length
  return (
    <>
      {faces.map(({ id, user }) => (
        <li key={id}>
          <button
            type="button"
            className="face"
            style={{ '--person': user.color }}
            title={user.name}
            aria-label={`Follow ${user.name}`}
            aria-pressed={id === followed}
            data-user-id={id}
            onClick={() => follow.toggle(id)}
          >
            <Avatar userId={id} color={user.color} />
          </button>
        </li>
      ))}
      {more > 0 && (
        <li>
          <Everybody label={`${more} more: show everybody`}>
            <span className="more">+{more}</span>
          </Everybody>
        </li>
      )}
    </>
  )
}

/** On a phone faces stand too close for fingers: together they are one target, and following is in the list. */
function Crowd({ others }: OthersProps): ReactElement {
  const faces = others.slice(0, MAX_FACES_PHONE - 1)
  const more = others.length - faces.length
  const label = others.length === 1 ? '1 other: show everybody' : `${others.length} others: show everybody`
  return (
    <li>
      <Everybody label={label}>
        {faces.map(({ id, user }) => (
          <StillFace key={id} user={user} />
        ))}
        {more > 0 && <span className="more">+{more}</span>}
      </Everybody>
    </li>
  )
}

function StillFace({ user }: { readonly user: PresenceUser }): ReactElement {
  return (
    <span title={user.name} data-user-id={user.id}>
      <Avatar userId={user.id} color={user.color} />
    </span>
  )
}

interface EverybodyProps {
  readonly label: string
  readonly children: ReactNode
}

/** A button that opens the list of everybody. */
function Everybody({ label, children }: EverybodyProps): ReactElement {
  return (
    <Popover
      label="Everybody here"
      align="end"
      className="people-popover"
      button={(button) => (
        <button type="button" {...button} className="everybody" aria-label={label}>
          {children}
        </button>
      )}
    >
      <PeopleList />
    </Popover>
  )
}
