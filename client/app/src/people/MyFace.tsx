import { useStatus } from '@roomful/react'
import type { PresenceUser } from '@roomful/shared'
import { type ReactElement, useState } from 'react'
import { useVerified } from '../door/use-verified.ts'
import { lazyPart } from '../ui/lazy-part.tsx'
import { Popover } from '../ui/Popover.tsx'
import { Avatar } from './Avatar.tsx'
import { useGreeting } from './use-greeting.ts'

const loadProfile = async () => (await import('./ProfileForm.tsx')).ProfileForm
const ProfileForm = lazyPart(loadProfile)

interface MyFaceProps {
  readonly self: PresenceUser
}

/** Oneself, with a ring: opens the profile, and does so once by itself on a device's first visit. */
export function MyFace({ self }: MyFaceProps): ReactElement {
  const greeting = useGreeting(loadProfile)
  const [isGreeted, setGreeted] = useState(false)
  // nobody is welcomed to a room they may not enter
  const isClosed = useStatus().state === 'closed'
  // nor asked for a name the server knows
  const isKnown = useVerified()?.name !== undefined
  const isGreeting = greeting && !isGreeted && !isKnown
  return (
    <Popover
      label={isGreeting ? 'Welcome' : 'Your profile'}
      align="end"
      className="profile"
      opensItself={greeting && !isClosed && !isKnown}
      onClosed={() => setGreeted(true)}
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
      <ProfileForm self={self} isGreeting={isGreeting} />
    </Popover>
  )
}
