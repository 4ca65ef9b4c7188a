import type { Person } from '@roomful/provider'
import type { PresenceUser } from '@roomful/shared'
import type { ReactElement, ReactNode } from 'react'
import { personStyle } from './person-style.ts'
import { useOthers, useSelf } from './use-people.ts'

/** One face of an {@link AvatarStack}. */
export interface Face {
  readonly user: PresenceUser
  readonly isSelf: boolean
  readonly status: Person['status']
}

/** How {@link AvatarStack} shows people; everything is optional. */
export interface AvatarStackProps {
  /** So many faces, yourself included; the rest is a number. Default 5. */
  readonly max?: number
  /** What a face looks like, with a name for those who do not see it. Default: an image of that name, its first letter. */
  readonly children?: (face: Face) => ReactNode
  /** What stands for the rest: for a button that opens the whole list, for instance. Default: `+3`. */
  readonly more?: (people: readonly Person[]) => ReactNode
  /** The list's name, by how many are here. Default: English. */
  readonly label?: (count: number) => string
  readonly className?: string
  readonly faceClassName?: string
}

/**
 * Who is here, headless: yourself first, then the others by name, then how many more. A list with a name; a face carries `data-user-id`, `data-status`, `data-self`, and `--person` as its colour.
 *
 * @example <AvatarStack max={4} className="stack" faceClassName="face" />
 * @example <AvatarStack>{({ user }) => <img src={`/avatars/${user.id}`} alt="" />}</AvatarStack>
 */
export function AvatarStack(props: AvatarStackProps): ReactElement {
  const { max = 5, children, more = moreCount, label = peopleHere, className, faceClassName } = props
  const self = useSelf()
  const others = useOthers()
  const own: readonly Face[] = self === undefined ? [] : [{ user: self, isSelf: true, status: 'active' }]
  const shown = others.slice(0, Math.max(0, max - own.length))
  const rest = others.slice(shown.length)
  const faces = [...own, ...shown.map(({ user, status }) => ({ user, isSelf: false, status }))]
  return (
    <ul className={className} aria-label={label(others.length + 1)} data-roomful="avatar-stack">
      {faces.map((face) => (
        <li
          key={face.user.id}
          className={faceClassName}
          title={face.user.name}
          data-user-id={face.user.id}
          data-status={face.status}
          data-self={face.isSelf ? '' : undefined}
          style={personStyle(face.user.color)}
        >
          {children === undefined ? <Initial user={face.user} /> : children(face)}
        </li>
      ))}
      {rest.length > 0 && <li data-more={rest.length}>{more(rest)}</li>}
    </ul>
  )
}

function Initial({ user }: { readonly user: PresenceUser }): ReactElement {
  return (
    <span role="img" aria-label={user.name}>
      {/* not the first UTF-16 unit: emoji and many scripts need more than one */}
      {Array.from(user.name)[0]}
    </span>
  )
}

const moreCount = (people: readonly Person[]): string => `+${people.length}`
const peopleHere = (count: number): string => (count === 1 ? 'Only you are here' : `${count} people here`)
