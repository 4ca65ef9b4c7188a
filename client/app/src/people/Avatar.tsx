import BoringAvatar from 'boring-avatars'
import { memo, type ReactElement } from 'react'
import { avatarTints } from './avatar-tints.ts'

interface AvatarProps {
  /** Seeds the face: it stays the same through renames. */
  readonly userId: string
  readonly color: string
}

/** A person's face in tints of their colour. Decoration: the name always stands beside or in a title. */
export const Avatar = memo(function Avatar({ userId, color }: AvatarProps): ReactElement {
  return (
    <span className="avatar" aria-hidden>
      <BoringAvatar variant="beam" name={userId} colors={avatarTints(color)} size={36} />
    </span>
  )
})
