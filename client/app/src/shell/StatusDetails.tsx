import { useRoom, useStatus, useSyncStatus } from '@roomful/react'
import type { ReactElement } from 'react'
import { durabilityText, type StatusView, unsynced } from './status-view.ts'

interface StatusDetailsProps {
  readonly status: StatusView
}

/** The connection in full: what is unsynced, where it is kept, how far the server is. */
export function StatusDetails({ status }: StatusDetailsProps): ReactElement {
  const { state, durability, rttMs, instanceId } = useStatus()
  const { pending, localCopy } = useSyncStatus()
  const { provider } = useRoom()
  const saved = durabilityText(durability)
  return (
    <>
      <h2>{status.word}</h2>
      <p>{status.detail}</p>
      {localCopy === 'unavailable' && (
        <p className="warn">
          Not kept on this device: the browser gives no storage to this page. Until the server has your
          changes, leave this tab open.
        </p>
      )}
      {saved !== status.detail && state === 'connected' && <p>{saved}</p>}
      <dl>
        <dt>On this device</dt>
        <dd>{localCopy === 'kept' ? 'kept' : localCopy === 'loading' ? 'loading' : 'not kept'}</dd>
        <dt>Changes</dt>
        <dd>{pending === 'unknown' ? 'unknown' : pending === 0 ? 'all acknowledged' : unsynced(pending)}</dd>
        {rttMs !== undefined && (
          <>
            <dt>Round trip</dt>
            <dd>{rttMs < 1 ? '< 1' : Math.round(rttMs)} ms</dd>
          </>
        )}
        {instanceId !== undefined && (
          <>
            <dt>Server</dt>
            <dd>{instanceId}</dd>
          </>
        )}
      </dl>
      {state === 'reconnecting' && (
        <button type="button" className="button quiet" onClick={() => provider.retryNow()}>
          Retry now
        </button>
      )}
    </>
  )
}
