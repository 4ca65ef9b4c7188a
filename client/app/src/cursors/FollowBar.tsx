import type { Person } from '@roomful/provider'
import { useOthers, useRoom, useSelf } from '@roomful/react'
import { Eye, X } from 'lucide-react'
import { type ReactElement, type RefObject, useEffect, useState } from 'react'
import { useBoard } from '../board/board-context.ts'
import { Avatar } from '../people/Avatar.tsx'
import { Name } from '../ui/Name.tsx'
import { toast } from '../ui/toast.ts'
import { REDUCED_MOTION } from '../ui/use-media.ts'
import { FollowMotion } from './follow-motion.ts'
import { joinNames } from './follow-words.ts'
import { stopOnOwnInput } from './own-input.ts'
import { useFollow } from './use-follow.ts'

interface FollowBarProps {
  readonly element: RefObject<HTMLElement | null>
}

/** The coloured frame while one follows somebody, with the way out; and who follows oneself. */
export function FollowBar({ element }: FollowBarProps): ReactElement {
  const { presence } = useRoom()
  const { view } = useBoard()
  const { follow, followed } = useFollow()
  const self = useSelf()
  const others = useOthers()
  const followers = others.filter(({ following }) => following === self?.id)
  const person = useLastKnown(others, followed)

  useEffect(() => {
    if (followed === undefined) return
    const motion = new FollowMotion(presence, follow, view, () => matchMedia(REDUCED_MOTION).matches)
    const off = stopOnOwnInput(element.current, () => follow.stop())
    return () => {
      off()
      motion.destroy()
    }
  }, [presence, follow, view, element, followed])

  const name = person?.user.name ?? 'They'
  useEffect(
    () =>
      follow.onEnd((_, why) =>
        toast(
          why === 'left'
            ? `${name} left, so you are on your own again`
            : `${name} follows you now, so you lead`,
        ),
      ),
    [follow, name],
  )
  // leaving the room ends it
  useEffect(() => () => follow.stop(), [follow])

  return (
    <>
      {person !== undefined && (
        <div className="follow-frame" style={{ '--person': person.user.color }} aria-hidden />
      )}
      <div className="follow-bar" data-board-control>
        <div role="status" className="sr-only">
          {person !== undefined && `Your view follows ${person.user.name}. Press Escape to stop.`}
        </div>
        {person !== undefined && (
          <div className="follow-pill following" style={{ '--person': person.user.color }}>
            <Avatar userId={person.id} color={person.user.color} />
            <span className="truncate">
              Following <Name name={person.user.name} />
            </span>
            <button
              type="button"
              aria-label={`Stop following ${person.user.name}`}
              onClick={() => follow.stop()}
            >
              <X size={16} strokeWidth={2.2} aria-hidden />
              <span>Stop</span>
            </button>
          </div>
        )}
        {followers.length > 0 && (
          <div className="follow-pill followed" role="status">
            <Eye size={14} strokeWidth={2} aria-hidden />
            <span className="truncate" title={followers.map(({ user }) => user.name).join(', ')}>
              Followed by <bdi>{joinNames(followers.map(({ user }) => user.name))}</bdi>
            </span>
          </div>
        )}
      </div>
    </>
  )
}

/** The person followed, as last seen: while they reload they are still followed. */
function useLastKnown(others: readonly Person[], id: string | undefined): Person | undefined {
  const [last, setLast] = useState<Person>()
  const now = others.find((person) => person.id === id)
  if (now !== undefined && now !== last) setLast(now)
  const known = now ?? last
  return known?.id === id ? known : undefined
}
