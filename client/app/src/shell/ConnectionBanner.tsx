import { useRoom, useStatus, useSyncStatus } from '@roomful/react'
import { CloudOff, HardDrive, Unplug } from 'lucide-react'
import type { ReactElement } from 'react'
import { awayLine, unsynced } from './status-view.ts'
import { useServerSynced } from './use-synced.ts'
import { BANNER_MS, useHeldFor, useOnline } from './use-status-view.ts'

/** A copy that is newer than this is not worth a word: the server usually answers sooner. */
const HINT_MS = 400

/** Says, after more than a moment, that what is shown is this device's, and that work goes on and is not lost. */
export function ConnectionBanner(): ReactElement | null {
  const { doc } = useRoom()
  const { state } = useStatus()
  const { pending, localCopy } = useSyncStatus()
  const answered = useServerSynced()
  const online = useOnline()
  const away = useHeldFor(state === 'reconnecting', BANNER_MS)
  const isCopy = !answered && localCopy === 'kept' && state !== 'closed' && doc.store.clients.size > 0
  const fromDevice = useHeldFor(isCopy, HINT_MS)
  if (away) {
    // shape and first word are the badge's
    const Shape = online ? Unplug : CloudOff
    return (
      <div className="banner" role="status">
        <Shape size={16} aria-hidden />
        <span>
          {awayLine(online, localCopy === 'kept')}
          {pending !== 'unknown' && pending > 0 && <span> · {unsynced(pending)}</span>}
        </span>
      </div>
    )
  }
  if (!fromDevice) return null
  return (
    <div className="banner quiet" role="status">
      <HardDrive size={14} aria-hidden />
      <span>From this device · waiting for the server</span>
    </div>
  )
}
