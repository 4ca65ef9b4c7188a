import { useRoom, useStatus, useSyncStatus } from '@roomful/react'
import type { ReactElement } from 'react'
import { useSynced } from './use-synced.ts'

/** Where cards will be, while neither this device nor the server has said what there is; index.html draws the same. */
export function BoardSkeleton(): ReactElement | null {
  const { doc } = useRoom()
  const synced = useSynced()
  // both tell when the document may have got its content
  useSyncStatus()
  const { state } = useStatus()
  if (synced || state === 'closed' || doc.store.clients.size > 0) return null
  return (
    <div className="ghosts" aria-hidden>
      <i />
      <i />
      <i />
    </div>
  )
}
