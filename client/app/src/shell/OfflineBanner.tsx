import { useStatus, useSyncStatus } from '@roomful/react'
import { CloudOff } from 'lucide-react'
import type { ReactElement } from 'react'
import { unsynced } from './status-view.ts'
import { BANNER_MS, useHeldFor } from './use-status-view.ts'

/** Says, after a drop of more than a moment, that work goes on and is not lost. */
export function OfflineBanner(): ReactElement | null {
  const { state } = useStatus()
  const { pending, localCopy } = useSyncStatus()
  const away = useHeldFor(state === 'reconnecting', BANNER_MS)
  if (!away) return null
  const kept = localCopy === 'kept' ? 'on this device' : 'in this tab'
  return (
    <div className="banner">
      <CloudOff size={16} aria-hidden />
      <span>
        Offline - changes are kept {kept} and will sync
        {pending !== 'unknown' && pending > 0 && <span> · {unsynced(pending)}</span>}
      </span>
    </div>
  )
}
