import { memo, type ReactElement } from 'react'
import { avatarTints } from './avatar-tints.ts'
import { lazyPart } from '../ui/lazy-part.tsx'

/** The faces come a moment after the page: until then everybody is a disc of their colour. */
const Face = lazyPart(async () => (await import('boring-avatars')).default)

interface AvatarProps {
  /** Seeds the face: it stays the same through renames. */
  readonly userId: string
  readonly color: string
}

/** A person's face in tints of their colour. Decoration: the name always stands beside or in a title. */
export const Avatar = memo(function Avatar({ userId, color }: AvatarProps): ReactElement {
  return (
    <span className="avatar" style={{ '--person': color }} aria-hidden>
      <Face variant="beam" name={userId} colors={avatarTints(color)} size={36} />
    </span>
  )
})
