import { useStatus } from '@roomful/react'
import type { ReactElement } from 'react'

/** A slim bar under the top bar while a large room arrives. */
export function JoinProgress(): ReactElement | null {
  const { progress } = useStatus()
  if (progress === undefined) return null
  const percent = Math.round((100 * progress.receivedBytes) / progress.totalBytes)
  return (
    <div
      className="join-progress"
      role="progressbar"
      aria-label="Loading the room"
      aria-valuenow={percent}
      style={{ '--done': `${percent}%` }}
    />
  )
}
