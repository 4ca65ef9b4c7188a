import { MAX_MESSAGE_LENGTH } from '@roomful/shared'
import type { ReactElement } from 'react'

/** From here on the room left is shown. */
const WARN_LEFT = 200

/** How many characters a message may still get; spaces around it are not sent and not counted. */
export function lengthLeft(draft: string): number {
  return MAX_MESSAGE_LENGTH - draft.trim().length
}

interface LengthLeftProps {
  readonly left: number
}

/** Counts down near the limit. Spoken when the limit comes near and when it is passed, not at each key. */
export function LengthLeft({ left }: LengthLeftProps): ReactElement {
  const near = left < WARN_LEFT
  return (
    <>
      {near && (
        <span className="left" data-over={left < 0 ? '' : undefined} aria-hidden>
          {left < 0 ? `${-left} ${left === -1 ? 'character' : 'characters'} too many` : left}
        </span>
      )}
      <span className="sr-only" role="status">
        {left < 0
          ? `Too long to send: at most ${MAX_MESSAGE_LENGTH} characters`
          : near
            ? `Fewer than ${WARN_LEFT} characters left`
            : ''}
      </span>
    </>
  )
}
