import { useOthers, useSelf } from '@roomful/react'
import type { PresenceUser } from '@roomful/shared'
import { type ReactElement } from 'react'
import { Popover } from '../ui/Popover.tsx'
import { Avatar } from './Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import { PHONE, useMedia } from '../ui/use-media.ts'
import { lazyPart } from '../ui/lazy-part.ts'

const PeopleList = lazyPart(async () => (await import('./PeopleList.tsx')).PeopleList)
const ProfileForm = lazyPart(async () => (await import('./ProfileForm.tsx')).ProfileForm)

/** So many faces, oneself included; the rest is a number. */
const MAX_FACES = 5
const MAX_FACES_PHONE = 2

/** Who is here: oneself first, with a ring, opening the profile; then the others by name; then "+N" with the full list. */
export function AvatarStack(): ReactElement | null {
  const self = useSelf()
  const others = useOthers()
  const phone = useMedia(PHONE)
  if (self === undefined) return null
  const faces = others.slice(0, (phone ? MAX_FACES_PHONE : MAX_FACES) - 1)
  const more = others.length - faces.length
  const count = others.length + 1
  return (
    <ul className="stack" aria-label={count === 1 ? 'Only you are here' : `${count} people here`}>
      <li>
        <Popover
          label="Your profile"
          align="end"
          className="profile"
          button={(button) => (
            <button
              type="button"
              {...button}
              className="me"
              style={{ '--person': self.color }}
              aria-label={`You, ${self.name}: change name and colour`}
              title={`${self.name} (you)`}
              data-user-id={self.id}
            >
              <Avatar userId={self.id} color={self.color} />
            </button>
          )}
        >
          <ProfileForm self={self} />
        </Popover>
      </li>
      {faces.map(({ id, user }) => (
        <Face key={id} user={user} />
      ))}
      {more > 0 && (
        <li>
          <Popover
            label="Everybody here"
            align="end"
            className="people-popover"
            button={(button) => (
              <button type="button" {...button} className="more" aria-label={`${more} more: show everybody`}>
                +{more}
              </button>
            )}
          >
            <PeopleList />
          </Popover>
        </li>
      )}
    </ul>
  )
}

interface FaceProps {
  readonly user: PresenceUser
}

function Face({ user }: FaceProps): ReactElement {
  return (
    <li title={user.name} data-user-id={user.id}>
      <Avatar userId={user.id} color={user.color} />
      <span className="sr-only">
        <Name name={user.name} />
      </span>
    </li>
  )
}
